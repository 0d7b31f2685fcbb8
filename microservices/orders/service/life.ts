import type { Caller } from '../../chassis/auth/caller.ts';
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
import type { OrdersHandler, OrdersPlatform } from './pricing.ts';

/** Saves a change and answers the order as this caller may see it. */
export const saveAndShow = async (tx: OrdersTransaction, change: Change, caller: Caller): Promise<Order> => {
  const head = await saveHead(tx, change.head, change.entries, change.at);
  return shownTo(caller, toOrder(head, await findParts(tx, head)));
};

interface By {
  actor: string;
  reason: string;
  at: string;
}

/** Ends an order before fulfilment, from a locked row: gives promotions back and tells it. Undefined when that is not possible any more. */
export const callOff = async (
  tx: OrdersTransaction,
  head: OrderHead,
  end: 'cancel' | 'reject',
  by: By,
): Promise<Change | undefined> => {
  const change = move({ head, entries: [], at: by.at }, end, by);
  if (!change) return undefined;
  if (head.details.promotions.length > 0) await giveBackPromotions(tx, head.id);
  const payload = { ...about(head), actor: by.actor, from: head.state, reason: by.reason };
  tx.append(end === 'cancel' ? 'order.cancelled' : 'order.rejected', head.id, payload);
  return change;
};

interface Step {
  input: { orderId: string; secret?: string | undefined };
  caller: Caller;
  errors: LifeErrors;
  by: OrderMove;
}

/** One move of one order: lock, decide, save. A move that is not possible now is thrown, so that the same key can do it later. */
const step = async (
  tx: OrdersTransaction,
  { input, caller, errors, by }: Step,
  decide: (head: OrderHead, actor: string) => Promise<Change | undefined> | Change | undefined,
): Promise<Order> => {
  const head = await lockHead(tx, input.orderId);
  if (!head || !maySee(caller, head, input.secret)) throw orderNotFound(errors, input.orderId);
  const change = await decide(head, actorOf(caller));
  if (!change) throw illegalMove(errors, head, by);
  return saveAndShow(tx, change, caller);
};

const approveOrder =
  (platform: OrdersPlatform): OrdersHandler<'approveOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit((tx) =>
      step(tx, { input, caller, errors, by: 'approve' }, (head, actor) => {
        const reason = input.reason ?? null;
        const change = move({ head, entries: [], at }, 'approve', { actor, reason });
        if (change) tx.append('order.approved', head.id, { ...about(head), actor, reason });
        return change;
      }),
    );
  };

const holdOrderForReview =
  (platform: OrdersPlatform): OrdersHandler<'holdOrderForReview'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    const { reason } = input;
    return commit((tx) =>
      step(tx, { input, caller, errors, by: 'hold_for_review' }, (head, actor) => {
        const change = move({ head, entries: [], at }, 'hold_for_review', { actor, reason });
        if (change) tx.append('order.held_for_review', head.id, { ...about(head), actor, reason });
        return change;
      }),
    );
  };

const rejectOrder =
  (platform: OrdersPlatform): OrdersHandler<'rejectOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit((tx) =>
      step(tx, { input, caller, errors, by: 'reject' }, (head, actor) =>
        callOff(tx, head, 'reject', { actor, reason: input.reason, at }),
      ),
    );
  };

const cancelOrder =
  (platform: OrdersPlatform): OrdersHandler<'cancelOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit((tx) =>
      step(tx, { input, caller, errors, by: 'cancel' }, (head, actor) =>
        callOff(tx, head, 'cancel', { actor, reason: input.reason, at }),
      ),
    );
  };

const closeOrder =
  (platform: OrdersPlatform): OrdersHandler<'closeOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit((tx) =>
      step(tx, { input, caller, errors, by: 'close' }, (head, actor) => {
        const reason = input.reason ?? null;
        const change = move({ head, entries: [], at }, 'close', { actor, reason });
        if (change) tx.append('order.closed', head.id, { ...about(head), actor, from: head.state, reason });
        return change;
      }),
    );
  };

const addOrderNote =
  (platform: OrdersPlatform): OrdersHandler<'addOrderNote'> =>
  async ({ orderId, text, visibleToCustomer }, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    return commit(async (tx) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      const note = { kind: 'note', title: 'Note', reason: text, visible: visibleToCustomer } as const;
      const { visible: _, ...entry } = blankEntry(actorOf(caller), note);
      const { revision } = await saveHead(tx, head, [{ ...entry, visible: visibleToCustomer }], at);
      return { ...entry, amount: null, position: revision, at };
    });
  };

/** Moves of an order that need nobody else, and notes. */
export const lifeHandlers = (platform: OrdersPlatform) => ({
  approveOrder: approveOrder(platform),
  holdOrderForReview: holdOrderForReview(platform),
  rejectOrder: rejectOrder(platform),
  cancelOrder: cancelOrder(platform),
  closeOrder: closeOrder(platform),
  addOrderNote: addOrderNote(platform),
});
