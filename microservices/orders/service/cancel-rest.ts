import { command } from '../../chassis/http/command.ts';
import { allocate } from '../../chassis/money.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { planRefund, type PlannedLine } from '../policy/refund.ts';
import { countCancelled } from '../store/money-and-stock.ts';
import { lockHead, type OrderHead } from '../store/order-head.ts';
import { findFulfilments, findLines, openOf } from '../store/order.ts';
import { actorOf, maySee } from './access.ts';
import { about, move, orderNotFound, requireMovable, withPaymentState, type Change } from './change.ts';
import { findRefundBasis, issueRefund, type RefundBasis } from './issue-refund.ts';
import { saveAndShow } from './lifecycle.ts';

/** Cancels the units of a partly shipped order that were not shipped. Inventory releases their stock on the event. */
export const cancelRestHandlers = (context: Context): Pick<Handlers, 'cancelRest'> => ({
  cancelRest: command(async (tx, { orderId, reason, secret }, { caller, errors }) => {
    const head = await lockHead(tx, orderId);
    if (!head || !maySee(caller, head, secret)) throw orderNotFound(errors, orderId);
    requireMovable(head, 'cancel_rest', errors);
    const actor = actorOf(caller);
    const open = openOf(head, await findLines(tx, orderId));
    await countCancelled(tx, orderId, open);
    tx.append('order.rest_cancelled', orderId, { ...about(head), actor, lines: open });
    const basis = await findRefundBasis(tx, head);
    const cancelled = withPaymentState({ ...head, cancelled: head.cancelled + amountOf(planCancelled(basis)) });
    const started = { head: cancelled, entries: [], at: context.now().toISOString() };
    const moved = move(started, 'cancel_rest', { actor, reason, title: 'Rest cancelled' });
    const refunded = await refundOverpaid(tx, context, moved, { basis, reason, actor });
    return saveAndShow(tx, await deliveredIfAllArrived(tx, refunded, actor), caller);
  }),
});

/** Refunds what was captured for cancelled units; captured later than they were cancelled, it is refunded then. */
export const refundCancelled = async (
  tx: Tx,
  context: Pick<Context, 'settings'>,
  change: Change,
  actor: string,
): Promise<Change> => {
  if (change.head.cancelled === 0) return change;
  const basis = await findRefundBasis(tx, change.head);
  return refundOverpaid(tx, context, change, { basis, reason: 'cancelled before it was shipped', actor });
};

const refundOverpaid = async (
  tx: Tx,
  context: Pick<Context, 'settings'>,
  change: Change,
  { basis, reason, actor }: { basis: RefundBasis; reason: string; actor: string },
): Promise<Change> => {
  const lines = overpaid(planCancelled(basis), change.head, basis);
  if (amountOf(lines) === 0) return change;
  return (await issueRefund(tx, context, change, basis, { lines, shipping: 0, reason, actor })).change;
};

const amountOf = (lines: readonly PlannedLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0);

/** The cost of cancelled units that were not refunded yet. */
const planCancelled = ({ lines }: RefundBasis): PlannedLine[] => {
  const wanted = lines.flatMap(({ lineId, cancelled, refundedUnshipped }) =>
    cancelled > refundedUnshipped ? [{ lineId, quantity: cancelled - refundedUnshipped }] : [],
  );
  const plan = planRefund(lines, { lines: wanted, shipping: 0 }, { refundable: Infinity, shippingLeft: 0 });
  return plan.ok ? plan.lines : [];
};

/** The part of their cost that was paid already: all of it, or less where not all of the order was. */
const overpaid = (planned: readonly PlannedLine[], head: OrderHead, { payment }: RefundBasis): PlannedLine[] => {
  const cost = amountOf(planned);
  const paid = Math.min(cost, head.captured - head.grandTotal + cost, payment?.left ?? 0);
  if (paid <= 0) return [];
  const shares = allocate(
    { amount: paid, currency: head.currency },
    planned.map(({ amount }) => amount),
  );
  return planned.map((line, index) => ({ ...line, amount: shares[index]?.amount ?? 0 }));
};

/** When all that was shipped has arrived, nothing is under way any more. */
const deliveredIfAllArrived = async (tx: Tx, change: Change, actor: string): Promise<Change> => {
  const shipments = await findFulfilments(tx, change.head.id);
  if (shipments.some(({ state }) => state !== 'delivered')) return change;
  tx.append('order.delivered', change.head.id, { ...about(change.head), actor, deliveredAt: change.at });
  return move(change, 'deliver', { actor });
};
