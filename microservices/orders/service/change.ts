import type { Problem } from '../../chassis/problem.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Failures } from '../context.ts';
import { paymentStateOf } from '../policy/payment.ts';
import { isCalledOff, orderStates, type OrderMove, type OrderState } from '../policy/states.ts';
import type { NewEntry, OrderHead } from '../store/order-head.ts';

/** An order on its way from one state to the next, with the timeline entries that say why. Saved at the end, once. */
export interface Change {
  head: OrderHead;
  entries: NewEntry[];
  at: string;
}

export const orderNotFound = (errors: Pick<Failures<'getOrder'>, 'ORDER_NOT_FOUND'>, orderId: string): Problem =>
  errors.ORDER_NOT_FOUND(
    `There is no order ${orderId}, or you may not see it. A guest names the secret that placing the order returned.`,
  );

/** The state that a move leads to. Throws ILLEGAL_STATE where it is not allowed. */
export const requireMovable = (
  { number, state }: OrderHead,
  by: OrderMove,
  errors: Pick<Failures<'approveOrder'>, 'ILLEGAL_STATE'>,
): OrderState => requireMove(orderStates, { name: `Order ${number}`, state }, by, errors.ILLEGAL_STATE);

/** The part that all events about an order share. */
export const about = (head: OrderHead) => ({ orderId: head.id, number: head.number, customerId: head.customerId });

/** A timeline entry with what is given, and nothing else. */
export const blankEntry = (actor: string, entry: Pick<NewEntry, 'kind' | 'title'> & Partial<NewEntry>): NewEntry => ({
  from: null,
  to: null,
  reason: null,
  amount: null,
  reference: null,
  visible: true,
  ...entry,
  actor,
});

/** The amount to pay: the grand total less the cost of units that were cancelled. */
export const payableOf = ({ grandTotal, cancelled }: OrderHead): number => grandTotal - cancelled;

/**
 * The payment's sub-state follows from the amounts and from whether the order was called off; written wherever either
 * changes.
 */
export const withPaymentState = (head: OrderHead, allHoldsReleased = false): OrderHead => ({
  ...head,
  paymentState: paymentStateOf({
    method: head.paymentMethod,
    payable: payableOf(head),
    authorized: head.authorized,
    captured: head.captured,
    refunded: head.refunded,
    failed: head.paymentFailed,
    givenUp: allHoldsReleased || (head.paymentState === 'voided' && head.authorized === 0) || isCalledOff(head.state),
  }),
});

const TITLES: Record<OrderState, string> = {
  placed: 'Order placed',
  under_review: 'Held for review',
  approved: 'Approved',
  confirmed: 'Confirmed',
  partially_fulfilled: 'Shipped in part',
  fulfilled: 'Shipped completely',
  delivered: 'Delivered',
  closed: 'Closed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
};

/** The change that a move makes. Throws for a move that is not allowed: requireMovable refuses it first. */
export const move = (
  { head, entries, at }: Change,
  by: OrderMove,
  {
    actor,
    reason = null,
    reference = null,
    title,
  }: { actor: string; reason?: string | null; reference?: string | null; title?: string },
): Change => {
  const to = orderStates[head.state][by];
  if (!to) throw new Error(`Order ${head.id} is ${head.state} and cannot "${by}"`);
  const stateSince = to === head.state ? head.stateSince : at;
  return {
    head: withPaymentState({ ...head, state: to, stateSince, stateReason: reason }),
    entries: [
      ...entries,
      blankEntry(actor, { kind: 'state', title: title ?? TITLES[to], from: head.state, to, reason, reference }),
    ],
    at,
  };
};
