import { z } from 'zod';
import { event, money, positiveMoney, timestamp } from '../../chassis/contract/index.ts';
import { disputeId } from './disputes.ts';
import { reconciliationId } from './reconciliations.ts';
import { cartId, customerId, method, operationId, orderId, partId, paymentId } from './values.ts';

const about = {
  paymentId,
  orderId: orderId.nullable(),
  cartId: cartId.nullable(),
  customerId: customerId.nullable(),
};
const ofDispute = { ...about, partId, disputeId, amount: positiveMoney };
const ofPart = { ...about, partId, method };

/** The events on commerce.payments. */
export const paymentEvents = {
  'payment.created': event({
    title: 'Payment created',
    description: 'A payment for an order or a cart was created; nothing is held yet.',
    aggregate: 'payment',
    payload: z.object({ ...about, amount: positiveMoney }),
  }),
  'payment.action_required': event({
    title: 'Customer’s action required',
    description: 'The customer has to act, for example to confirm with the bank. The payment’s part says where.',
    aggregate: 'payment',
    payload: z.object(ofPart),
  }),
  'payment.authorized': event({
    title: 'Payment authorized',
    description: 'The whole amount is held: the order can be confirmed.',
    aggregate: 'payment',
    payload: z.object({ ...about, amount: positiveMoney }),
  }),
  'payment.declined': event({
    title: 'Payment declined',
    description: 'A part was declined. Tell the customer, or let them pay another way.',
    aggregate: 'payment',
    payload: z.object({ ...ofPart, amount: positiveMoney, failure: z.string().describe('The provider’s code for it') }),
  }),
  'payment.captured': event({
    title: 'Payment captured',
    description: 'Held money was taken.',
    aggregate: 'payment',
    payload: z.object({
      ...ofPart,
      operationId,
      amount: positiveMoney.describe('Taken by this capture'),
      captured: money.describe('Taken in total, of all parts'),
    }),
  }),
  'payment.voided': event({
    title: 'Payment voided',
    description: 'What was held and not captured is free again.',
    aggregate: 'payment',
    payload: z.object({ ...about, captured: money.describe('What had been taken stays taken') }),
  }),
  'payment.expired': event({
    title: 'Payment expired',
    description: 'Its time ran out; what was held and not captured is free again.',
    aggregate: 'payment',
    payload: z.object({ ...about, captured: money.describe('What had been taken stays taken') }),
  }),
  'payment.refunded': event({
    title: 'Payment refunded to its method',
    description: 'Captured money was given back.',
    aggregate: 'payment',
    payload: z.object({
      ...ofPart,
      operationId,
      refundReference: z.string().describe('The refund’s id at orders'),
      amount: positiveMoney.describe('Given back by this movement'),
      refunded: money.describe('Given back in total, of all parts'),
    }),
  }),
  'payment.dispute_opened': event({
    title: 'Dispute opened',
    description: 'The customer’s bank has taken a card payment back. Send evidence in time, or the money is gone.',
    aggregate: 'payment',
    payload: z.object({ ...ofDispute, reason: z.string(), evidenceDueBy: timestamp.nullable() }),
  }),
  'payment.dispute_closed': event({
    title: 'Dispute closed',
    description: 'The bank has decided: the money came back, or it is gone.',
    aggregate: 'payment',
    payload: z.object({ ...ofDispute, outcome: z.enum(['won', 'lost']) }),
  }),
  'payment.difference_found': event({
    title: 'Difference found',
    description: 'A reconciliation found differences between the payment provider’s report and the movements here.',
    aggregate: 'reconciliation',
    payload: z.object({ reconciliationId, provider: z.string(), differences: z.int() }),
  }),
  'payment.movement_refused': event({
    title: 'Capture, void or refund refused',
    description: 'The provider refused to take, free or give back money. A person must check it.',
    aggregate: 'payment',
    payload: z.object({
      ...ofPart,
      operationId,
      kind: z.enum(['capture', 'void', 'refund']),
      reference: z.string().nullable().describe('Of a refund: its id at orders'),
      amount: positiveMoney,
      failure: z.string().describe('The provider’s code for it'),
    }),
  }),
};
