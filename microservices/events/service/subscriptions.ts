import { oneText, readCursor, toPage } from '../../chassis/cursor.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import type { Context } from '../context.ts';
import type { eventsContract } from '../contract.ts';
import { makeMove, toldOf } from '../life.ts';
import { allowedMoves, type SubscriptionMove } from '../policy/states.ts';
import { deleteSubscription, listSubscriptions, lockSubscription, toSubscription } from '../store/subscriptions.ts';
import type { Push } from '../push/supervise.ts';
import { createSubscription, rotateSecret, updateSubscription } from './change.ts';
import { found, noSuch } from './checks.ts';
import { lookHandlers } from './look.ts';

type All = Handlers<typeof eventsContract>;
type Parts = Omit<All, 'listEventTypes' | 'getEventType' | 'getSampleEvent' | 'getLatestEvent' | 'publishEvent'>;

export const subscriptionHandlers = (context: Context, push: Pick<Push, 'wake' | 'halt'>): Parts => {
  const { platform } = context;
  const move = moveHandler(context);
  return {
    ...createSubscription(context, push.wake),
    ...updateSubscription(context, push.wake),
    ...rotateSecret(context, push.wake),
    ...lookHandlers(context),
    getSubscription: async ({ subscriptionId }, { errors }) =>
      toSubscription(await found(context, subscriptionId, errors.SUBSCRIPTION_NOT_FOUND)),

    listSubscriptions: async ({ cursor, ...wanted }) =>
      toPage(
        await listSubscriptions(platform.database, { ...wanted, after: readCursor(cursor, oneText)?.[0] }),
        wanted.limit,
        ({ id }) => [id],
        toSubscription,
      ),

    deleteSubscription: async ({ subscriptionId }, { errors, commit }) => {
      const answer = await commit(async (tx) => {
        const row = await deleteSubscription(tx, subscriptionId);
        if (!row) throw errors.SUBSCRIPTION_NOT_FOUND(noSuch(subscriptionId));
        tx.append('event_subscription.deleted', row.id, toldOf(row));
        return { id: row.id };
      });
      push.halt(subscriptionId);
      return answer;
    },

    pauseSubscription: async ({ subscriptionId }, { errors, commit }) => {
      const answer = await move(subscriptionId, 'pause', errors, commit);
      push.halt(subscriptionId);
      return answer;
    },

    resumeSubscription: async ({ subscriptionId }, { errors, commit }) => {
      const answer = await move(subscriptionId, 'resume', errors, commit);
      push.wake();
      return answer;
    },
  };
};

type Errors = Parameters<All['pauseSubscription']>[1]['errors'];
type Commit = Parameters<All['pauseSubscription']>[1]['commit'];

const moveHandler =
  ({ platform }: Context) =>
  (id: string, move: SubscriptionMove, errors: Errors, commit: Commit) =>
    commit(async (tx) => {
      const row = await lockSubscription(tx, id);
      if (!row) throw errors.SUBSCRIPTION_NOT_FOUND(noSuch(id));
      const next = await makeMove(tx, row, move, platform.now());
      if (next) return toSubscription(next);
      const allowed = allowedMoves(row.state);
      throw errors.ILLEGAL_STATE(
        `Subscription ${id} is ${row.state}: ${move} is not possible. Possible: ${allowed.join(', ')}.`,
        { subscriptionId: id, state: row.state, allowed },
      );
    });
