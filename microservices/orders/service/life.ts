import type { Caller } from '../../chassis/auth/caller.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { ordersContract } from '../contract.ts';
import type { OrderMove } from '../policy/states.ts';
import { findParts, toOrder, type Order } from '../store/order.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { giveBackPromotions } from '../store/promotions.ts';
import { actorOf, maySee, shownTo } from './access.ts';
import {
  about,
  blankEntry,
  illegalMove,
  move,
  orderNotFound,
  type Change,
  type LifeErrors,
  type OrdersTransaction,
} from './change.ts';
import type { OrdersPlatform } from './pricing.ts';

/** Saves a change and answers the order as this caller may see it. */
export const saveAndShow = async (tx: OrdersTransaction, change: Change, caller: Caller): Promise<Order> => {
  const head = await saveHead(tx, change.head, change.entries, change.at);
  return shownTo(caller, toOrder(head, await findParts(tx, head)));
};

/** Ends an order before fulfilment, from a locked row: gives promotions back and tells it. Undefined when that is not possible any more. */
export const callOff = async (
  tx: OrdersTransaction,
  head: OrderHead,
  by: { move: 'cancel' | 'reject'; actor: string; reason: string; at: string },
): Promise<Change | undefined> => {
  const change = move({ head, entries: [], at: by.at }, by.move, by);
  if (!change) return undefined;
  if (head.details.promotions.length > 0) await giveBackPromotions(tx, head.id);
  const payload = { ...about(head), actor: by.actor, from: head.state, reason: by.reason };
  tx.append(by.move === 'cancel' ? 'order.cancelled' : 'order.rejected', head.id, payload);
  return change;
};

interface Step {
  orderId: string;
  reason?: string | undefined;
  secret?: string | undefined;
}

type LifeHandlers = Pick<
  Handlers<typeof ordersContract>,
  'approveOrder' | 'holdOrderForReview' | 'rejectOrder' | 'cancelOrder' | 'closeOrder' | 'addOrderNote'
>;

export const lifeHandlers = (platform: OrdersPlatform): LifeHandlers => {
  const now = () => platform.now().toISOString();

  /** One move of one order: lock, decide, tell, save. */
  const step = async (
    tx: OrdersTransaction,
    input: Step,
    request: { caller: Caller; errors: LifeErrors; by: OrderMove; at: string },
    decide: (head: OrderHead, actor: string) => Promise<Change | undefined> | Change | undefined,
  ): Promise<Order | Problem> => {
    const { caller, errors, by } = request;
    const head = await lockHead(tx, input.orderId);
    if (!head || !maySee(caller, head, input.secret)) throw orderNotFound(errors, input.orderId);
    const change = await decide(head, actorOf(caller));
    return change ? saveAndShow(tx, change, caller) : illegalMove(errors, head, by);
  };

  return {
    approveOrder: async (input, { caller, errors, commit }) => {
      const at = now();
      return commit((tx) =>
        step(tx, input, { caller, errors, by: 'approve', at }, (head, actor) => {
          const change = move({ head, entries: [], at }, 'approve', { actor, reason: input.reason });
          if (change) tx.append('order.approved', head.id, { ...about(head), actor, reason: input.reason ?? null });
          return change;
        }),
      );
    },

    holdOrderForReview: async (input, { caller, errors, commit }) => {
      const at = now();
      return commit((tx) =>
        step(tx, input, { caller, errors, by: 'hold_for_review', at }, (head, actor) => {
          const change = move({ head, entries: [], at }, 'hold_for_review', { actor, reason: input.reason });
          if (change) tx.append('order.held_for_review', head.id, { ...about(head), actor, reason: input.reason });
          return change;
        }),
      );
    },

    rejectOrder: async (input, { caller, errors, commit }) => {
      const at = now();
      return commit((tx) =>
        step(tx, input, { caller, errors, by: 'reject', at }, (head, actor) =>
          callOff(tx, head, { move: 'reject', actor, reason: input.reason, at }),
        ),
      );
    },

    cancelOrder: async (input, { caller, errors, commit }) => {
      const at = now();
      return commit((tx) =>
        step(tx, input, { caller, errors, by: 'cancel', at }, (head, actor) =>
          callOff(tx, head, { move: 'cancel', actor, reason: input.reason, at }),
        ),
      );
    },

    closeOrder: async (input, { caller, errors, commit }) => {
      const at = now();
      return commit((tx) =>
        step(tx, input, { caller, errors, by: 'close', at }, (head, actor) => {
          const change = move({ head, entries: [], at }, 'close', { actor, reason: input.reason });
          if (change)
            tx.append('order.closed', head.id, {
              ...about(head),
              actor,
              from: head.state,
              reason: input.reason ?? null,
            });
          return change;
        }),
      );
    },

    addOrderNote: async ({ orderId, text, visibleToCustomer }, { caller, errors, commit }) => {
      const at = now();
      return commit(async (tx) => {
        const head = await lockHead(tx, orderId);
        if (!head) throw orderNotFound(errors, orderId);
        const entry = blankEntry(actorOf(caller), {
          kind: 'note',
          title: 'Note',
          reason: text,
          visible: visibleToCustomer,
        });
        const saved = await saveHead(tx, head, [entry], at);
        const { visible: _, ...shown } = entry;
        return { ...shown, position: saved.revision, at, amount: null };
      });
    },
  };
};
