import type { Problem } from '../../chassis/problem.ts';
import type { Transaction } from '../../chassis/transaction.ts';
import type { ordersContract } from '../contract.ts';
import { paymentStateOf } from '../policy/payment.ts';
import { isCalledOff, movesFrom, stateAfter, type OrderMove, type OrderState } from '../policy/states.ts';
import type { NewEntry, OrderHead } from '../store/order-head.ts';

export type OrdersTransaction = Transaction<typeof ordersContract>;

/** An order on its way from one state to the next, with the timeline entries that say why. Saved at the end, once. */
export interface Change {
  head: OrderHead;
  entries: NewEntry[];
  at: string;
}

export interface LifeErrors {
  ORDER_NOT_FOUND: (detail: string) => Problem;
  ILLEGAL_STATE: (detail: string, data: { state: string; allowed: string[] }) => Problem;
}

export const orderNotFound = (errors: Pick<LifeErrors, 'ORDER_NOT_FOUND'>, orderId: string): Problem =>
  errors.ORDER_NOT_FOUND(
    `There is no order ${orderId}, or it is not yours to see. Guests name the secret they got when placing it.`,
  );

/** The failure for a move that is not possible now. */
export const illegalMove = (errors: LifeErrors, head: OrderHead, move: OrderMove): Problem => {
  const allowed = movesFrom(head.state);
  const possible = allowed.length > 0 ? `Possible now: ${allowed.join(', ')}.` : 'Nothing is possible any more.';
  return errors.ILLEGAL_STATE(`Order ${head.number} is ${head.state}: ${move} is not possible. ${possible}`, {
    state: head.state,
    allowed,
  });
};

export const about = (head: OrderHead) => ({ orderId: head.id, number: head.number, customerId: head.customerId });

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

/** The payment's sub-state follows from the amounts and from whether the order was called off; written wherever either changes. */
export const withPaymentState = (head: OrderHead, allHoldsReleased = false): OrderHead => ({
  ...head,
  paymentState: paymentStateOf({
    method: head.paymentMethod,
    grandTotal: head.grandTotal,
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

/** The change that a move makes, by the table of states; undefined when it is not possible. */
export const move = (
  change: Change,
  by: OrderMove,
  entry: { actor: string; reason?: string | null; reference?: string | null },
): Change | undefined => {
  const to = stateAfter(change.head.state, by);
  if (!to) return undefined;
  const { head, at } = change;
  return {
    head: withPaymentState({
      ...head,
      state: to,
      stateSince: to === head.state ? head.stateSince : at,
      stateReason: entry.reason ?? null,
    }),
    entries: [
      ...change.entries,
      blankEntry(entry.actor, {
        kind: 'state',
        title: TITLES[to],
        from: head.state,
        to,
        reason: entry.reason ?? null,
        reference: entry.reference ?? null,
      }),
    ],
    at,
  };
};
