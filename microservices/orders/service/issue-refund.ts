import { newId } from '../../chassis/ids.ts';
import type { Context, Tx } from '../context.ts';
import { creditNet, creditTaxes, creditTaxesOfWhole, type CreditPart } from '../policy/credit-note.ts';
import { CASH, type HoldFacts } from '../policy/payment.ts';
import type { PlannedLine, RefundableLine } from '../policy/refund.ts';
import type { TaxSum } from '../policy/totals.ts';
import { countRefunded, findHolds, insertRefund } from '../store/money-and-stock.ts';
import type { OrderHead } from '../store/order-head.ts';
import { findLines, findRefunds, type OrderLine, type Refund } from '../store/order.ts';
import { about, blankEntry, withPaymentState, type Change } from './change.ts';

/** What a refund of an order can be planned on, read under the order's row lock. */
export interface RefundBasis {
  orderLines: OrderLine[];
  /** The same lines as refunds are planned on them. */
  lines: (RefundableLine & { cancelled: number })[];
  shippingRefunded: number;
  /** The payment that a refund comes from, and how much of it is left; undefined when nothing was paid. */
  payment: { holdId: string; left: number } | undefined;
}

export const findRefundBasis = async (tx: Tx, head: OrderHead): Promise<RefundBasis> => {
  const orderLines = await findLines(tx, head.id);
  const refunds = (await findRefunds(tx, head.id, head.currency)).filter(({ state }) => state !== 'failed');
  const refundedUnshipped = new Map<string, number>();
  for (const { lineId, unshipped } of refunds.flatMap(({ lines }) => lines))
    refundedUnshipped.set(lineId, (refundedUnshipped.get(lineId) ?? 0) + unshipped);
  return {
    orderLines,
    lines: orderLines.map((line) => ({
      ...line,
      total: line.total.amount,
      refunded: line.refunded.amount,
      refundedUnshipped: refundedUnshipped.get(line.lineId) ?? 0,
    })),
    shippingRefunded: refunds.reduce((sum, { shipping }) => sum + shipping.amount, 0),
    payment: fullestHold(await findHolds(tx, head.id), refunds),
  };
};

/** The payment that has most left to refund; a refund comes from one payment. */
const fullestHold = (holds: readonly HoldFacts[], refunds: readonly Refund[]): RefundBasis['payment'] =>
  holds
    .map(({ holdId, captured }) => ({
      holdId,
      left: refunds
        .filter((refund) => (refund.holdId ?? CASH) === holdId)
        .reduce((left, refund) => left - refund.amount.amount, captured),
    }))
    .toSorted((one, other) => other.left - one.left)[0];

interface Wanted {
  lines: readonly PlannedLine[];
  shipping: number;
  reason: string;
  actor: string;
}

/**
 * Keeps and announces a planned refund with its credit note, and counts it on lines and order. The caller saves the
 * change.
 */
export const issueRefund = async (
  tx: Tx,
  { settings }: Pick<Context, 'settings'>,
  { head, entries, at }: Change,
  basis: RefundBasis,
  { lines, shipping, reason, actor }: Wanted,
): Promise<{ change: Change; refund: Refund }> => {
  const money = (amount: number) => ({ amount, currency: head.currency });
  const amount = money(lines.reduce((sum, line) => sum + line.amount, shipping));
  const taxes = creditTaxes(partsOf(head, basis, lines, shipping), head.currency);
  // Cash is paid out by staff, so there is nothing to wait for.
  const isCash = basis.payment?.holdId === CASH;
  const net = creditNet(amount, taxes);
  const refundLines = lines.map((line) => ({ ...line, amount: money(line.amount) }));
  const refund = await insertRefund(
    tx,
    {
      id: newId('rfd'),
      orderId: head.id,
      state: isCash ? 'settled' : 'issued',
      amount,
      net,
      taxes,
      lines: refundLines,
      shipping: money(shipping),
      reason,
      holdId: isCash ? null : (basis.payment?.holdId ?? null),
      createdAt: at,
      settledAt: isCash ? at : null,
    },
    settings.creditNotePrefix,
  );
  await countRefunded(tx, head.id, lines, 1);
  const { id: refundId, number: creditNote, holdId } = refund;
  const credit = { creditNote, amount, net, taxes, lines: refundLines, shipping: money(shipping) };
  tx.append('refund.issued', head.id, { ...about(head), actor, refundId, holdId, ...credit });
  const entry = { kind: 'refund', title: 'Refund issued', reason, amount: amount.amount, reference: refundId } as const;
  const refunded = withPaymentState({ ...head, refunded: head.refunded + amount.amount });
  return { change: { head: refunded, entries: [...entries, blankEntry(actor, entry)], at }, refund };
};

const partsOf = (
  head: OrderHead,
  { orderLines, shippingRefunded }: RefundBasis,
  lines: readonly PlannedLine[],
  shipping: number,
): CreditPart[] => {
  const ofLines = orderLines.flatMap((line) => {
    const amount = lines.find(({ lineId }) => lineId === line.lineId)?.amount ?? 0;
    const { taxCategory: category, taxRate: rate } = line;
    return [{ category, rate, total: line.total.amount, tax: line.tax.amount, refunded: line.refunded.amount, amount }];
  });
  const cost = head.details.shipping;
  if (!cost || shipping === 0) return ofLines;
  const ofShipping = {
    category: cost.taxCategory ?? categoryOf(head.details.taxes, cost.taxRate),
    rate: cost.taxRate,
    total: cost.total.amount,
    tax: cost.tax.amount,
    refunded: shippingRefunded,
    amount: shipping,
  };
  return [...ofLines, ofShipping];
};

/** Orders of before do not say the category of shipping; its rate does. */
const categoryOf = (taxes: readonly TaxSum[], rate: number): TaxSum['category'] =>
  taxes.find((tax) => tax.rate === rate)?.category ?? 'standard';

/** A refund that the wallet made by itself: all rates have their share of it. */
export const keepRefundOfWallet = async (
  tx: Tx,
  { settings }: Pick<Context, 'settings'>,
  { head, at }: Change,
  given: { holdId: string; refundReference: string; amount: number },
): Promise<void> => {
  const amount = { amount: given.amount, currency: head.currency };
  const taxes = creditTaxesOfWhole(amount, head.details.taxes);
  await insertRefund(
    tx,
    {
      id: newId('rfd'),
      orderId: head.id,
      state: 'settled',
      amount,
      net: creditNet(amount, taxes),
      taxes,
      lines: [],
      shipping: { amount: 0, currency: head.currency },
      reason: `Refunded by the wallet (${given.refundReference})`,
      holdId: given.holdId,
      createdAt: at,
      settledAt: at,
    },
    settings.creditNotePrefix,
  );
};
