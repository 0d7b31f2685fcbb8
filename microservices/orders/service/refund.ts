import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { inWords } from '../../chassis/money.ts';
import type { Problem } from '../../chassis/problem.ts';
import { allowed } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { planRefund, type RefundPlan } from '../policy/refund.ts';
import { isCalledOff, orderStates } from '../policy/states.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { orderNotFound } from './change.ts';
import { findRefundBasis, issueRefund, type RefundBasis } from './issue-refund.ts';

type RefundInput = InputOf<typeof ordersContract, 'refundOrder'>;
type Errors = Failures<'refundOrder'>;

/** Refunds are decided and counted here; the wallet moves the money on refund.issued and reports back. */
export const refundHandlers = (context: Context): Pick<Handlers, 'refundOrder'> => ({
  refundOrder: command(async (tx, input, { caller, errors }) => {
    const { orderId, reason } = input;
    const head = await lockHead(tx, orderId);
    if (!head) throw orderNotFound(errors, orderId);
    requireRefundable(head, input, errors);
    const basis = await findRefundBasis(tx, head);
    const plan = planFor(head, basis, input);
    if (!plan.ok) throw refused(plan, head, errors);
    const started = { head, entries: [], at: context.now().toISOString() };
    const wanted = { ...plan, reason, actor: actorOf(caller) };
    const { change, refund } = await issueRefund(tx, context, started, basis, wanted);
    await saveHead(tx, change.head, change.entries, change.at);
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

const planFor = (head: OrderHead, basis: RefundBasis, { lines, shipping }: RefundInput): RefundPlan =>
  planRefund(
    basis.lines,
    { lines: lines.map((line) => ({ ...line, amount: line.amount?.amount })), shipping: shipping?.amount ?? 0 },
    {
      refundable: Math.max(0, Math.min(basis.payment?.left ?? 0, head.captured - head.refunded)),
      shippingLeft: (head.details.shipping?.total.amount ?? 0) - basis.shippingRefunded,
    },
  );

const refused = (plan: RefundPlan & { ok: false }, head: OrderHead, errors: Errors): Problem => {
  const money = (amount: number) => ({ amount, currency: head.currency });
  switch (plan.problem) {
    case 'LINE_NOT_FOUND':
      return errors.LINE_NOT_FOUND(
        `There is no line ${plan.lineId} in order ${head.number}. Get the order for its lines.`,
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
