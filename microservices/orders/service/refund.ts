import { inWords } from '../../chassis/money.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { ordersContract } from '../contract.ts';
import { CASH, type HoldFacts } from '../policy/payment.ts';
import { planRefund, type RefundPlan } from '../policy/refund.ts';
import { isCalledOff, movesFrom } from '../policy/states.ts';
import { countRefunded, findHolds, insertRefund } from '../store/money-and-stock.ts';
import { findLines, findRefunds, type Refund } from '../store/order.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { about, blankEntry, orderNotFound, withPaymentState, type OrdersTransaction } from './change.ts';
import type { OrdersHandler, OrdersPlatform } from './pricing.ts';

type RefundInput = InputOf<typeof ordersContract, 'refundOrder'>;
type Money = Refund['amount'];

/** The payment that has most left to give back; a refund comes from one payment. */
const fullestHold = (
  holds: readonly HoldFacts[],
  refunds: readonly Refund[],
): { holdId: string; left: number } | undefined =>
  holds
    .map(({ holdId, captured }) => ({
      holdId,
      left: refunds
        .filter((refund) => (refund.holdId ?? CASH) === holdId)
        .reduce((left, refund) => left - refund.amount.amount, captured),
    }))
    .toSorted((one, other) => other.left - one.left)[0];

/** What would be refunded, and from which payment, as things stand under the order's lock. */
const planFor = async (
  tx: OrdersTransaction,
  head: OrderHead,
  { lines, shipping }: RefundInput,
): Promise<{ plan: RefundPlan; holdId: string | null }> => {
  const orderLines = await findLines(tx, head.id);
  const refunds = (await findRefunds(tx, head.id, head.currency)).filter((refund) => refund.state !== 'failed');
  const hold = fullestHold(await findHolds(tx, head.id), refunds);
  const shippingCost = head.details.shipping?.total.amount ?? 0;
  const plan = planRefund(
    orderLines.map((line) => ({ ...line, total: line.total.amount, refunded: line.refunded.amount })),
    { lines: lines.map((line) => ({ ...line, amount: line.amount?.amount })), shipping: shipping?.amount ?? 0 },
    {
      refundable: Math.max(0, Math.min(hold?.left ?? 0, head.captured - head.refunded)),
      shippingLeft: refunds.reduce((left, refund) => left - refund.shipping.amount, shippingCost),
    },
  );
  return { plan, holdId: hold?.holdId ?? null };
};

interface RefundErrors {
  LINE_NOT_FOUND: (detail: string) => Problem;
  NOTHING_TO_REFUND: (detail: string) => Problem;
  REFUND_TOO_HIGH: (detail: string, data: { requested: Money; refundable: Money }) => Problem;
}

const refused = (plan: RefundPlan & { ok: false }, head: OrderHead, errors: RefundErrors): Problem => {
  const money = (amount: number) => ({ amount, currency: head.currency });
  switch (plan.problem) {
    case 'LINE_NOT_FOUND':
      return errors.LINE_NOT_FOUND(`Order ${head.number} has no line ${plan.lineId}, or it is named twice.`);
    case 'NOTHING_TO_REFUND':
      return errors.NOTHING_TO_REFUND('Name lines or shipping that have something left to refund.');
    case 'REFUND_TOO_HIGH':
      return errors.REFUND_TOO_HIGH(`${plan.says}: at most ${inWords(money(plan.refundable))} can be refunded.`, {
        requested: money(plan.requested),
        refundable: money(plan.refundable),
      });
  }
};

/** The refund as it is kept. Cash is handed out by staff, so there is nothing to wait for. */
const refundOf = (
  head: OrderHead,
  plan: RefundPlan & { ok: true },
  about: { id: string; holdId: string | null; reason: string; at: string },
): Refund => {
  const money = (amount: number) => ({ amount, currency: head.currency });
  const isCash = about.holdId === CASH;
  return {
    id: about.id,
    orderId: head.id,
    state: isCash ? 'settled' : 'issued',
    amount: money(plan.amount),
    lines: plan.lines.map((line) => ({ ...line, amount: money(line.amount) })),
    shipping: money(plan.shipping),
    reason: about.reason,
    holdId: isCash ? null : about.holdId,
    createdAt: about.at,
    settledAt: isCash ? about.at : null,
  };
};

/** Refunds are decided and counted here; the wallet moves the money on refund.issued and reports back. */
const refundOrder =
  (platform: OrdersPlatform): OrdersHandler<'refundOrder'> =>
  async (input, { caller, errors, commit }) => {
    const at = platform.now().toISOString();
    const id = newId('rfd');
    const { reason } = input;
    return commit(async (tx) => {
      const head = await lockHead(tx, input.orderId);
      if (!head) throw orderNotFound(errors, input.orderId);
      if (isCalledOff(head.state)) {
        const says = `Order ${head.number} is ${head.state}: the wallet gives back all of it by itself.`;
        throw errors.ILLEGAL_STATE(says, { state: head.state, allowed: movesFrom(head.state) });
      }
      const foreign = [...input.lines.map((line) => line.amount), input.shipping].find(
        (amount) => amount !== undefined && amount.currency !== head.currency,
      );
      if (foreign) {
        throw errors.OTHER_CURRENCY(
          `Order ${head.number} is in ${head.currency}; ${foreign.currency} cannot be given back for it.`,
        );
      }
      const { plan, holdId } = await planFor(tx, head, input);
      if (!plan.ok) throw refused(plan, head, errors);
      const refund = refundOf(head, plan, { id, holdId, reason, at });
      await insertRefund(tx, refund);
      await countRefunded(tx, head.id, plan.lines, 1);
      const actor = actorOf(caller);
      const entry = blankEntry(actor, {
        kind: 'refund',
        title: 'Refund issued',
        reason,
        amount: plan.amount,
        reference: id,
      });
      await saveHead(tx, withPaymentState({ ...head, refunded: head.refunded + plan.amount }), [entry], at);
      const { amount, lines, shipping } = refund;
      tx.append('refund.issued', head.id, {
        ...about(head),
        actor,
        refundId: id,
        holdId: refund.holdId,
        amount,
        lines,
        shipping,
        reason,
      });
      return refund;
    });
  };

export const refundHandlers = (platform: OrdersPlatform) => ({ refundOrder: refundOrder(platform) });
