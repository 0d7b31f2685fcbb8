import { oneText, readCursor, toPage } from '../../../chassis/cursor.ts';
import { command } from '../../../chassis/http/command.ts';
import { illegalMove } from '../../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../../context.ts';
import { subscriptionStates } from '../../policy/states.ts';
import { listSubscriptions, toSubscription, type SubscriptionRow } from '../../store/subscriptions.ts';
import { createSubscription, rotateSecret, updateSubscription } from './change.ts';
import { found, locked, noSubscription } from './checks.ts';
import { makeMove, removeSubscription } from './moves.ts';
import type { Push } from '../push/supervise.ts';

type Names =
  | 'createSubscription'
  | 'updateSubscription'
  | 'rotateSecret'
  | 'getSubscription'
  | 'listSubscriptions'
  | 'deleteSubscription'
  | 'pauseSubscription'
  | 'resumeSubscription';

export const subscriptionHandlers = (context: Context, push: Pick<Push, 'wake' | 'halt'>): Pick<Handlers, Names> => ({
  createSubscription: createSubscription(context, push.wake),
  updateSubscription: updateSubscription(context, push.wake),
  rotateSecret: rotateSecret(context, push.wake),

  getSubscription: async ({ subscriptionId }, { errors }) =>
    toSubscription(await found(context, subscriptionId, errors)),

  listSubscriptions: async ({ cursor, ...wanted }) => {
    const rows = await listSubscriptions(context.database, { ...wanted, after: readCursor(cursor, oneText)?.[0] });
    return toPage(rows, wanted.limit, ({ id }) => [id], toSubscription);
  },

  deleteSubscription: command({
    commit: async (tx, { subscriptionId }, { errors }) => {
      const row = await removeSubscription(tx, subscriptionId);
      if (!row) throw noSubscription(subscriptionId, errors);
      return { id: row.id };
    },
    after: ({ id }) => push.halt(id),
  }),

  pauseSubscription: command({
    commit: async (tx, { subscriptionId }, { errors }) => {
      const row = await locked(tx, subscriptionId, errors);
      const paused = await makeMove(tx, row, 'pause', context.now());
      if (!paused) throw refusal(row, 'pause', errors);
      return toSubscription(paused);
    },
    after: ({ id }) => push.halt(id),
  }),

  resumeSubscription: command({
    commit: async (tx, { subscriptionId }, { errors }) => {
      const row = await locked(tx, subscriptionId, errors);
      const resumed = await makeMove(tx, row, 'resume', context.now());
      if (!resumed) throw refusal(row, 'resume', errors);
      return toSubscription(resumed);
    },
    after: push.wake,
  }),
});

const refusal = ({ id, state }: SubscriptionRow, move: 'pause' | 'resume', errors: Failures<'pauseSubscription'>) => {
  const [detail, data] = illegalMove(subscriptionStates, { name: `Subscription ${id}`, state }, move);
  return errors.ILLEGAL_STATE(detail, { subscriptionId: id, ...data });
};
