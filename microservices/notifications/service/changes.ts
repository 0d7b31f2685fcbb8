import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import { command, remember, type Remembered } from '../../chassis/http/command.ts';
import { illegalMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Notification } from '../contract.ts';
import { notificationStates, type Move } from '../policy/states.ts';
import { lockNotification } from '../store/notifications.ts';
import { makeMove, type MoveNotes } from './moves.ts';
import { noNotification } from './refusals.ts';
import { shownTo } from './shown.ts';

type Names = 'markRead' | 'reportDelivery' | 'retryNotification' | 'cancelNotification';

export const changeHandlers = ({ now }: Context): Pick<Handlers, Names> => ({
  markRead: command((tx, { notificationId }, { caller, errors }) =>
    change(tx, { notificationId, move: 'read', caller }, { now: now().toISOString() }, errors),
  ),

  reportDelivery: command((tx, { notificationId, outcome, detail }, { caller, errors }) => {
    const move = outcome === 'delivered' ? 'deliver' : 'fail';
    const reason = 'the provider reported that it did not arrive';
    return change(tx, { notificationId, move, caller }, { now: now().toISOString(), reason, detail }, errors);
  }),

  retryNotification: command(async (tx, { notificationId }, { caller, errors }) => {
    const row = await lockNotification(tx, notificationId);
    if (row?.state === 'failed' && row.body === null) {
      const detail = `The notification ${notificationId} held a secret that was deleted. Send a new one.`;
      return remember(errors.CONTENT_GONE(detail));
    }
    return change(tx, { notificationId, move: 'retry', caller }, { now: now().toISOString() }, errors);
  }),

  cancelNotification: command((tx, { notificationId }, { caller, errors }) =>
    change(tx, { notificationId, move: 'cancel', caller }, { now: now().toISOString(), because: 'requested' }, errors),
  ),
});

interface Change {
  notificationId: string;
  move: Move;
  caller: Caller;
}

/** Makes the move, or refuses it with what is possible instead; both are remembered. */
const change = async (
  tx: Tx,
  { notificationId, move, caller }: Change,
  notes: MoveNotes,
  errors: Pick<Failures<'markRead'>, 'NOTIFICATION_NOT_FOUND' | 'ILLEGAL_STATE'>,
): Promise<Notification | Remembered> => {
  const row = await lockNotification(tx, notificationId);
  if (!row || !mayActFor(caller, row.customer_id))
    return remember(errors.NOTIFICATION_NOT_FOUND(noNotification(notificationId)));
  const moved = await makeMove(tx, row, move, notes);
  if (moved) return shownTo(caller, moved);
  const named = { name: `Notification ${row.id}`, state: row.state };
  return remember(errors.ILLEGAL_STATE(...illegalMove(notificationStates, named, move)));
};
