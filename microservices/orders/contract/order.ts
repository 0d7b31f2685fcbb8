import { z } from 'zod';
import { address, choices, currency, id, metadata, money, timestamp, version } from '../../chassis/contract/index.ts';
import { appliedPromotion, paymentMethod, pricedLine, pricedShipping, sku, taxSum, totals } from './values.ts';

export const orderState = choices({
  placed: 'Placed by the customer',
  under_review: 'Waits for a person to approve or reject it',
  approved: 'Can be reserved, paid and confirmed',
  confirmed: 'Stock and payment are sure; it can be shipped',
  partially_fulfilled: 'Some of it is shipped',
  fulfilled: 'All of it is shipped',
  delivered: 'All of it arrived',
  closed: 'Done; nothing more will happen',
  cancelled: 'Called off before anything was shipped',
  rejected: 'Rejected by the merchant',
}).describe('How far the order has come');
export const paymentState = choices({
  pending: 'Nothing is held or paid yet',
  authorized: 'The money is held',
  failed: 'The payment failed',
  voided: 'The held money was set free',
  due_on_delivery: 'The carrier collects it',
  partially_paid: 'Some of it is paid',
  paid: 'All of it is paid',
  partially_refunded: 'Some of it was given back',
  refunded: 'All of it was given back',
}).describe('State of the payment');
export const allocationState = choices({
  none: 'Nothing is reserved yet',
  failed: 'Not enough in stock',
  allocated: 'Reserved for it',
  committed: 'Allocated for it until it is shipped',
  released: 'It can be sold again and never left',
  expired: 'The reservation ran out',
  returned: 'All of it came back',
}).describe('State of the stock that is reserved for it');

export const orderLine = pricedLine.extend({
  shipped: z.int().describe('Units shipped'),
  cancelled: z.int().describe('Units cancelled after others of the order had been shipped'),
  refunded: money.describe('Refunded of this line'),
  refundedQuantity: z.int().describe('Units refunded'),
});

export const lineQuantity = z.object({ lineId: id('lin'), sku, quantity: z.int() });

export const fulfilment = z
  .object({
    id: id('ful'),
    state: z.enum(['shipped', 'delivered']),
    lines: z.array(lineQuantity),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    trackingUrl: z.string().nullable(),
    locationId: z.string().nullable(),
    shippedAt: timestamp,
    promisedBy: timestamp.nullable().describe('When it was promised to arrive, if it was'),
    deliveredAt: timestamp.nullable(),
  })
  .meta({ id: 'Fulfilment', title: 'Fulfilment' });

export const pricedQuantity = lineQuantity.extend({ amount: money });

export const refundLine = pricedQuantity.extend({
  unshipped: z.int().describe('Units of quantity that were never shipped, so that nobody has to return them'),
});

/** A credit note: the refund as bookkeeping needs it. */
export const creditNote = {
  net: money.describe('The amount without tax'),
  taxes: z.array(taxSum).describe('The tax in the amount, by rate'),
};

export const refund = z
  .object({
    id: id('rfd'),
    number: z
      .string()
      .nullable()
      .describe('Number of the credit note, rising, with gaps; null for refunds of before there were any'),
    orderId: id('ord'),
    state: z
      .enum(['issued', 'settled', 'failed'])
      .describe(
        'settled: the money was paid back; failed: the wallet could not pay it back, and it counts as not refunded',
      ),
    amount: money,
    net: creditNote.net.nullable(),
    taxes: creditNote.taxes.nullable(),
    lines: z.array(refundLine),
    shipping: money.describe('The part that is for shipping'),
    reason: z.string(),
    holdId: z.string().nullable().describe('The payment it comes from; null for cash'),
    createdAt: timestamp,
    settledAt: timestamp.nullable(),
  })
  .meta({ id: 'Refund', title: 'Refund' });

export const order = z
  .object({
    id: id('ord'),
    number: z.string().describe('Order number, rising, with gaps'),
    state: orderState,
    paymentState,
    allocationState,
    customerId: z.string().nullable().describe('Null for a guest'),
    email: z.string().nullable(),
    currency,
    lines: z.array(orderLine),
    promotions: z.array(appliedPromotion),
    shipping: pricedShipping.nullable(),
    taxes: z.array(taxSum),
    totals,
    payments: z.object({
      authorized: money,
      captured: money,
      refunded: money,
      cancelled: money.describe('Cost of units that were cancelled after others had been shipped'),
    }),
    open: z.array(pricedQuantity).describe('Units that were neither shipped nor cancelled, with what they cost'),
    paymentMethod,
    shippingAddress: address.nullable().describe('Null after the person was erased'),
    billingAddress: address.nullable(),
    quoteId: z.string(),
    cartId: z.string().nullable(),
    reservationId: z.string().nullable(),
    holdId: z.string().nullable(),
    fulfilments: z.array(fulfilment),
    refunds: z.array(refund),
    note: z.string().nullable().describe('Note of the customer'),
    metadata,
    stateReason: z.string().nullable().describe('Reason for this state, if one was given'),
    secret: z
      .string()
      .nullable()
      .describe('For a guest’s link to the order; returned to API keys, and once to the guest who placed it'),
    version,
    placedAt: timestamp,
    stateSince: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Order', title: 'Order' });

/** An order in a list: without lines, addresses and history. */
export const orderSummary = order
  .pick({
    id: true,
    number: true,
    state: true,
    paymentState: true,
    allocationState: true,
    customerId: true,
    email: true,
    currency: true,
    paymentMethod: true,
    placedAt: true,
    stateSince: true,
    updatedAt: true,
  })
  .extend({ grandTotal: money, lineCount: z.int() })
  .meta({ id: 'OrderSummary', title: 'Order in a list' });
