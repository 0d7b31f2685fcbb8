import { z } from 'zod';
import { event, exampleId, money } from '../../chassis/contract/index.ts';
import { bargainCampaignId, bargainId } from './bargain-values.ts';
import { customerId } from './values.ts';

const ofBargain = {
  bargainId,
  bargainCampaignId,
  customerId: customerId.nullable().describe('Who started it'),
  price: money.describe('Price of one unit now'),
  floorPrice: money,
  cutsLeft: z.int().describe('Friends who still can cut'),
  expiresAt: z.string(),
};

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const example = {
  ...{ bargainId: exampleId('bar'), bargainCampaignId: exampleId('bca'), customerId: exampleId('cus') },
  ...{ price: euros(7_420), floorPrice: euros(5_900), cutsLeft: 3, expiresAt: '2026-11-24T10:00:00.000Z' },
};

const bargainEvent = <Extra extends z.ZodRawShape>(
  title: string,
  description: string,
  extra: Extra,
  shown: z.output<z.ZodObject<typeof ofBargain & Extra>>,
) => event({ title, description, aggregate: 'bargain', payload: z.object({ ...ofBargain, ...extra }), example: shown });

export const bargainEvents = {
  'bargain.started': bargainEvent(
    'Bargain started',
    'A customer started a bargain at the list price.',
    {},
    { ...example, price: euros(8_900), cutsLeft: 5 },
  ),
  'bargain.slashed': bargainEvent(
    'Bargain slashed',
    'A friend cut a part of the price.',
    { friendId: customerId, cut: money.describe('What this friend cut') },
    { ...example, friendId: exampleId('cus', 2), cut: euros(610) },
  ),
  'bargain.won': bargainEvent(
    'Bargain won',
    'All friends have cut: it can be bought at the floor price until its end.',
    {},
    { ...example, price: euros(5_900), cutsLeft: 0 },
  ),
  'bargain.expiring': bargainEvent(
    'Bargain about to expire',
    'The bargain ends soon and has not been bought. Published once for each bargain.',
    {},
    example,
  ),
  'bargain.bought': bargainEvent(
    'Bargain bought',
    'The bargain became an order, which is confirmed and paid.',
    { orderId: z.string(), paid: money.describe('With shipping and tax') },
    { ...example, orderId: exampleId('ord'), paid: euros(7_910) },
  ),
  'bargain.refused': bargainEvent(
    'Bargain refused',
    'A purchase could not become an order: its money and stock is let go, and the bargain goes on. A person should look.',
    { orderId: z.string(), code: z.string().describe('Code of the failure') },
    { ...example, orderId: exampleId('ord'), code: 'HOLD_NOT_USABLE' },
  ),
  'bargain.lapsed': bargainEvent(
    'Bargain lapsed',
    'The time was up before it was bought, or the customer was erased.',
    {},
    example,
  ),
};
