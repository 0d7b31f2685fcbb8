/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const about = {
  paymentId: exampleId('pay'),
  orderId: exampleId('ord'),
  cartId: null,
  customerId: exampleId('cus'),
};
const ofPart = { ...about, partId: exampleId('prt'), method: 'card' as const };

export const paymentExamples = {
  'payment.created': { ...about, amount: euros(6_290) },
  'payment.action_required': ofPart,
  'payment.authorized': { ...about, amount: euros(6_290) },
  'payment.declined': { ...ofPart, amount: euros(6_290), failure: 'card_declined' },
  'payment.captured': { ...ofPart, operationId: exampleId('pop'), amount: euros(6_290), captured: euros(6_290) },
  'payment.voided': { ...about, captured: euros(0) },
  'payment.expired': { ...about, captured: euros(0) },
  'payment.refunded': {
    ...ofPart,
    operationId: exampleId('pop'),
    refundReference: exampleId('rfd'),
    amount: euros(1_500),
    refunded: euros(1_500),
  },
  'payment.dispute_opened': {
    ...about,
    partId: exampleId('prt'),
    disputeId: exampleId('dsp'),
    amount: euros(6_290),
    reason: 'product_not_received',
    evidenceDueBy: '2026-12-15T12:00:00.000Z',
  },
  'payment.dispute_closed': {
    ...about,
    partId: exampleId('prt'),
    disputeId: exampleId('dsp'),
    amount: euros(6_290),
    outcome: 'won' as const,
  },
  'payment.difference_found': { reconciliationId: exampleId('rcn'), provider: 'stripe', differences: 2 },
  'payment.movement_refused': {
    ...ofPart,
    operationId: exampleId('pop'),
    kind: 'capture' as const,
    reference: null,
    amount: euros(6_290),
    failure: 'authorization_expired',
  },
};
