import { mayActFor } from '../../chassis/auth/authorize.ts';
import { command, remember } from '../../chassis/http/command.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Operation, Whole } from '../policy/model.ts';
import { planEnd } from '../policy/give-back.ts';
import { findPayment, findWhole } from '../store/payments.ts';
import { perform } from './perform.ts';
import { planAuthorization, planCapture, planRefund, refuseWhilePending } from './plans.ts';
import { requestMovements } from './request.ts';
import { noPayment, shownPayment } from './shown.ts';

// Each of these writes its movements in a transaction of its own, asks the providers, keeps their answers, and then
// shows the payment. A repeat of the request finds the movements by its key and goes on where the first one stopped.

type NotFound = Pick<Failures<'getPayment'>, 'PAYMENT_NOT_FOUND'>;

const request = async (
  context: Context,
  { paymentId, requestKey }: { paymentId: string; requestKey: string },
  errors: NotFound,
  plan: Parameters<typeof requestMovements>[3],
): Promise<string[]> => {
  const ids = await context.commit((tx) => requestMovements(tx, context, { paymentId, requestKey }, plan));
  if (!ids) throw noPayment(paymentId, errors);
  for (const id of ids) await perform(context, id);
  return ids;
};

/** The payment after its movements, or the refusal of the first that failed; that is kept with the request. */
const shownAfter = (whole: Whole, ids: readonly string[], refuse: (failed: Operation, whole: Whole) => Problem) => {
  const failed = whole.operations.find(({ id, state }) => ids.includes(id) && state === 'failed');
  return failed ? remember(refuse(failed, whole)) : shownPayment(whole);
};

const wholeOf = async (tx: Tx, paymentId: string, errors: NotFound): Promise<Whole> => {
  const whole = await findWhole(tx, paymentId);
  if (!whole) throw noPayment(paymentId, errors);
  return whole;
};

const refusedBy =
  (errors: Pick<Failures<'capturePayment'>, 'PROVIDER_REFUSED'>) =>
  ({ id, kind, paymentId, failure }: Operation): Problem =>
    errors.PROVIDER_REFUSED(
      `The provider refused to ${kind} money of payment ${paymentId}: ${failure ?? 'no reason given'}. Look at the payment before you try again.`,
      { paymentId, operationId: id, failure: failure ?? 'refused' },
    );

const declined = (
  { partId, paymentId, failure }: Operation,
  { parts }: Whole,
  errors: Pick<Failures<'authorizePayment'>, 'PAYMENT_DECLINED'>,
): Problem =>
  errors.PAYMENT_DECLINED(
    `The payment ${paymentId} was declined: ${failure ?? 'no reason given'}. Try again with another card or method.`,
    {
      paymentId,
      partId,
      method: parts.find(({ id }) => id === partId)?.method ?? 'card',
      failure: failure ?? 'declined',
    },
  );

type Names = 'authorizePayment' | 'capturePayment' | 'voidPayment' | 'refundPayment';

export const movementHandlers = (context: Context): Pick<Handlers, Names> => ({
  authorizePayment: command({
    prepare: async (input, { caller, errors, derivedKey }) => {
      const { paymentId } = input;
      const standing = await findPayment(context.database, paymentId);
      if (!standing || !mayActFor(caller, standing.customerId)) throw noPayment(paymentId, errors);
      const to = { paymentId, requestKey: derivedKey('movements') };
      return request(context, to, errors, (whole) => planAuthorization(whole, input, errors));
    },
    commit: async (tx, { paymentId }, { errors }, ids) =>
      shownAfter(await wholeOf(tx, paymentId, errors), ids, (failed, whole) => declined(failed, whole, errors)),
  }),

  capturePayment: command({
    prepare: ({ paymentId, amount, final }, { errors, derivedKey }) =>
      request(context, { paymentId, requestKey: derivedKey('movements') }, errors, (whole) =>
        planCapture(whole, amount, final, errors),
      ),
    commit: async (tx, { paymentId }, { errors }, ids) =>
      shownAfter(await wholeOf(tx, paymentId, errors), ids, refusedBy(errors)),
  }),

  voidPayment: command({
    prepare: ({ paymentId }, { errors, derivedKey }) =>
      request(context, { paymentId, requestKey: derivedKey('movements') }, errors, (whole) => {
        refuseWhilePending(whole, ['authorize', 'capture'], errors);
        return planEnd(whole, 'void');
      }),
    commit: async (tx, { paymentId }, { errors }, ids) =>
      shownAfter(await wholeOf(tx, paymentId, errors), ids, refusedBy(errors)),
  }),

  refundPayment: command({
    prepare: ({ paymentId, ...terms }, { errors, derivedKey }) =>
      request(context, { paymentId, requestKey: derivedKey('movements') }, errors, (whole) =>
        planRefund(whole, terms, errors),
      ),
    commit: async (tx, { paymentId }, { errors }, ids) =>
      shownAfter(await wholeOf(tx, paymentId, errors), ids, refusedBy(errors)),
  }),
});
