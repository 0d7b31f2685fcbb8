import type { PspRequest } from '../port.ts';
import type { BankPayment } from './store.ts';

interface Decided {
  after: BankPayment;
  /** Why not; null for a yes. */
  failure: string | null;
}

/** The bank's answer to a capture, void or refund. */
export const decideMovement = (payment: BankPayment, request: PspRequest, at: Date): Decided => {
  switch (request.kind) {
    case 'capture':
      return decideCapture(payment, request, at);
    case 'refund':
      return decideRefund(payment, request);
    default:
      return decideVoid(payment);
  }
};

const no = (after: BankPayment, failure: string): Decided => ({ after, failure });

const decideCapture = (payment: BankPayment, { amount, final }: PspRequest, at: Date): Decided => {
  if (payment.status !== 'authorized') return no(payment, 'not_authorized');
  if (Date.parse(payment.expiresAt) <= at.getTime())
    return no({ ...payment, status: 'expired' }, 'authorization_expired');
  const captured = payment.captured + amount;
  if (captured > payment.amount) return no(payment, 'amount_too_large');
  const status = final || captured === payment.amount ? 'captured' : 'authorized';
  return { after: { ...payment, captured, status }, failure: null };
};

const decideRefund = (payment: BankPayment, { amount }: PspRequest): Decided => {
  if (payment.behaviour === 'refuses_refunds') return no(payment, 'refund_refused');
  const refunded = payment.refunded + amount;
  if (refunded > payment.captured) return no(payment, 'amount_too_large');
  return { after: { ...payment, refunded }, failure: null };
};

const decideVoid = (payment: BankPayment): Decided => {
  if (payment.status === 'authorized')
    return { after: { ...payment, status: payment.captured > 0 ? 'captured' : 'voided' }, failure: null };
  if (payment.status === 'requires_action') return { after: { ...payment, status: 'voided' }, failure: null };
  if (payment.status === 'captured') return no(payment, 'already_captured');
  return { after: payment, failure: null };
};
