import { z } from 'zod';
import { money } from '../../chassis/contract/index.ts';
import { teamState } from './values.ts';

/** Why somebody gets no seat. */
export const seatFailures = {
  CUSTOMER_REQUIRED: { status: 422, title: 'Customer required' },
  CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
  CAMPAIGN_NOT_OPEN: { status: 409, title: 'Campaign not open', data: z.object({ state: z.string() }) },
  NOT_INVITED: { status: 403, title: 'Campaign not open to this customer', data: z.object({ audience: z.string() }) },
  SEATS_PER_CUSTOMER: { status: 409, title: 'No more seats for this customer', data: z.object({ allowed: z.int() }) },
  SOLD_OUT: { status: 409, title: 'Campaign sold out' },
  TEAM_ENDED: { status: 409, title: 'Team ended', data: z.object({ state: teamState }) },
  OUT_OF_STOCK: { status: 409, title: 'Out of stock' },
  PAYMENT_REFUSED: { status: 402, title: 'Payment refused', data: z.object({ reason: z.string(), needed: money }) },
  NOT_SELLABLE: { status: 409, title: 'Item not for sale' },
  NO_SHIPPING_METHOD: { status: 409, title: 'No shipping method available' },
} as const;
