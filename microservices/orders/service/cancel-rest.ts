import { command } from '../../chassis/http/command.ts';
import { allocate } from '../../chassis/money.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { planRefund, type PlannedLine } from '../policy/refund.ts';
import { countCancelled } from '../store/money-and-stock.ts';
import { lockHead, type OrderHead } from '../store/order-head.ts';
import { findFulfilments, openOf } from '../store/order.ts';
import { actorOf, maySee } from './access.ts';
import { about, move, orderNotFound, requireMovable, withPaymentState, type Change } from './change.ts';
import { findRefundBasis, issueRefund, type RefundBasis } from './issue-refund.ts';
import { saveAndShow } from './lifecycle.ts';

/** Cancels the units of a partly shipped order that were not shipped. Inventory releases their stock on the event. */
export const cancelRestHandlers = (context: Context): Pick<Handlers, 'cancelRest'> => ({
  cancelRest: command(async (tx, { orderId, reason, secret }, { caller, errors }) => {
    const locked = await lockHead(tx, orderId);
    if (!locked || !maySee(caller, locked, secret)) throw orderNotFound(errors, orderId);
    requireMovable(locked, 'cancel_rest', errors);
    const actor = actorOf(caller);
    const basis = await findRefundBasis(tx, locked);
    const open = openOf(locked, basis.orderLines);
    const planned = planRest(basis, open);
    const head = { ...locked, cancelled: locked.cancelled + amountOf(planned) };
    await countCancelled(tx, orderId, open);
    tx.append('order.rest_cancelled', orderId, { ...about(head), actor, reason, lines: open });
    const started = { head: withPaymentState(head), entries: [], at: context.now().toISOString() };
    const moved = move(started, 'cancel_rest', { actor, reason, title: 'Rest cancelled' });
    const lines = overpaid(planned, head, basis);
    const refunded =
      amountOf(lines) > 0
        ? await issueRefund(tx, context, moved, basis, { lines, shipping: 0, reason, actor })
        : undefined;
    return saveAndShow(tx, await deliveredIfAllArrived(tx, refunded?.change ?? moved, actor), caller);
  }),
});

const amountOf = (lines: readonly PlannedLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0);

/** The cost of the open units. Units that staff refunded before without shipping them are not counted again. */
const planRest = ({ lines }: RefundBasis, open: readonly { lineId: string; quantity: number }[]): PlannedLine[] => {
  const wanted = open.flatMap(({ lineId, quantity }) => {
    const refundedBefore = lines.find((line) => line.lineId === lineId)?.refundedUnshipped ?? 0;
    return quantity > refundedBefore ? [{ lineId, quantity: quantity - refundedBefore }] : [];
  });
  const plan = planRefund(lines, { lines: wanted, shipping: 0 }, { refundable: Infinity, shippingLeft: 0 });
  return plan.ok ? plan.lines : [];
};

/** The part of the cancelled units' cost that was paid already: all of it, or less where not all of the order was. */
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
