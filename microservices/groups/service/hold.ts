import type { InputOf, OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { ordersContract } from '../../orders/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';
import type { groupsContract } from '../contract.ts';
import { LONGEST_LIFE_MINUTES, MOST_ADDED_MINUTES } from '../contract/values.ts';
import { noCustomer, type SeatErrors } from './claim.ts';

export type Where = Pick<InputOf<typeof groupsContract, 'joinTeam'>, 'shippingAddress' | 'shippingMethod'>;
type Quote = OutputOf<typeof ordersContract, 'quoteOffer'>;

/** One unit that somebody is about to buy at a campaign's price. */
export interface Purchase {
  /** Names it in the keys of requests to other services. */
  key: string;
  customerId: string;
  sku: string;
  /** Of one unit, in minor units. */
  price: number;
  currency: string;
  campaignId: string;
  /** The team, or the bargain. */
  teamId: string;
  /** The order that it becomes. */
  orderId: string;
  /** Since when, ISO 8601. */
  since: string;
}

/** Why nothing is held. */
export type HoldErrors = Pick<
  SeatErrors,
  'CUSTOMER_NOT_FOUND' | 'NOT_SELLABLE' | 'NO_SHIPPING_METHOD' | 'OUT_OF_STOCK' | 'PAYMENT_REFUSED'
>;

/** What is held for a purchase. */
export interface Held {
  quoteId: string;
  holdId: string;
  reservationId: string;
  held: number;
}

/** A team's life, the time that staff may add, and a day to make its orders; stock is reserved for a week at most. */
const HOLD_SECONDS = (LONGEST_LIFE_MINUTES + MOST_ADDED_MINUTES + 1_440) * 60;

/**
 * Holds money and stock for a purchase, under the id of the order that it may become: what the wallet and inventory
 * check when an order is confirmed is then true from the start. Safe to repeat. Throws why not in this domain's words.
 */
export const holder = (context: Context) => {
  const orders = context.client(ordersContract);
  const inventory = context.client(inventoryContract);
  const wallet = context.client(walletContract);
  return async (purchase: Purchase, where: Where, errors: HoldErrors): Promise<Held> => {
    const { key, sku, orderId, customerId, campaignId, teamId } = purchase;
    const quote = await orders
      .quoteOffer(
        {
          ...{ customerId, sku, campaignId, teamId },
          unitPrice: { amount: purchase.price, currency: purchase.currency },
          ...where,
          // From the purchase, so that a repeat asks for the same.
          expiresAt: new Date(Date.parse(purchase.since) + HOLD_SECONDS * 1_000).toISOString(),
        },
        { idempotencyKey: `${key}-quote` },
      )
      .catch(refusedBecause(customerId, undefined, errors));
    const [stock, hold] = await Promise.allSettled([
      inventory.reserveStock(
        {
          ownerId: orderId,
          lines: [{ sku, quantity: 1 }],
          expiresInSeconds: HOLD_SECONDS,
          country: where.shippingAddress.country,
        },
        { idempotencyKey: `${key}-reserve` },
      ),
      wallet.authorizeHold(
        {
          ...{ ownerId: customerId, reference: orderId },
          ...{ amount: quote.totals.grandTotal, expiresInSeconds: 2 * HOLD_SECONDS },
        },
        { idempotencyKey: `${key}-hold` },
      ),
    ]);
    if (stock.status === 'rejected') return refusedBecause(customerId, quote, errors)(stock.reason);
    if (hold.status === 'rejected') return refusedBecause(customerId, quote, errors)(hold.reason);
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
  (customerId: string, quote: Quote | undefined, errors: HoldErrors) =>
  (error: unknown): never => {
    if (!(error instanceof Problem)) throw error;
    const { code, message } = error;
    if (code === 'CUSTOMER_NOT_FOUND' || code === 'OWNER_NOT_FOUND' || code === 'OWNER_ENDED')
      throw noCustomer(customerId, errors);
    if (code === 'TOO_LARGE') throw errors.NOT_SELLABLE(message);
    if (code === 'NOT_SELLABLE' || code === 'NO_SHIPPING_METHOD' || code === 'OUT_OF_STOCK')
      throw errors[code](message);
    if (quote && PAYMENT.has(code))
      throw errors.PAYMENT_REFUSED(message, { reason: code.toLowerCase(), needed: quote.totals.grandTotal });
    throw error;
  };
