import { costOfFirst } from './refund.ts';

export interface OrderedLine {
  lineId: string;
  sku: string;
  quantity: number;
  shipped: number;
  cancelled: number;
  /** Cost of the line in minor units. */
  total: number;
}

/** Units that were neither shipped nor cancelled, with what they cost; lines without such units are left out. */
export const openLines = (
  lines: readonly OrderedLine[],
): { lineId: string; sku: string; quantity: number; amount: number }[] =>
  lines.flatMap((line) => {
    const quantity = line.quantity - line.shipped - line.cancelled;
    if (quantity <= 0) return [];
    // The last units of the line are cancelled first, the first ones shipped.
    const amount = costOfFirst(line, line.quantity - line.cancelled) - costOfFirst(line, line.shipped);
    return [{ lineId: line.lineId, sku: line.sku, quantity, amount }];
  });
