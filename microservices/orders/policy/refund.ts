export interface RefundableLine {
  lineId: string;
  sku: string;
  quantity: number;
  /** Cost of the line in minor units. */
  total: number;
  refunded: number;
  refundedQuantity: number;
  shipped: number;
  /** Units refunded so far that were never shipped. */
  refundedUnshipped: number;
}
export interface WantedRefund {
  lineId: string;
  quantity?: number | undefined;
  amount?: number | undefined;
  /** Units of it that were never shipped; otherwise those are refunded first. */
  unshipped?: number | undefined;
}
export interface RefundLimits {
  /** Captured less refunded. */
  refundable: number;
  /** Cost of shipping less what was refunded of it. */
  shippingLeft: number;
}
export interface PlannedLine {
  lineId: string;
  sku: string;
  quantity: number;
  amount: number;
  /** Units of `quantity` that were never shipped: nobody has to send them back. */
  unshipped: number;
}
export type RefundPlan =
  | { ok: true; lines: PlannedLine[]; shipping: number; amount: number }
  | { ok: false; problem: 'LINE_NOT_FOUND'; lineId: string }
  | { ok: false; problem: 'NOTHING_TO_REFUND' }
  | { ok: false; problem: 'REFUND_TOO_HIGH'; says: string; requested: number; refundable: number };

/**
 * Cost of the first k units of a line, rounded down; k = quantity is the whole line, so that shares of units sum to it
 * exactly.
 */
export const costOfFirst = (line: { total: number; quantity: number }, units: number): number =>
  Number((BigInt(line.total) * BigInt(units)) / BigInt(line.quantity));

/** Cost of the next units of a line, never more than what is left of it. */
const shareOf = (line: RefundableLine, units: number): number => {
  const from = Math.min(line.refundedQuantity, line.quantity - units);
  return Math.min(costOfFirst(line, from + units) - costOfFirst(line, from), line.total - line.refunded);
};

type TooHigh = { requested: number; refundable: number; says: string };

const planLine = (line: RefundableLine, wanted: WantedRefund): PlannedLine | TooHigh => {
  const left = line.total - line.refunded;
  const unitsLeft = line.quantity - line.refundedQuantity;
  const quantity = wanted.quantity ?? (wanted.amount === undefined ? unitsLeft : 0);
  if (quantity > unitsLeft) {
    return {
      says: `Line ${line.lineId} has ${unitsLeft} units left to refund; ${quantity} were asked for`,
      requested: 0,
      refundable: left,
    };
  }
  const amount = wanted.amount ?? (wanted.quantity === undefined ? left : shareOf(line, quantity));
  if (amount > left)
    return { says: `Line ${line.lineId} has less left to refund`, requested: amount, refundable: left };
  const neverShipped = Math.max(0, line.quantity - line.shipped - line.refundedUnshipped);
  const unshipped = Math.min(quantity, neverShipped, wanted.unshipped ?? quantity);
  return { lineId: line.lineId, sku: line.sku, quantity, amount, unshipped };
};

/** The line as it is after a planned refund of it. */
const withPlanned = (line: RefundableLine, planned: PlannedLine): RefundableLine => ({
  ...line,
  refunded: line.refunded + planned.amount,
  refundedQuantity: line.refundedQuantity + planned.quantity,
  refundedUnshipped: line.refundedUnshipped + planned.unshipped,
});

const together = (one: PlannedLine | undefined, other: PlannedLine): PlannedLine =>
  one
    ? {
        ...one,
        quantity: one.quantity + other.quantity,
        amount: one.amount + other.amount,
        unshipped: one.unshipped + other.unshipped,
      }
    : other;

/** Each mention of a line is planned on what the mentions before it left; the mentions of one line add up. */
const planLines = (
  lines: readonly RefundableLine[],
  wanted: readonly WantedRefund[],
): Map<string, PlannedLine> | RefundPlan => {
  const left = new Map(lines.map((line) => [line.lineId, line]));
  const planned = new Map<string, PlannedLine>();
  for (const one of wanted) {
    const line = left.get(one.lineId);
    if (!line) return { ok: false, problem: 'LINE_NOT_FOUND', lineId: one.lineId };
    const plan = planLine(line, one);
    if ('says' in plan) return { ok: false, problem: 'REFUND_TOO_HIGH', ...plan };
    left.set(one.lineId, withPlanned(line, plan));
    planned.set(one.lineId, together(planned.get(one.lineId), plan));
  }
  return planned;
};

/**
 * The amounts of a refund: for each line an amount, or its units' share, or all that is left; and a part of shipping.
 * Never more than the line cost, than shipping cost, or than was captured. A line that is named twice is refunded for
 * both together.
 */
export const planRefund = (
  lines: readonly RefundableLine[],
  request: { lines: readonly WantedRefund[]; shipping: number },
  { refundable, shippingLeft }: RefundLimits,
): RefundPlan => {
  const plan = planLines(lines, request.lines);
  if (!(plan instanceof Map)) return plan;
  const planned = [...plan.values()].filter(({ amount, quantity }) => amount > 0 || quantity > 0);
  const { shipping } = request;
  const tooHigh = (says: string, requested: number, most: number): RefundPlan => ({
    ok: false,
    problem: 'REFUND_TOO_HIGH',
    says,
    requested,
    refundable: most,
  });
  if (shipping > shippingLeft) return tooHigh('Shipping has less left to refund', shipping, shippingLeft);
  const amount = planned.reduce((sum, line) => sum + line.amount, shipping);
  if (amount === 0) return { ok: false, problem: 'NOTHING_TO_REFUND' };
  if (amount > refundable) return tooHigh('Less was paid and not refunded yet', amount, refundable);
  return { ok: true, lines: planned, shipping, amount };
};
