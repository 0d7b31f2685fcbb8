import { z } from 'zod';
import { country, currency, event, money, timestamp } from '../../chassis/contract/index.ts';
import { creditNote, lineQuantity, orderState, pricedQuantity, refundLine } from './order.ts';
import { paymentMethod, sku, totals } from './values.ts';

const about = {
  orderId: z.string(),
  number: z.string(),
  customerId: z.string().nullable().describe('Null for a guest'),
};
const who = { actor: z.string().describe('Who did it, by id') };

/** A released field that is not sent any more: a person wrote it, and events cannot be erased. */
const withdrawn = <Value extends z.ZodType>(value: Value) =>
  value.optional().describe('No longer sent: events carry nothing that people wrote. Get the order for it');
const reason = withdrawn(z.string());
const optionalReason = { reason: withdrawn(z.string().nullable()) };
const cartAbout = {
  cartId: z.string(),
  customerId: z.string().nullable().describe('Null for a guest'),
  currency,
  lines: z.array(z.object({ sku, quantity: z.int() })),
  subtotal: money,
};

const orderEvent = <Extra extends z.ZodRawShape>(title: string, description: string, extra: Extra) =>
  event({ title, description, aggregate: 'order', payload: z.object({ ...about, ...extra }) });

export const cartEvents = {
  'cart.updated': event({
    title: 'Cart updated',
    description: 'Lines, coupon or owner of a cart changed.',
    aggregate: 'cart',
    group: 'Cart',
    payload: z.object({ ...cartAbout, change: z.enum(['created', 'lines', 'coupon', 'prices', 'merged']) }),
  }),
  'cart.abandoned': event({
    title: 'Cart abandoned',
    description: 'A filled cart was not touched for a while. Sent once until it changes again.',
    aggregate: 'cart',
    group: 'Cart',
    payload: z.object({ ...cartAbout, hasEmail: z.boolean(), lastChangedAt: timestamp }),
  }),
} as const;

export const orderEvents = {
  'order.created': orderEvent('Order created', 'An order was placed. Most journeys start here.', {
    currency,
    lines: z.array(
      z.object({ lineId: z.string(), sku, title: z.string(), quantity: z.int(), unitPrice: money, total: money }),
    ),
    totals,
    paymentMethod,
    shippingCountry: country,
    shippingPostalCode: withdrawn(z.string()),
    offer: z
      .object({ campaignId: z.string(), teamId: z.string() })
      .optional()
      .describe('The campaign that sold it: its service holds money and stock already, and confirms the order'),
    placedAt: timestamp,
  }),
  'order.approved': orderEvent('Order approved', 'The order can be reserved, paid and confirmed.', {
    ...who,
    ...optionalReason,
  }),
  'order.held_for_review': orderEvent('Order held for review', 'A person has to approve or reject it.', {
    ...who,
    reason,
  }),
  'order.rejected': orderEvent('Order rejected', 'The merchant rejected it; stock is released and money refunded.', {
    ...who,
    from: orderState,
    reason,
  }),
  'order.allocated': orderEvent('Order allocated', 'Stock is reserved for it.', {
    reservationId: z.string(),
    lines: z.array(z.object({ sku, quantity: z.int() })),
  }),
  'order.paid': orderEvent('Order paid', 'All of its total was captured or collected.', {
    paymentMethod,
    amount: money,
  }),
  'order.confirmed': orderEvent('Order confirmed', 'Stock is committed and payment is secured: it can be shipped.', {
    ...who,
    reservationId: z.string().nullable().describe('Null when nothing has to be shipped'),
    holdId: z.string().nullable(),
    grandTotal: money,
    paymentMethod,
  }),
  'order.shipped': orderEvent('Order shipped', 'A shipment was sent; complete is true for the last one.', {
    ...who,
    fulfilmentId: z.string(),
    lines: z.array(lineQuantity),
    carrier: withdrawn(z.string().nullable()),
    trackingNumber: withdrawn(z.string().nullable()),
    complete: z.boolean(),
  }),
  'fulfilment.delivered': orderEvent('Shipment delivered', 'One shipment of an order arrived.', {
    ...who,
    fulfilmentId: z.string(),
    lines: z.array(lineQuantity),
  }),
  'order.delivery_late': orderEvent(
    'Delivery late',
    'A shipment has not arrived by the moment that was promised. Sent once for each promise.',
    {
      fulfilmentId: z.string(),
      promisedBy: timestamp,
      grandTotal: money,
    },
  ),
  'order.note_added': orderEvent(
    'Order note added',
    'Somebody added a note to the timeline. A journey that adds notes itself should look at the actor first. The text is in the timeline.',
    {
      ...who,
      position: z.int().describe('Where in the timeline the note stands'),
      visibleToCustomer: z.boolean(),
    },
  ),
  'customer.inactive': event({
    title: 'Customer inactive',
    description: 'A customer has not ordered for the time that the shop has set. Sent once until they order again.',
    aggregate: 'customer',
    payload: z.object({
      customerId: z.string(),
      days: z.int().describe('Days without an order, as the shop has set them'),
      lastOrderId: z.string(),
      lastOrderAt: timestamp,
    }),
  }),
  'order.delivered': orderEvent('Order delivered', 'Everything of the order has arrived.', {
    ...who,
    deliveredAt: timestamp,
  }),
  'order.cancelled': orderEvent(
    'Order cancelled',
    'It was cancelled before anything was shipped; stock is released and money refunded.',
    {
      ...who,
      from: orderState,
      reason,
    },
  ),
  'order.rest_cancelled': orderEvent(
    'Rest of order cancelled',
    'The units that were not shipped are cancelled; their stock is released and their money refunded.',
    { ...who, lines: z.array(pricedQuantity) },
  ),
  'order.closed': orderEvent(
    'Order closed',
    'It is finished; nothing changes it any more. Stock of units that were not shipped is released.',
    {
      ...who,
      ...optionalReason,
      from: orderState,
      open: z
        .array(pricedQuantity)
        .optional()
        .describe('Units that were neither shipped nor cancelled, with what they cost'),
    },
  ),
  'order.linked': orderEvent(
    'Order linked to a customer',
    'An order that was placed as a guest now belongs to a customer whose e-mail address is verified, or whom staff named.',
    who,
  ),
  'order.erased': orderEvent(
    'Person of an order erased',
    'What told who placed the order, and what people wrote about it, was deleted. Amounts, SKUs and ids stay.',
    {},
  ),
  'refund.issued': orderEvent(
    'Refund issued',
    'Money is refunded to the customer, by the wallet when it came from a hold.',
    {
      ...who,
      refundId: z.string(),
      holdId: z.string().nullable().describe('The payment it comes from; null for cash, which staff pay out'),
      amount: money,
      creditNote: z.string().nullable().optional().describe('Number of the credit note'),
      net: creditNote.net.optional(),
      taxes: creditNote.taxes.optional(),
      lines: z.array(refundLine.extend({ unshipped: refundLine.shape.unshipped.optional() })),
      shipping: money,
      reason,
    },
  ),
} as const;
