import type { z } from 'zod';
import type * as values from '../contract/values.ts';
import type { Operation, Part, Payment, Whole } from '../policy/model.ts';
import type { Failures } from '../context.ts';

/** Values of the domain in the form of the contract. */
export const shownSummary = (payment: Payment): z.input<typeof values.summary> => {
  const money = (amount: number) => ({ amount, currency: payment.currency });
  const { id, orderId, cartId, customerId, state, expiresAt, createdAt } = payment;
  return {
    ...{ id, orderId, cartId, customerId, state, expiresAt, createdAt },
    amount: money(payment.amount),
    authorized: money(payment.authorized),
    captured: money(payment.captured),
    refunded: money(payment.refunded),
    disputed: money(payment.disputed),
  };
};

export const shownPayment = ({ payment, parts, operations }: Whole): z.input<typeof values.payment> => ({
  ...shownSummary(payment),
  parts: parts.map((part) => shownPart(part, payment.currency)),
  operations: operations.map((operation) => shownOperation(operation, payment.currency)),
});

const shownPart = (part: Part, currency: string): z.input<typeof values.part> => {
  const money = (amount: number) => ({ amount, currency });
  const { id, method, provider, state, providerPaymentId, failure, expiresAt, actionUrl, actionSecret } = part;
  return {
    ...{ id, method, provider, state, providerPaymentId, failure, expiresAt },
    amount: money(part.amount),
    authorized: money(part.authorized),
    captured: money(part.captured),
    refunded: money(part.refunded),
    action: actionUrl === null && actionSecret === null ? null : { url: actionUrl, clientSecret: actionSecret },
    card: part.cardLast4 === null ? null : { brand: part.cardBrand ?? 'card', last4: part.cardLast4 },
  };
};

const shownOperation = (operation: Operation, currency: string): z.input<typeof values.shownOperation> => {
  const { id, partId, kind, state, reference, failure, createdAt, settledAt } = operation;
  return {
    ...{ id, partId, kind, state, reference, failure, createdAt, settledAt },
    amount: { amount: operation.amount, currency },
  };
};

export const noPayment = (paymentId: string, errors: Pick<Failures<'getPayment'>, 'PAYMENT_NOT_FOUND'>) =>
  errors.PAYMENT_NOT_FOUND(`There is no payment ${paymentId}. List the payments to find the right id.`, { paymentId });
