export interface RefundableLine {
  lineId: string;
  sku: string;
  quantity: number;
  /** Cost of the line in minor units. */
  total: number;
  refunded: number;
  refundedQuantity: number;
}
export interface RefundRequest {
  lines: readonly { lineId: string; quantity?: number | undefined; amount?: number | undefined }[];
  shipping: number;
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
}
export type RefundPlan =
  | { ok: true; lines: PlannedLine[]; shipping: number; amount: number }
  | { ok: false; problem: 'LINE_NOT_FOUND'; lineId: string }
  | { ok: false; problem: 'NOTHING_TO_REFUND' }
  | { ok: false; problem: 'REFUND_TOO_HIGH'; says: string; requested: number; refundable: number };

/** Cost of the first k units of a line, rounded down; k = quantity is the whole line, so that shares of units sum to it exactly. */
const costOfFirst = (line: RefundableLine, units: number): number =>
  Number((BigInt(line.total) * BigInt(units)) / BigInt(line.quantity));

/** Cost of the next units of a line, never more than what is left of it. */
const shareOf = (line: RefundableLine, units: number): number => {
  const from = Math.min(line.refundedQuantity, line.quantity - units);
  return Math.min(costOfFirst(line, from + units) - costOfFirst(line, from), line.total - line.refunded);
};

const planLine = (
  line: RefundableLine,
  wanted: { quantity?: number | undefined; amount?: number | undefined },
): PlannedLine | { requested: number; refundable: number; says: string } => {
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
  return { lineId: line.lineId, sku: line.sku, quantity, amount };
};

/**
 * The amounts of a refund: for each line an amount, or its units' share, or all that is left; and a part of shipping. Never more than the line cost, than
 * shipping cost, or than was captured. A line may be named once.
 */
export const planRefund = (
  lines: readonly RefundableLine[],
  request: RefundRequest,
  limits: RefundLimits,
): RefundPlan => {
  const byId = new Map(lines.map((line) => [line.lineId, line]));
  const planned: PlannedLine[] = [];
  for (const wanted of request.lines) {
    const line = byId.get(wanted.lineId);
    if (!line) return { ok: false, problem: 'LINE_NOT_FOUND', lineId: wanted.lineId };
    byId.delete(wanted.lineId);
    const plan = planLine(line, wanted);
    if ('says' in plan) return { ok: false, problem: 'REFUND_TOO_HIGH', ...plan };
    if (plan.amount > 0 || plan.quantity > 0) planned.push(plan);
  }
  if (request.shipping > limits.shippingLeft) {
    return {
      ok: false,
      problem: 'REFUND_TOO_HIGH',
      says: 'Shipping has less left to refund',
      requested: request.shipping,
      refundable: limits.shippingLeft,
    };
  }
  const amount = planned.reduce((sum, line) => sum + line.amount, request.shipping);
  if (amount === 0) return { ok: false, problem: 'NOTHING_TO_REFUND' };
  if (amount > limits.refundable) {
    return {
      ok: false,
      problem: 'REFUND_TOO_HIGH',
      says: 'Less was paid and not refunded yet',
      requested: amount,
      refundable: limits.refundable,
    };
  }
  return { ok: true, lines: planned, shipping: request.shipping, amount };
};
