import type { InputOf, Money } from '../../chassis/contract/index.ts';
import { inWords } from '../../chassis/money.ts';
import { illegalMove } from '../../chassis/state-machine.ts';
import type { Failures } from '../context.ts';
import type { paymentsContract } from '../contract.ts';
import type { OperationKind } from '../contract/values.ts';
import { leftOf, refundsOf, type Plan, type Wanted } from '../policy/give-back.ts';
import { capturableOf, isOpen, type Whole } from '../policy/model.ts';
import { takeInOrder } from '../policy/split.ts';
import { mayMove, partStates } from '../policy/states.ts';

// The movements that a request comes to, decided on the locked payment. They throw the failures of the operations.

/** Holds the parts that are pending or were declined; the first card part gets the token. */
export const planAuthorization = (
  { payment, parts }: Whole,
  { partId, token, returnUrl }: InputOf<typeof paymentsContract, 'authorizePayment'>,
  errors: Failures<'authorizePayment'>,
): Plan => {
  const named = parts.filter(({ id }) => partId === undefined || id === partId);
  const [first] = named;
  if (!first)
    throw errors.PAYMENT_NOT_FOUND(
      `Payment ${payment.id} has no part ${partId ?? ''}. Get the payment to see its parts.`,
      {
        paymentId: payment.id,
      },
    );
  const asked = named.filter(({ state }) => mayMove(state, 'authorize'));
  if (asked.length === 0)
    throw errors.ILLEGAL_STATE(
      ...illegalMove(partStates, { name: `Payment ${payment.id}`, state: first.state }, 'authorize'),
    );
  const card = asked.find(({ method }) => method === 'card');
  const movements = asked.map((part): Wanted => ({
    partId: part.id,
    kind: 'authorize',
    amount: part.amount,
    token: part === card ? (token ?? null) : null,
    returnUrl: returnUrl ?? null,
  }));
  return {
    movements,
    parts: parts.map((part) =>
      asked.includes(part) ? { ...part, state: 'authorizing', failure: null, providerPaymentId: null } : part,
    ),
  };
};

/** Takes an amount from the parts in their order; with the last capture, voids of parts that nothing was taken from. */
export const planCapture = (
  { payment, parts, operations }: Whole,
  amount: Money | undefined,
  final: boolean,
  errors: Failures<'capturePayment'>,
): Plan => {
  const { id: paymentId, currency } = payment;
  if (amount && amount.currency !== currency) throw errors.CURRENCY_MISMATCH(...mismatch(payment, amount));
  const available = parts.map((part) => capturableOf(part, operations));
  const left = available.reduce((sum, one) => sum + one, 0);
  if (left === 0 && !parts.some(({ state }) => mayMove(state, 'capture_last'))) {
    const [name, state] = [`Payment ${paymentId}`, parts[0]?.state ?? 'pending'];
    throw errors.ILLEGAL_STATE(...illegalMove(partStates, { name, state }, 'capture_last'));
  }
  const taken = takeInOrder(amount?.amount ?? left, available);
  if (left === 0 || !taken) {
    const requested = amount ?? { amount: payment.amount, currency };
    throw errors.CAPTURE_EXCEEDS_AUTHORIZED(
      `Payment ${paymentId} has ${inWords({ amount: left, currency })} left to capture, not ${inWords(requested)}.`,
      { capturable: left > 0 ? { amount: left, currency } : null, requested },
    );
  }
  if (final) refuseWhilePending({ payment, parts, operations }, ['capture'], errors);
  return {
    movements: parts.flatMap((part, index): Wanted[] => {
      const some = taken[index] ?? 0;
      if (some > 0) return [{ partId: part.id, kind: 'capture', amount: some, final }];
      return final && (available[index] ?? 0) > 0 ? [{ partId: part.id, kind: 'void', amount: part.amount }] : [];
    }),
  };
};

/** Gives an amount back, the last part first. Nothing is planned for a reference that was refunded before. */
export const planRefund = (
  { payment, parts, operations }: Whole,
  { amount, reason, reference }: { amount: Money; reason: string; reference: string },
  errors: Failures<'refundPayment'>,
): Plan => {
  const { id: paymentId, currency } = payment;
  if (amount.currency !== currency) throw errors.CURRENCY_MISMATCH(...mismatch(payment, amount));
  const earlier = operations.filter(
    (one) => one.kind === 'refund' && one.reference === reference && one.state !== 'failed',
  );
  if (earlier.length > 0) {
    const refunded = { amount: earlier.reduce((sum, one) => sum + one.amount, 0), currency };
    if (refunded.amount === amount.amount) return { movements: [] };
    throw errors.REFERENCE_USED(
      `${reference} was refunded before with ${inWords(refunded)}. Use another reference for another refund.`,
      { reference, amount: refunded },
    );
  }
  const left = leftOf({ payment, parts, operations });
  if (amount.amount > left)
    throw errors.REFUND_EXCEEDS_CAPTURE(
      `Payment ${paymentId} has ${inWords({ amount: left, currency })} left to refund, not ${inWords(amount)}.`,
      { refundable: left > 0 ? { amount: left, currency } : null, requested: amount },
    );
  return { movements: refundsOf({ payment, parts, operations }, amount.amount, reference, reason) };
};

const mismatch = ({ id, currency }: Whole['payment'], given: Money): [string, { expected: string; given: string }] => [
  `Payment ${id} is in ${currency}, not in ${given.currency}.`,
  { expected: currency, given: given.currency },
];

/** Throws while the outcome of such movements is not known. */
export const refuseWhilePending = (
  { payment: { id: paymentId }, operations }: Whole,
  kinds: readonly OperationKind[],
  errors: Pick<Failures<'voidPayment'>, 'OPERATION_PENDING'>,
): void => {
  const pending = operations.filter((one) => isOpen(one) && one.state !== 'waiting' && kinds.includes(one.kind));
  if (pending.length === 0) return;
  const operationIds = pending.map(({ id }) => id);
  throw errors.OPERATION_PENDING(
    `The outcome of ${operationIds.join(', ')} is not known yet. Try again in a moment; it is settled by itself.`,
    { paymentId, operationIds },
  );
};
