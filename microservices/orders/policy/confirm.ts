interface Amount {
  amount: number;
  currency: string;
}
interface PayableOrder {
  id: string;
  customerId: string | null;
  currency: string;
  grandTotal: number;
}
interface UsableHold {
  ownerId: string;
  reference: string;
  amount: Amount;
  state: 'authorized' | 'partially_captured' | 'captured' | 'voided' | 'expired';
  captured: Amount;
  expiresAt: string;
}

/** Why a hold does not make sure that an order is paid; undefined when it does. */
export const whyHoldDoesNotPay = (order: PayableOrder, hold: UsableHold, now: Date): string | undefined => {
  if (hold.reference !== order.id) return `it is for ${hold.reference}, not for this order`;
  if (order.customerId !== null && hold.ownerId !== order.customerId) return 'it belongs to somebody else';
  if (hold.amount.currency !== order.currency)
    return `it is in ${hold.amount.currency}, the order in ${order.currency}`;
  if (hold.state === 'voided' || hold.state === 'expired') return `it is ${hold.state}`;
  if (hold.state !== 'captured' && new Date(hold.expiresAt) <= now) return `it ran out at ${hold.expiresAt}`;
  const covers = hold.state === 'captured' ? hold.captured : hold.amount;
  return covers.amount < order.grandTotal ? `it covers ${covers.amount} of ${order.grandTotal} minor units` : undefined;
};

interface Piece {
  sku: string;
  quantity: number;
}

const bySku = (lines: readonly Piece[]): Map<string, number> => {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return quantities;
};

/** Why a reservation does not hold what an order has to ship; undefined when it does. Its own end is for inventory to judge. */
export const whyReservationDoesNotServe = (
  orderId: string,
  lines: readonly (Piece & { requiresShipping: boolean })[],
  reservation: { ownerId: string; lines: readonly Piece[] },
): string | undefined => {
  if (reservation.ownerId !== orderId) return `it is for ${reservation.ownerId}, not for this order`;
  const reserved = bySku(reservation.lines);
  const short = [...bySku(lines.filter((line) => line.requiresShipping))].find(
    ([sku, quantity]) => (reserved.get(sku) ?? 0) < quantity,
  );
  return short && `it holds ${reserved.get(short[0]) ?? 0} of ${short[1]} pieces of ${short[0]}`;
};
