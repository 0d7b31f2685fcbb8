import { z } from 'zod';
import { id, operation, text } from '../../chassis/contract/index.ts';
import { write } from './access.ts';
import { onOrder, orderId } from './on-order.ts';
import { order } from './order.ts';
import { failures, reason, secret, timelineEntry } from './values.ts';

export const lifecycleOperations = {
  approveOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/approve',
    title: 'Approve order',
    description: 'Approves an order that was placed or is under review.',
    access: write,
    input: z.object({ orderId, reason: reason.optional() }),
    output: order,
    errors: onOrder,
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
    errors: onOrder,
  }),
  rejectOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/reject',
    title: 'Reject order',
    description: 'Rejects an order before anything was shipped. Stock is released and money is refunded automatically.',
    access: write,
    input: z.object({ orderId, reason }),
    output: order,
    errors: onOrder,
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
    errors: onOrder,
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
    errors: onOrder,
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
      ...onOrder,
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
    errors: onOrder,
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
