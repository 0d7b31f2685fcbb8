export interface ShippableLine {
  lineId: string;
  sku: string;
  quantity: number;
  shipped: number;
  cancelled: number;
}
export interface ShippedLine {
  lineId: string;
  sku: string;
  quantity: number;
}
export type ShipmentPlan =
  | { ok: true; lines: ShippedLine[]; complete: boolean }
  | { ok: false; problem: 'LINE_NOT_FOUND'; lineId: string }
  | { ok: false; problem: 'MORE_THAN_ORDERED'; lineId: string; requested: number; left: number };

/**
 * The contents of a parcel, and if it is the order's last: the wanted units (of one line named twice together), or all
 * that is left when nothing is named. Never more than ordered less shipped.
 */
export const planShipment = (
  lines: readonly ShippableLine[],
  wanted: readonly { lineId: string; quantity: number }[] | undefined,
): ShipmentPlan => {
  const left = new Map(lines.map((line) => [line.lineId, line.quantity - line.shipped - line.cancelled]));
  const asked = new Map<string, number>();
  for (const { lineId, quantity } of wanted ??
    lines.map((line) => ({ lineId: line.lineId, quantity: line.quantity - line.shipped - line.cancelled }))) {
    asked.set(lineId, (asked.get(lineId) ?? 0) + quantity);
  }
  for (const [lineId, requested] of asked) {
    const available = left.get(lineId);
    if (available === undefined) return { ok: false, problem: 'LINE_NOT_FOUND', lineId };
    if (requested > available) return { ok: false, problem: 'MORE_THAN_ORDERED', lineId, requested, left: available };
  }
  const parcel = lines
    .map((line) => ({ lineId: line.lineId, sku: line.sku, quantity: asked.get(line.lineId) ?? 0 }))
    .filter((line) => line.quantity > 0);
  return {
    ok: true,
    lines: parcel,
    complete: lines.every((line) => line.shipped + line.cancelled + (asked.get(line.lineId) ?? 0) === line.quantity),
  };
};
