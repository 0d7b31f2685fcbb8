import { z } from 'zod';
import {
  choices,
  email,
  id,
  metadata,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
} from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { orderFilters } from './facts.ts';
import { orderId } from './on-order.ts';
import { order, orderSummary } from './order.ts';
import { failures, paymentMethod, secret, timelineEntry } from './values.ts';

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
