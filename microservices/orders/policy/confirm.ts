import { inWords } from '../../chassis/money.ts';

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
  if (hold.state !== 'captured' && new Date(hold.expiresAt) <= now) return `it expired at ${hold.expiresAt}`;
  const covers = hold.state === 'captured' ? hold.captured : hold.amount;
  const { grandTotal: amount, currency } = order;
  return covers.amount < amount ? `it covers ${inWords(covers)} of ${inWords({ amount, currency })}` : undefined;
};

interface UsablePayment {
  orderId: string | null;
  amount: Amount;
  authorized: Amount;
  state: string;
}

const COVERS = ['authorized', 'partially_captured', 'captured'];

/** Why a payment does not make sure that an order is paid; undefined when it does. */
export const whyPaymentDoesNotPay = (order: PayableOrder, payment: UsablePayment): string | undefined => {
  if (payment.orderId !== order.id) return `it is for ${payment.orderId ?? 'a cart'}, not for this order`;
  if (payment.amount.currency !== order.currency)
    return `it is in ${payment.amount.currency}, the order in ${order.currency}`;
  if (!COVERS.includes(payment.state)) return `it is ${payment.state.replaceAll('_', ' ')}`;
  const { grandTotal: amount, currency } = order;
  return payment.authorized.amount < amount
    ? `it covers ${inWords(payment.authorized)} of ${inWords({ amount, currency })}`
    : undefined;
};

interface Quantity {
  sku: string;
  quantity: number;
}

const bySku = (lines: readonly Quantity[]): Map<string, number> => {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return quantities;
};

/**
 * Why a reservation does not cover what an order has to ship; undefined when it does. If it has expired is for
 * inventory to say.
 */
export const whyReservationDoesNotServe = (
  orderId: string,
  lines: readonly (Quantity & { requiresShipping: boolean })[],
  reservation: { ownerId: string; lines: readonly Quantity[] },
): string | undefined => {
  if (reservation.ownerId !== orderId) return `it is for ${reservation.ownerId}, not for this order`;
  const reserved = bySku(reservation.lines);
  const short = [...bySku(lines.filter((line) => line.requiresShipping))].find(
    ([sku, quantity]) => (reserved.get(sku) ?? 0) < quantity,
  );
  return short && `it reserves ${reserved.get(short[0]) ?? 0} of ${short[1]} units of ${short[0]}`;
};
