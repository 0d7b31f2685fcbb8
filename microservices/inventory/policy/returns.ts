import type { ReservationLine } from '../contract/shapes.ts';

export interface ReturnPlan {
  /** Units that go back, by location. */
  lines: { sku: string; locationId: string; quantity: number }[];
  /** Lines that ask for more than is left to return; refused when there are any. */
  excess: { sku: string; requested: number; returnable: number }[];
}

/** Spreads returned units over the locations a reservation took them from. Without wanted lines, all units that are left go back. */
export const planReturn = (
  taken: readonly ReservationLine[],
  wanted?: readonly { sku: string; quantity: number }[],
): ReturnPlan => {
  const left = taken.map((line) => ({ ...line, returnable: line.quantity - line.returned }));
  if (!wanted) {
    return {
      lines: left.filter(({ returnable }) => returnable > 0).map(toLine((line) => line.returnable)),
      excess: [],
    };
  }
  const asked = new Map<string, number>();
  for (const { sku, quantity } of wanted) asked.set(sku, (asked.get(sku) ?? 0) + quantity);
  const plan: ReturnPlan = { lines: [], excess: [] };
  for (const [sku, requested] of asked) {
    const ofSku = left.filter((line) => line.sku === sku);
    const returnable = ofSku.reduce((sum, line) => sum + line.returnable, 0);
    if (requested > returnable) plan.excess.push({ sku, requested, returnable });
    let remaining = requested;
    for (const line of ofSku) {
      const quantity = Math.min(remaining, line.returnable);
      remaining -= quantity;
      if (quantity > 0) plan.lines.push({ sku, locationId: line.locationId, quantity });
    }
  }
  return plan;
};

const toLine =
  <L extends ReservationLine>(quantityOf: (line: L) => number) =>
  (line: L) => ({ sku: line.sku, locationId: line.locationId, quantity: quantityOf(line) });
