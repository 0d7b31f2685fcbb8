import type { Context, Tx } from '../context.ts';
import type { Plan } from '../policy/give-back.ts';
import type { Whole } from '../policy/model.ts';
import { newOperation } from './new-operation.ts';
import { summed } from '../policy/settle.ts';
import { lockWhole } from '../store/payments.ts';
import { keep } from './settle.ts';

/**
 * Writes the movements that a request asks for, once for its key, under the payment's lock. `plan` decides on the
 * locked payment; it returns the movements and, for parts that nobody has to be asked about, their new form. Returns
 * the ids of the movements, also those of an earlier attempt of the same request.
 */
export const requestMovements = async (
  tx: Tx,
  context: Pick<Context, 'settings' | 'now'>,
  { paymentId, requestKey, headStartMs }: { paymentId: string; requestKey: string; headStartMs?: number },
  plan: (whole: Whole) => Plan,
): Promise<string[] | undefined> => {
  const whole = await lockWhole(tx, paymentId);
  if (!whole) return undefined;
  const earlier = whole.operations.filter((one) => one.requestKey === requestKey);
  if (earlier.length > 0) return earlier.map(({ id }) => id);
  const at = context.now();
  const { movements, parts = whole.parts, payment = whole.payment } = plan(whole);
  const added = movements.map((wanted) => newOperation(paymentId, wanted, requestKey, at, headStartMs));
  const changed = summed({ payment, parts, operations: [...whole.operations, ...added], happenings: [] });
  await keep(tx, context, changed, at);
  return added.map(({ id }) => id);
};
