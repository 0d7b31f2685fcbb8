import { after } from '../../../chassis/state-machine.ts';
import type { Tx } from '../../context.ts';
import type { PauseReason } from '../../contract/values.ts';
import { subscriptionStates, type SubscriptionMove } from '../../policy/states.ts';
import { deleteSubscription, saveSubscription, type SubscriptionRow } from '../../store/subscriptions.ts';

/** The part that all events about a subscription share: no address, which may hold a secret of sender and receiver. */
export const aboutSubscription = ({ id: subscriptionId, externalId, eventTypes, state }: SubscriptionRow) => ({
  subscriptionId,
  externalId,
  eventTypes,
  state,
});

const ANNOUNCED = {
  resume: 'event_subscription.resumed',
  fail: 'event_subscription.failing',
  recover: 'event_subscription.recovered',
} as const;

/** Makes a move of a locked subscription, with its event; undefined when its state does not allow it. */
export const makeMove = async (
  tx: Tx,
  row: SubscriptionRow,
  move: SubscriptionMove,
  now: Date,
  because: PauseReason = 'requested',
): Promise<SubscriptionRow | undefined> => {
  const state = after(subscriptionStates, row.state, move);
  if (!state) return undefined;
  const next = { ...row, state, pausedBecause: move === 'pause' ? because : null, updatedAt: now.toISOString() };
  await saveSubscription(tx, next);
  if (move === 'pause') tx.append('event_subscription.paused', row.id, { ...aboutSubscription(next), because });
  else tx.append(ANNOUNCED[move], row.id, aboutSubscription(next));
  return next;
};

/** Deletes a subscription, with its event; undefined when there is none. */
export const removeSubscription = async (tx: Tx, id: string): Promise<SubscriptionRow | undefined> => {
  const row = await deleteSubscription(tx, id);
  if (row) tx.append('event_subscription.deleted', row.id, aboutSubscription(row));
  return row;
};
