import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import type { Problem } from '../../chassis/problem.ts';
import { allowed } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { CASH, type HoldFacts } from '../policy/payment.ts';
import { planRefund, type RefundPlan } from '../policy/refund.ts';
import { isCalledOff, orderStates } from '../policy/states.ts';
import { countRefunded, findHolds, insertRefund } from '../store/money-and-stock.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { findLines, findRefunds, type Refund } from '../store/order.ts';
import { actorOf } from './access.ts';
import { about, blankEntry, orderNotFound, withPaymentState } from './change.ts';

type RefundInput = InputOf<typeof ordersContract, 'refundOrder'>;
type Errors = Failures<'refundOrder'>;

/** Refunds are decided and counted here; the wallet moves the money on refund.issued and reports back. */
export const refundHandlers = ({ now }: Context): Pick<Handlers, 'refundOrder'> => ({
  refundOrder: command(async (tx, input, { caller, errors }) => {
    const { orderId, reason } = input;
    const head = await lockHead(tx, orderId);
    if (!head) throw orderNotFound(errors, orderId);
    requireRefundable(head, input, errors);
    const { plan, holdId } = await planFor(tx, head, input);
    if (!plan.ok) throw refused(plan, head, errors);
    const refund = refundOf(head, plan, { id: newId('rfd'), holdId, reason, at: now().toISOString() });
    await issue(tx, head, refund, actorOf(caller));
    return refund;
  }),
});

const requireRefundable = (head: OrderHead, { lines, shipping }: RefundInput, errors: Errors): void => {
  if (isCalledOff(head.state)) {
    const detail = `Order ${head.number} is ${head.state}: the wallet refunds all of it by itself.`;
    throw errors.ILLEGAL_STATE(detail, { state: head.state, allowed: allowed(orderStates, head.state) });
  }
  const foreign = [...lines.map((line) => line.amount), shipping].find(
    (amount) => amount !== undefined && amount.currency !== head.currency,
  );
  if (foreign)
    throw errors.OTHER_CURRENCY(
      `Order ${head.number} is in ${head.currency}; refund it in that, not in ${foreign.currency}.`,
    );
};

/** The payment that has most left to refund; a refund comes from one payment. */
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

/** The refund and the payment that it comes from, planned under the order's row lock. */
const planFor = async (
  tx: Tx,
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

const refused = (plan: RefundPlan & { ok: false }, head: OrderHead, errors: Errors): Problem => {
  const money = (amount: number) => ({ amount, currency: head.currency });
  switch (plan.problem) {
    case 'LINE_NOT_FOUND':
      return errors.LINE_NOT_FOUND(
        `There is no line ${plan.lineId} in order ${head.number}, or it is named twice. Get the order for its lines.`,
      );
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

const issue = async (tx: Tx, head: OrderHead, refund: Refund, actor: string): Promise<void> => {
  const { id, holdId, amount, lines, shipping, reason, createdAt } = refund;
  await insertRefund(tx, refund);
  await countRefunded(
    tx,
    head.id,
    lines.map((line) => ({ ...line, amount: line.amount.amount })),
    1,
  );
  const entry = { kind: 'refund', title: 'Refund issued', reason, amount: amount.amount, reference: id } as const;
  const changed = withPaymentState({ ...head, refunded: head.refunded + amount.amount });
  await saveHead(tx, changed, [blankEntry(actor, entry)], createdAt);
  tx.append('refund.issued', head.id, { ...about(head), actor, refundId: id, holdId, amount, lines, shipping, reason });
};
