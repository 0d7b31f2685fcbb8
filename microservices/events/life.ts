import type { EventsTransaction } from './context.ts';
import type { PauseReason } from './contract/values.ts';
import { moved, type SubscriptionMove } from './policy/states.ts';
import { saveSubscription, type SubscriptionRow } from './store/subscriptions.ts';

/** What every event about a subscription tells: no address, which may hold what only sender and receiver know. */
export const toldOf = (row: SubscriptionRow) => ({
  subscriptionId: row.id,
  externalId: row.external_id,
  eventTypes: row.event_types,
  state: row.state,
});

/** Makes a move of a locked subscription, with its event; undefined when its state does not allow it. */
export const makeMove = async (
  tx: EventsTransaction,
  row: SubscriptionRow,
  move: SubscriptionMove,
  now: Date,
  because: PauseReason = 'requested',
): Promise<SubscriptionRow | undefined> => {
  const state = moved(row.state, move);
  if (!state) return undefined;
  const next = {
    ...row,
    state,
    paused_because: move === 'pause' ? because : null,
    updated_at: now.toISOString(),
  };
  await saveSubscription(tx, next);
  if (move === 'pause') tx.append('event_subscription.paused', row.id, { ...toldOf(next), because });
  else if (move === 'resume') tx.append('event_subscription.resumed', row.id, toldOf(next));
  else if (move === 'fail') tx.append('event_subscription.failing', row.id, toldOf(next));
  else tx.append('event_subscription.recovered', row.id, toldOf(next));
  return next;
};
