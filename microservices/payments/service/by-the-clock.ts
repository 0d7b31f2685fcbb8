import type { Context } from '../context.ts';
import { planEnd } from '../policy/give-back.ts';
import { isOpen } from '../policy/model.ts';
import { dueOperations, takeDueChecks } from '../store/operations.ts';
import { overduePayments } from '../store/payments.ts';
import { check, perform } from './perform.ts';
import { requestMovements } from './request.ts';

const BATCH = 50;

/** Ends payments whose time is up; what a provider holds is set free by it. True when there may be more. */
export const expireBatch = async (context: Context): Promise<boolean> => {
  const overdue = await overduePayments(context.database, context.now(), BATCH);
  let ended = 0;
  for (const paymentId of overdue) {
    const ids = await context.commit((tx) =>
      requestMovements(tx, context, { paymentId, requestKey: `expire ${context.now().getTime()}` }, (whole) => {
        // What is under way is settled first; the next round comes back to it.
        const isBusy = whole.operations.some((one) => isOpen(one) && one.state !== 'waiting');
        return isBusy ? { movements: [] } : planEnd(whole, 'expire');
      }),
    );
    for (const id of ids ?? []) await perform(context, id);
    ended += ids?.length ?? 0;
  }
  return ended > 0 && overdue.length === BATCH;
};

/** Asks again for movements whose outcome is not known; true when there may be more. */
export const resumeBatch = async (context: Context): Promise<boolean> => {
  const due = await dueOperations(context.database, context.now(), BATCH);
  for (const id of due) await perform(context, id);
  return due.length === BATCH;
};

/** Asks how payments stand that wait for the customer, or that a provider had news of; true when there may be more. */
export const checkBatch = async (context: Context): Promise<boolean> => {
  const { database, settings } = context;
  const at = context.now();
  const nextAt = new Date(at.getTime() + settings.checkSeconds * 1_000);
  const due = await takeDueChecks(database, at, nextAt, BATCH);
  for (const partId of due) await check(context, partId);
  return due.length === BATCH;
};
