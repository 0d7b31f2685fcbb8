import type { Context, Tx } from '../context.ts';
import { allocationStateOf, learnOfReservation, type ReservationFacts } from '../policy/allocation.ts';
import { learnOfHold, paymentSums, type HoldFacts } from '../policy/payment.ts';
import {
  countRefunded,
  findHolds,
  findReservations,
  saveHold,
  saveReservation,
  settleRefund,
} from '../store/money-and-stock.ts';
import { findRefunds } from '../store/order.ts';
import { about, blankEntry, payableOf, withPaymentState, type Change } from './change.ts';
import { keepRefundOfWallet } from './issue-refund.ts';

// Orders learn of stock and money from events and from their own calls. All of it may be learnt twice and in any order.

const RESERVATION_TITLES: Record<ReservationFacts['state'], string> = {
  reserved: 'Stock reserved',
  committed: 'Stock committed',
  released: 'Stock released',
  expired: 'Stock reservation expired',
  failed: 'Stock could not be reserved',
  returned: 'Stock returned',
};

/** One more fact about a reservation. The first stock that an order gets is announced as order.allocated. */
export const learnReservation = async (
  tx: Tx,
  change: Change,
  fact: ReservationFacts,
  from: { actor: string; lines: readonly { sku: string; quantity: number }[] },
): Promise<Change> => {
  const known = await findReservations(tx, change.head.id);
  const before = known.find((one) => one.reservationId === fact.reservationId);
  const learnt = learnOfReservation(before, fact);
  if (before?.state === learnt.state) return change;
  await saveReservation(tx, change.head.id, learnt);
  const all = [...known.filter((one) => one !== before), learnt];
  const allocationState = allocationStateOf(all);
  const isFirst =
    change.head.allocatedAt === null && (allocationState === 'allocated' || allocationState === 'committed');
  if (isFirst) {
    const lines = from.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    tx.append('order.allocated', change.head.id, { ...about(change.head), reservationId: fact.reservationId, lines });
  }
  return {
    ...change,
    head: { ...change.head, allocationState, ...(isFirst ? { allocatedAt: change.at } : {}) },
    entries: [
      ...change.entries,
      blankEntry(from.actor, {
        kind: 'allocation',
        title: RESERVATION_TITLES[learnt.state],
        reference: fact.reservationId,
        visible: false,
      }),
    ],
  };
};

const paymentTitle = (before: HoldFacts | undefined, now: HoldFacts): string => {
  if (now.captured > (before?.captured ?? 0)) return 'Payment captured';
  if (now.state === 'voided' || now.state === 'expired') return `Hold ${now.state}`;
  return before ? 'Hold changed' : 'Money held';
};

/** One more fact about a payment. The capture that completes the total is announced as order.paid. */
export const learnPayment = async (tx: Tx, change: Change, fact: HoldFacts, actor: string): Promise<Change> => {
  const known = await findHolds(tx, change.head.id);
  const before = known.find((one) => one.holdId === fact.holdId);
  const learnt = learnOfHold(before, fact);
  if (
    before &&
    before.state === learnt.state &&
    before.authorized === learnt.authorized &&
    before.captured === learnt.captured
  )
    return change;
  await saveHold(tx, change.head.id, learnt);
  const all = [...known.filter((one) => one !== before), learnt];
  const sums = paymentSums(all);
  const isPaid = change.head.paidAt === null && sums.captured > 0 && sums.captured >= payableOf(change.head);
  if (isPaid) {
    const amount = { amount: sums.captured, currency: change.head.currency };
    tx.append('order.paid', change.head.id, {
      ...about(change.head),
      paymentMethod: change.head.paymentMethod,
      amount,
    });
  }
  const moved = learnt.captured - (before?.captured ?? 0);
  return {
    ...change,
    head: withPaymentState(
      { ...change.head, ...sums, paymentFailed: false, ...(isPaid ? { paidAt: change.at } : {}) },
      sums.authorized === 0,
    ),
    entries: [
      ...change.entries,
      blankEntry(actor, {
        kind: 'payment',
        title: paymentTitle(before, learnt),
        amount: moved > 0 ? moved : learnt.authorized,
        reference: fact.holdId,
      }),
    ],
  };
};

/** The wallet refused to hold money for the order. */
export const learnPaymentFailed = (change: Change, why: { reason: string; amount: number }, actor: string): Change => ({
  ...change,
  head: withPaymentState({ ...change.head, paymentFailed: true }),
  entries: [
    ...change.entries,
    blankEntry(actor, { kind: 'payment', title: 'Payment failed', reason: why.reason, amount: why.amount }),
  ],
});

/**
 * The wallet refunded money: for a refund of ours, or because somebody asked the wallet itself or the order was
 * cancelled.
 */
export const learnRefunded = async (
  tx: Tx,
  context: Pick<Context, 'settings'>,
  change: Change,
  given: { holdId: string; refundReference: string; amount: number },
  actor: string,
): Promise<Change> => {
  const { head, at } = change;
  const entry = blankEntry(actor, {
    kind: 'refund',
    title: 'Money refunded',
    amount: given.amount,
    reference: given.refundReference,
  });
  if (await settleRefund(tx, given.refundReference, 'settled', at))
    return { ...change, entries: [...change.entries, entry] };
  const refunds = await findRefunds(tx, head.id, head.currency);
  if (refunds.some((refund) => refund.id === given.refundReference)) return change;
  await keepRefundOfWallet(tx, context, change, given);
  return {
    ...change,
    head: withPaymentState({ ...head, refunded: head.refunded + given.amount }),
    entries: [...change.entries, entry],
  };
};

/** The wallet could not make a refund that was issued: it counts as not refunded, and staff see why. */
export const learnRefundFailed = async (
  tx: Tx,
  change: Change,
  failed: { refundId: string; reason: string },
  actor: string,
): Promise<Change> => {
  const { head, at } = change;
  const refund = (await findRefunds(tx, head.id, head.currency)).find((one) => one.id === failed.refundId);
  if (!refund || !(await settleRefund(tx, failed.refundId, 'failed', at))) return change;
  const lines = refund.lines.map((line) => ({ ...line, amount: line.amount.amount }));
  await countRefunded(tx, head.id, lines, -1);
  return {
    ...change,
    head: withPaymentState({ ...head, refunded: head.refunded - refund.amount.amount }),
    entries: [
      ...change.entries,
      blankEntry(actor, {
        kind: 'refund',
        title: 'Refund failed',
        reason: failed.reason,
        amount: refund.amount.amount,
        reference: refund.id,
        visible: false,
      }),
    ],
  };
};
