import { z } from 'zod';
import {
  choices,
  email,
  expectedVersion,
  id,
  metadata,
  money,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import { orderFilters } from './facts.ts';
import { order, orderSummary, refund } from './order.ts';
import {
  failures,
  MAX_QUANTITY,
  orderAmount,
  paymentMethod,
  quantity,
  reason,
  secret,
  timelineEntry,
  tracking,
} from './values.ts';

const orderId = id('ord');
const read = { scope: 'orders:read' };
const write = { scope: 'orders:write' };
const shared = { ORDER_NOT_FOUND: failures.orderNotFound, ILLEGAL_STATE: failures.illegalState } as const;
const LINE_NOT_FOUND = { status: 404, title: 'Line not found' } as const;
const shipmentLine = z.object({ lineId: id('lin'), quantity });

export const placeAndReadOperations = {
  placeOrder: operation({
    method: 'POST',
    path: '/orders',
    title: 'Place order',
    description:
      'Makes an order of a quote, at exactly the quoted total. A quote becomes one order at most, and so does a cart. The journey that starts with order.created reserves stock, holds money and confirms.',
    access: { ...write, customer: true, public: true },
    input: z.object({
      quoteId: id('quo'),
      paymentMethod: paymentMethod.default('wallet'),
      email: email.optional().describe('Address for the order’s messages; a guest needs one, here or in the quote'),
      note: text(1000).optional().describe('Note of the customer'),
      metadata: metadata.default({}).describe('Set by API keys only'),
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
      CART_ALREADY_ORDERED: { status: 409, title: 'Cart already ordered', data: z.object({ orderId: z.string() }) },
      CART_CHANGED: { status: 409, title: 'Cart changed after the quote', data: z.object({ cartId: z.string() }) },
      METADATA_NOT_ALLOWED: { status: 403, title: 'Metadata not allowed' },
    },
    successStatus: 201,
  }),
  getOrder: operation({
    method: 'GET',
    path: '/orders/{orderId}',
    title: 'Get order',
    description: 'An order with its lines, payments, fulfilments and refunds. A guest names its secret.',
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
      ...orderFilters,
      sort: choices({
        newest: 'Placed last first',
        oldest: 'Placed first first',
        highest: 'Highest total first',
        lowest: 'Lowest total first',
      })
        .default('newest')
        .describe('By time placed or by grand total'),
    }),
    output: page(orderSummary),
  }),
  getTimeline: operation({
    method: 'GET',
    path: '/orders/{orderId}/timeline',
    title: 'Get timeline',
    description: 'History of an order, oldest first: every change of state and every payment, with who, when and why.',
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
      'Checks all orders: totals add up, the timeline explains the state, no more was refunded than captured and no more shipped than ordered.',
    access: read,
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      orders: z.int().describe('Orders checked'),
      problems: z.array(z.object({ orderId: z.string(), problem: z.string() })).describe('The first 100'),
    }),
  }),
} as const;

export const lifecycleOperations = {
  approveOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/approve',
    title: 'Approve order',
    description: 'Approves an order that was placed or is under review.',
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
      'Puts an order under review until a person approves or rejects it. An order under review does not expire.',
    access: write,
    input: z.object({ orderId, reason }),
    output: order,
    errors: shared,
  }),
  rejectOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/reject',
    title: 'Reject order',
    description: 'Rejects an order before anything was shipped. Stock is released and money is refunded automatically.',
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
      'Cancels an order before anything was shipped. Stock is released and money is refunded automatically. A guest names its secret.',
    access: { ...write, customer: true, public: true },
    input: z.object({ orderId, reason, secret: secret.optional() }),
    output: order,
    errors: shared,
  }),
  cancelRest: operation({
    method: 'POST',
    path: '/orders/{orderId}/cancel-rest',
    title: 'Cancel rest of order',
    description:
      'Cancels the units of a partly shipped order that were not shipped. Their stock is released and their money is refunded automatically. A guest names the order’s secret.',
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
      'Checks that the hold or payment covers the order (not with cash on delivery), commits the reservation and confirms the order.',
    access: write,
    input: z.object({
      orderId,
      reservationId: id('res')
        .optional()
        .describe('The order’s reservation; not needed when nothing has to be shipped'),
      holdId: id('hld')
        .optional()
        .describe('The order’s hold; not needed with cash on delivery or when nothing is to pay'),
      paymentId: id('pay')
        .optional()
        .describe('The order’s payment, instead of a hold; needed where the order is paid by card'),
    }),
    output: order,
    errors: {
      ...shared,
      HOLD_NOT_USABLE: {
        status: 409,
        title: 'Hold does not cover the order',
        data: z.object({ holdId: z.string().nullable(), reason: z.string(), state: z.string().nullable() }),
      },
      PAYMENT_NOT_USABLE: {
        status: 409,
        title: 'Payment does not cover the order',
        data: z.object({ paymentId: z.string().nullable(), reason: z.string(), state: z.string().nullable() }),
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
    description:
      'Closes an order after delivery, or a partly shipped one: the stock of its open units is released, their money stays, so cancel the rest first.',
    access: write,
    input: z.object({ orderId, reason: reason.optional() }),
    output: order,
    errors: shared,
  }),
  addOrderNote: operation({
    method: 'POST',
    path: '/orders/{orderId}/notes',
    title: 'Add note',
    description: 'Adds a note to the timeline, for staff only or for the customer too.',
    access: write,
    input: z.object({
      orderId,
      text: text(2000).describe('The note; customers do not see it'),
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
        .describe('Lines in the parcel; otherwise all that is left'),
      ...tracking,
      locationId: id('loc').optional().describe('Location it was shipped from'),
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
    description: 'Sets the carrier and the tracking of a shipment.',
    access: write,
    input: z.object({ orderId, fulfilmentId: id('ful'), expectedVersion, ...tracking }),
    output: order,
    errors: {
      ORDER_NOT_FOUND: failures.orderNotFound,
      FULFILMENT_NOT_FOUND: { status: 404, title: 'Fulfilment not found' },
      VERSION_CONFLICT,
    },
  }),
  deliverOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/deliver',
    title: 'Mark delivered',
    description:
      'Records that one shipment, or all of them, arrived. The order is delivered once everything was shipped and has arrived. With cash on delivery, name the cash collected.',
    access: write,
    input: z.object({
      orderId,
      fulfilmentId: id('ful').optional().describe('One shipment; otherwise all under way'),
      cashCollected: orderAmount.optional().describe('With cash on delivery: the amount collected'),
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
      'Refunds lines or shipping, all or in part; never more than was paid. For a line name an amount, or a quantity for its share, or neither for all that is left.',
    access: write,
    input: z.object({
      orderId,
      reason,
      lines: z
        .array(
          z.object({
            lineId: id('lin'),
            quantity: quantity.optional().describe('Units to refund'),
            amount: orderAmount.optional().describe('Instead of the share of the units'),
            unshipped: z
              .int()
              .min(0)
              .max(MAX_QUANTITY)
              .optional()
              .describe('Units of it that were never shipped; by default those are refunded first'),
          }),
        )
        .max(500)
        .default([])
        .describe('Lines to refund, all or in part'),
      shipping: orderAmount.optional().describe('Part of the shipping cost to refund'),
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
