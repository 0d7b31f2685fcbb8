import { z } from 'zod';
import {
  email,
  id,
  metadata,
  money,
  operation,
  page,
  pageQuery,
  reference,
  text,
  timestamp,
} from '../../chassis/contract/index.ts';
import { allocationState, order, orderState, orderSummary, paymentState, refund } from './order.ts';
import { failures, orderAmount, paymentMethod, quantity, reason, secret, sku, timelineEntry } from './values.ts';

const orderId = id('ord');
const read = { scope: 'orders:read' };
const write = { scope: 'orders:write' };
const shared = { ORDER_NOT_FOUND: failures.orderNotFound, ILLEGAL_STATE: failures.illegalState } as const;
const LINE_NOT_FOUND = { status: 404, title: 'Line not found' } as const;
const shipmentLine = z.object({ lineId: id('lin'), quantity });

const tracking = {
  carrier: text(100).optional(),
  trackingNumber: reference.optional(),
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
};

export const placeAndReadOperations = {
  placeOrder: operation({
    method: 'POST',
    path: '/orders',
    title: 'Place order',
    description:
      'Makes an order of a quote and charges exactly what was quoted. A quote makes one order at most, whatever keys are used. Reserving, paying and confirming follow in the journey that order.created starts.',
    access: { ...write, customer: true, public: true },
    input: z.object({
      quoteId: id('quo'),
      paymentMethod: paymentMethod.default('wallet'),
      email: email.optional().describe('Where the order’s messages go; guests need one, here or in the quote'),
      note: text(1000).optional().describe('What the customer wants to say'),
      metadata: metadata.default({}),
    }),
    output: order,
    errors: {
      QUOTE_NOT_FOUND: failures.quoteNotFound,
      QUOTE_EXPIRED: { status: 410, title: 'Quote expired', data: z.object({ expiredAt: timestamp }) },
      QUOTE_ALREADY_PLACED: {
        status: 409,
        title: 'Quote already placed',
        data: z.object({ orderId: z.string() }),
      },
      CONTACT_REQUIRED: { status: 422, title: 'E-mail address required' },
      PAYMENT_METHOD_NOT_POSSIBLE: { status: 422, title: 'Payment method not allowed' },
      PROMOTION_NOT_USABLE: failures.promotionUnusable,
    },
    successStatus: 201,
  }),
  getOrder: operation({
    method: 'GET',
    path: '/orders/{orderId}',
    title: 'Get order',
    description: 'An order with lines, payments, fulfilments and refunds. Guests name its secret.',
    access: { ...read, customer: true, public: true },
    input: z.object({ orderId, secret: secret.optional() }),
    output: order,
    errors: { ORDER_NOT_FOUND: failures.orderNotFound },
  }),
  listOrders: operation({
    method: 'GET',
    path: '/orders',
    title: 'List orders',
    description: 'Orders with filters, search and sorting; customers see their own.',
    access: { ...read, customer: true },
    input: z.object({
      ...pageQuery,
      state: orderState.optional(),
      paymentState: paymentState.optional(),
      allocationState: allocationState.optional(),
      customerId: id('cus').optional(),
      sku: sku.optional().describe('Only orders with this SKU'),
      placedFrom: timestamp.optional(),
      placedBefore: timestamp.optional(),
      search: text(254)
        .optional()
        .describe('Beginning of the order number or e-mail address, or part of the recipient’s name'),
      sort: z
        .enum(['newest', 'oldest', 'highest', 'lowest'])
        .default('newest')
        .describe('By time placed or by grand total'),
    }),
    output: page(orderSummary),
  }),
  getTimeline: operation({
    method: 'GET',
    path: '/orders/{orderId}/timeline',
    title: 'Get timeline',
    description:
      'What happened to an order, oldest first: every change of state and every movement of money, with who, when and why.',
    access: { ...read, customer: true, public: true },
    input: z.object({ orderId, secret: secret.optional(), ...pageQuery }),
    output: page(timelineEntry),
    errors: { ORDER_NOT_FOUND: failures.orderNotFound },
  }),
  auditOrders: operation({
    method: 'GET',
    path: '/orders/audit',
    title: 'Audit orders',
    description:
      'Proves over all orders that totals add up, that the timeline explains the state, that no more was refunded than captured and no more shipped than ordered.',
    access: read,
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      orders: z.int().describe('Orders looked at'),
      problems: z.array(z.object({ orderId: z.string(), problem: z.string() })).describe('The first 100'),
    }),
  }),
} as const;

export const lifeOperations = {
  approveOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/approve',
    title: 'Approve order',
    description: 'Lets a placed order, or one under review, go on.',
    access: write,
    input: z.object({ orderId, reason: reason.optional() }),
    output: order,
    errors: shared,
  }),
  holdOrderForReview: operation({
    method: 'POST',
    path: '/orders/{orderId}/review',
    title: 'Hold order for review',
    description:
      'Stops an order until a person approves or rejects it. Orders under review are not cancelled by the clock.',
    access: write,
    input: z.object({ orderId, reason }),
    output: order,
    errors: shared,
  }),
  rejectOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/reject',
    title: 'Reject order',
    description: 'The merchant refuses the order, before anything was shipped. Stock and money go back by themselves.',
    access: write,
    input: z.object({ orderId, reason }),
    output: order,
    errors: shared,
  }),
  cancelOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/cancel',
    title: 'Cancel order',
    description:
      'Ends an order before anything was shipped. Stock and money go back by themselves. Guests name its secret.',
    access: { ...write, customer: true, public: true },
    input: z.object({ orderId, reason, secret: secret.optional() }),
    output: order,
    errors: shared,
  }),
  confirmOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/confirm',
    title: 'Confirm order',
    description:
      'Promises the order to the customer: checks that the hold is for this order and covers its total (not with cash on delivery), commits the reservation, then confirms.',
    access: write,
    input: z.object({
      orderId,
      reservationId: id('res')
        .optional()
        .describe('The order’s reservation at inventory; not needed when nothing has to be shipped'),
      holdId: id('hld')
        .optional()
        .describe('The order’s hold at the wallet; not needed with cash on delivery or for nothing to pay'),
    }),
    output: order,
    errors: {
      ...shared,
      HOLD_NOT_USABLE: {
        status: 409,
        title: 'Hold does not cover the order',
        data: z.object({ holdId: z.string().nullable(), reason: z.string(), state: z.string().nullable() }),
      },
      RESERVATION_NOT_USABLE: {
        status: 409,
        title: 'Reservation does not cover the order',
        data: z.object({ reservationId: z.string().nullable(), reason: z.string(), state: z.string().nullable() }),
      },
    },
  }),
  closeOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/close',
    title: 'Close order',
    description: 'Nothing more will happen: after delivery, or when the rest of an order will not be shipped.',
    access: write,
    input: z.object({ orderId, reason: reason.optional() }),
    output: order,
    errors: shared,
  }),
  addOrderNote: operation({
    method: 'POST',
    path: '/orders/{orderId}/notes',
    title: 'Add note',
    description: 'Writes a note into the timeline, for colleagues only or for the customer too.',
    access: write,
    input: z.object({
      orderId,
      text: text(2000),
      visibleToCustomer: z.boolean().default(false).describe('Whether the customer sees it too'),
    }),
    output: timelineEntry,
    errors: { ORDER_NOT_FOUND: failures.orderNotFound },
  }),
} as const;

export const fulfilAndRefundOperations = {
  shipOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/fulfilments',
    title: 'Ship order',
    description:
      'Records a shipment of some lines, or of all that is left. An order can go in several shipments, never more than was ordered.',
    access: write,
    input: z.object({
      orderId,
      lines: z
        .array(shipmentLine)
        .min(1)
        .max(500)
        .optional()
        .describe('What is in the parcel; otherwise all that is left'),
      ...tracking,
      locationId: id('loc').optional().describe('Where it was shipped from'),
    }),
    output: order,
    errors: {
      ...shared,
      LINE_NOT_FOUND,
      MORE_THAN_ORDERED: {
        status: 409,
        title: 'Quantity exceeds what is left to ship',
        data: z.object({ lineId: z.string(), requested: z.int(), left: z.int() }),
      },
    },
  }),
  setTracking: operation({
    method: 'PATCH',
    path: '/orders/{orderId}/fulfilments/{fulfilmentId}',
    title: 'Set tracking',
    description: 'Sets carrier and tracking of a shipment.',
    access: write,
    input: z.object({ orderId, fulfilmentId: id('ful'), ...tracking }),
    output: order,
    errors: {
      ORDER_NOT_FOUND: failures.orderNotFound,
      FULFILMENT_NOT_FOUND: { status: 404, title: 'Fulfilment not found' },
    },
  }),
  deliverOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/deliver',
    title: 'Mark delivered',
    description:
      'Records that one shipment, or all of them, arrived. When everything was shipped and has arrived the order is delivered. With cash on delivery, name the cash collected.',
    access: write,
    input: z.object({
      orderId,
      fulfilmentId: id('ful').optional().describe('One shipment; otherwise all under way'),
      cashCollected: orderAmount.optional().describe('With cash on delivery: what was collected'),
    }),
    output: order,
    errors: {
      ...shared,
      FULFILMENT_NOT_FOUND: { status: 404, title: 'Fulfilment not found' },
      CASH_NOT_DUE: { status: 409, title: 'Cash amount not due', data: z.object({ due: money }) },
    },
  }),
  refundOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/refunds',
    title: 'Refund',
    description:
      'Gives back money for lines or shipping, all or in part, with a reason; never more than was paid. For a line name an amount, or a quantity for its share, or neither for all that is left.',
    access: write,
    input: z.object({
      orderId,
      reason,
      lines: z
        .array(
          z.object({
            lineId: id('lin'),
            quantity: quantity.optional().describe('Pieces it is for'),
            amount: orderAmount.optional().describe('Instead of the pieces’ share'),
          }),
        )
        .max(500)
        .default([]),
      shipping: orderAmount.optional().describe('How much of the shipping cost'),
    }),
    output: refund,
    errors: {
      ...shared,
      LINE_NOT_FOUND,
      NOTHING_TO_REFUND: { status: 422, title: 'Nothing to refund' },
      OTHER_CURRENCY: { status: 422, title: 'Currency mismatch' },
      REFUND_TOO_HIGH: {
        status: 409,
        title: 'Refund exceeds what was paid',
        data: z.object({ requested: money, refundable: money }),
      },
    },
    successStatus: 201,
  }),
} as const;
