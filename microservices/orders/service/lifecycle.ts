import type { Caller } from '../../chassis/auth/caller.ts';
import { currentContext } from '../../chassis/context.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { OrderMove } from '../policy/states.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { findLines, findParts, openOf, toOrder, type Order } from '../store/order.ts';
import { giveBackPromotions } from '../store/promotions.ts';
import { actorOf, maySee, shownTo } from './access.ts';
import { about, blankEntry, move, orderNotFound, requireMovable, type Change } from './change.ts';

type Names = 'approveOrder' | 'holdOrderForReview' | 'rejectOrder' | 'cancelOrder' | 'closeOrder' | 'addOrderNote';

/** Moves of an order that need no other service, and notes. */
export const lifecycleHandlers = ({ now }: Context): Pick<Handlers, Names> => {
  const step = takeStep(now);
  return {
    approveOrder: command((tx, input, request) =>
      step(tx, input, request, 'approve', (head, actor) => {
        tx.append('order.approved', head.id, { ...about(head), actor });
      }),
    ),

    holdOrderForReview: command((tx, input, request) =>
      step(tx, input, request, 'hold_for_review', (head, actor) => {
        tx.append('order.held_for_review', head.id, { ...about(head), actor });
      }),
    ),

    rejectOrder: command((tx, input, request) =>
      step(tx, input, request, 'reject', (head, actor) => endBeforeFulfilment(tx, head, 'reject', actor)),
    ),

    cancelOrder: command((tx, input, request) =>
      step(tx, input, request, 'cancel', (head, actor) => endBeforeFulfilment(tx, head, 'cancel', actor)),
    ),

    closeOrder: command((tx, input, request) =>
      step(tx, input, request, 'close', async (head, actor) => {
        const open = openOf(head, await findLines(tx, head.id));
        tx.append('order.closed', head.id, { ...about(head), actor, from: head.state, open });
      }),
    ),

    addOrderNote: command(async (tx, { orderId, text, visibleToCustomer }, { caller, errors }) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      const at = now().toISOString();
      const { visible, ...entry } = blankEntry(actorOf(caller), {
        kind: 'note',
        title: 'Note',
        reason: text,
        visible: visibleToCustomer,
      });
      const { revision } = await saveHead(tx, head, [{ ...entry, visible }], at);
      const { actor } = entry;
      tx.append('order.note_added', head.id, { ...about(head), actor, position: revision, visibleToCustomer });
      return { ...entry, amount: null, position: revision, at, journey: currentContext().journey ?? null };
    }),
  };
};

/** Saves a change and returns the order as this caller may see it. */
export const saveAndShow = async (tx: Tx, change: Change, caller: Caller): Promise<Order> => {
  const head = await saveHead(tx, change.head, change.entries, change.at);
  return shownTo(caller, toOrder(head, await findParts(tx, head)));
};

interface StepInput {
  orderId: string;
  secret?: string | undefined;
  reason?: string | undefined;
}

/** One move of one order: lock, move, announce, save. */
const takeStep =
  (now: () => Date) =>
  async (
    tx: Tx,
    { orderId, secret, reason }: StepInput,
    { caller, errors }: { caller: Caller; errors: Failures<'approveOrder'> },
    by: OrderMove,
    announce: (head: OrderHead, actor: string) => Promise<void> | void,
  ): Promise<Order> => {
    const head = await lockHead(tx, orderId);
    if (!head || !maySee(caller, head, secret)) throw orderNotFound(errors, orderId);
    requireMovable(head, by, errors);
    const actor = actorOf(caller);
    await announce(head, actor);
    const change = move({ head, entries: [], at: now().toISOString() }, by, { actor, reason: reason ?? null });
    return saveAndShow(tx, change, caller);
  };

const endBeforeFulfilment = async (tx: Tx, head: OrderHead, end: 'cancel' | 'reject', actor: string): Promise<void> => {
  if (head.details.promotions.length > 0) await giveBackPromotions(tx, head.id);
  const payload = { ...about(head), actor, from: head.state };
  tx.append(end === 'cancel' ? 'order.cancelled' : 'order.rejected', head.id, payload);
};

/** Cancels an order that was not confirmed in time, from its locked row. */
export const cancelUnconfirmed = async (
  tx: Tx,
  head: OrderHead,
  by: { actor: string; reason: string; at: string },
): Promise<void> => {
  await endBeforeFulfilment(tx, head, 'cancel', by.actor);
  const change = move({ head, entries: [], at: by.at }, 'cancel', by);
  await saveHead(tx, change.head, change.entries, change.at);
};
