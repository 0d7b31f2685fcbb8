import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { ordersContract } from '../contract.ts';
import { CASH, type HoldFacts } from '../policy/payment.ts';
import { planRefund } from '../policy/refund.ts';
import { countRefunded, findHolds, insertRefund } from '../store/money-and-stock.ts';
import { findLines, findRefunds, type Refund } from '../store/order.ts';
import { lockHead, saveHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { about, blankEntry, orderNotFound, withPaymentState } from './change.ts';
import type { OrdersPlatform } from './pricing.ts';
import { isCalledOff, movesFrom } from '../policy/states.ts';

/** The payment that has most left to give back; a refund comes from one payment. */
const fullestHold = (
  holds: readonly HoldFacts[],
  refunds: readonly Refund[],
): { holdId: string; left: number } | undefined =>
  holds
    .map(({ holdId, captured }) => ({
      holdId,
      left: refunds
        .filter((refund) => refund.state !== 'failed' && (refund.holdId ?? CASH) === holdId)
        .reduce((left, refund) => left - refund.amount.amount, captured),
    }))
    .toSorted((one, other) => other.left - one.left)[0];

/** Refunds are decided and counted here; the wallet moves the money on refund.issued and reports back. */
export const refundHandlers = (platform: OrdersPlatform): Pick<Handlers<typeof ordersContract>, 'refundOrder'> => ({
  refundOrder: async ({ orderId, reason, lines, shipping }, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    const refundId = newId('rfd');
    return commit(async (tx) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      if (isCalledOff(head.state)) {
        return errors.ILLEGAL_STATE(
          `Order ${head.number} is ${head.state}: the wallet gives back all of it by itself.`,
          { state: head.state, allowed: movesFrom(head.state) },
        );
      }
      const money = (amount: number) => ({ amount, currency: head.currency });
      const named = [...lines.map((line) => line.amount), shipping].filter((amount) => amount !== undefined);
      const foreign = named.find((amount) => amount.currency !== head.currency);
      if (foreign)
        throw errors.OTHER_CURRENCY(
          `Order ${head.number} is in ${head.currency}; ${foreign.currency} cannot be given back for it.`,
        );

      const orderLines = await findLines(tx, orderId);
      const refunds = await findRefunds(tx, orderId, head.currency);
      const hold = fullestHold(await findHolds(tx, orderId), refunds);
      const live = refunds.filter((refund) => refund.state !== 'failed');
      const plan = planRefund(
        orderLines.map((line) => ({ ...line, total: line.total.amount, refunded: line.refunded.amount })),
        { lines: lines.map((line) => ({ ...line, amount: line.amount?.amount })), shipping: shipping?.amount ?? 0 },
        {
          refundable: Math.min(hold?.left ?? 0, head.captured - head.refunded),
          shippingLeft: live.reduce(
            (left, refund) => left - refund.shipping.amount,
            head.details.shipping?.total.amount ?? 0,
          ),
        },
      );
      if (!plan.ok) {
        if (plan.problem === 'LINE_NOT_FOUND')
          throw errors.LINE_NOT_FOUND(`Order ${head.number} has no line ${plan.lineId}, or it is named twice.`);
        if (plan.problem === 'NOTHING_TO_REFUND')
          throw errors.NOTHING_TO_REFUND('Name lines or shipping that have something left to refund.');
        throw errors.REFUND_TOO_HIGH(
          `${plan.says}: at most ${plan.refundable} minor units of ${head.currency} can be refunded.`,
          { requested: money(plan.requested), refundable: money(plan.refundable) },
        );
      }

      const isCash = hold?.holdId === CASH;
      const refund: Refund = {
        id: refundId,
        orderId,
        // Cash is handed out by staff: there is nothing to wait for.
        state: isCash ? 'settled' : 'issued',
        amount: money(plan.amount),
        lines: plan.lines.map((line) => ({ ...line, amount: money(line.amount) })),
        shipping: money(plan.shipping),
        reason,
        holdId: isCash ? null : (hold?.holdId ?? null),
        createdAt: at,
        settledAt: isCash ? at : null,
      };
      await insertRefund(tx, refund);
      await countRefunded(tx, orderId, plan.lines, 1);
      const actor = actorOf(caller);
      const entry = blankEntry(actor, {
        kind: 'refund',
        title: 'Refund issued',
        reason,
        amount: plan.amount,
        reference: refundId,
      });
      await saveHead(tx, withPaymentState({ ...head, refunded: head.refunded + plan.amount }), [entry], at);
      tx.append('refund.issued', orderId, {
        ...about(head),
        actor,
        refundId,
        holdId: refund.holdId,
        amount: refund.amount,
        lines: refund.lines,
        shipping: refund.shipping,
        reason,
      });
      return refund;
    });
  },
});
