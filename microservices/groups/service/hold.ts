import type { InputOf, OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { ordersContract } from '../../orders/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';
import type { groupsContract } from '../contract.ts';
import { LONGEST_LIFE_MINUTES, MOST_ADDED_MINUTES } from '../contract/values.ts';
import type { SeatRow } from '../store/seats.ts';
import { noCustomer, type SeatErrors, type Terms } from './claim.ts';

type Where = Pick<InputOf<typeof groupsContract, 'joinTeam'>, 'shippingAddress' | 'shippingMethod'>;
type Quote = OutputOf<typeof ordersContract, 'quoteOffer'>;

/** What is held for a seat. */
export interface Held {
  quoteId: string;
  holdId: string;
  reservationId: string;
  held: number;
}

/** A team's life, the time that staff may add, and a day to make its orders; stock is reserved for a week at most. */
const HOLD_SECONDS = (LONGEST_LIFE_MINUTES + MOST_ADDED_MINUTES + 1_440) * 60;

/**
 * Holds money and stock for a seat, under the id of the order that it may become: what the wallet and inventory check
 * when an order is confirmed is then true from the start. Safe to repeat. Throws why not in this domain's words.
 */
export const holder = (context: Context) => {
  const orders = context.client(ordersContract);
  const inventory = context.client(inventoryContract);
  const wallet = context.client(walletContract);
  return async (seat: SeatRow, terms: Terms, where: Where, errors: SeatErrors): Promise<Held> => {
    const ownerId = seat.customerId ?? '';
    const money = { amount: seat.shownPrice, currency: seat.currency };
    const quote = await orders
      .quoteOffer(
        {
          customerId: ownerId,
          sku: terms.sku,
          unitPrice: money,
          campaignId: seat.campaignId,
          teamId: seat.teamId,
          ...where,
          // From the seat, so that a repeat asks for the same.
          expiresAt: new Date(Date.parse(seat.createdAt) + HOLD_SECONDS * 1_000).toISOString(),
        },
        { idempotencyKey: `${seat.id}-quote` },
      )
      .catch(refusedBecause(seat, undefined, errors));
    const [stock, hold] = await Promise.allSettled([
      inventory.reserveStock(
        {
          ownerId: seat.orderId,
          lines: [{ sku: terms.sku, quantity: 1 }],
          expiresInSeconds: HOLD_SECONDS,
          country: where.shippingAddress.country,
        },
        { idempotencyKey: `${seat.id}-reserve` },
      ),
      wallet.authorizeHold(
        { ownerId, amount: quote.totals.grandTotal, reference: seat.orderId, expiresInSeconds: 2 * HOLD_SECONDS },
        { idempotencyKey: `${seat.id}-hold` },
      ),
    ]);
    if (stock.status === 'rejected') return refusedBecause(seat, quote, errors)(stock.reason);
    if (hold.status === 'rejected') return refusedBecause(seat, quote, errors)(hold.reason);
    return {
      quoteId: quote.id,
      holdId: hold.value.id,
      reservationId: stock.value.id,
      held: quote.totals.grandTotal.amount,
    };
  };
};

const PAYMENT = new Set(['INSUFFICIENT_FUNDS', 'ACCOUNT_FROZEN', 'LIMIT_EXCEEDED', 'REFERENCE_CLOSED']);

/** Turns the failures of other services into ours; what may pass is thrown on. */
const refusedBecause =
  (seat: SeatRow, quote: Quote | undefined, errors: SeatErrors) =>
  (error: unknown): never => {
    if (!(error instanceof Problem)) throw error;
    const { code, message } = error;
    if (code === 'CUSTOMER_NOT_FOUND' || code === 'OWNER_NOT_FOUND' || code === 'OWNER_ENDED')
      throw noCustomer(seat.customerId ?? '', errors);
    if (code === 'TOO_LARGE') throw errors.NOT_SELLABLE(message);
    if (code === 'NOT_SELLABLE' || code === 'NO_SHIPPING_METHOD' || code === 'OUT_OF_STOCK')
      throw errors[code](message);
    if (quote && PAYMENT.has(code))
      throw errors.PAYMENT_REFUSED(message, { reason: code.toLowerCase(), needed: quote.totals.grandTotal });
    throw error;
  };
