import { randomBytes } from 'node:crypto';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { Transaction } from '../../chassis/transaction.ts';
import type { ordersContract } from '../contract.ts';
import { zero } from '../../chassis/money.ts';
import { paymentStateOf } from '../policy/payment.ts';
import type { OrdersSettings } from '../settings.ts';
import { toOrder, type Order } from '../store/order.ts';
import { insertPlacedOrder, type PlacedOrder } from '../store/place.ts';
import { redeemPromotion } from '../store/promotions.ts';
import { findQuote, type Quote, type QuoteRow } from '../store/quotes.ts';
import { actorOf, mayUse } from './access.ts';
import type { OrdersPlatform } from './pricing.ts';
import { redeemerOf } from './redeemer.ts';

type PlaceInput = InputOf<typeof ordersContract, 'placeOrder'>;

/** The order that a quote becomes, all of it but its number. */
const orderOf = (
  { quote, cartRevision }: QuoteRow,
  input: PlaceInput,
  caller: Caller,
  now: string,
  numberPrefix: string,
): PlacedOrder => {
  const { totals } = quote;
  const isPaid = totals.grandTotal.amount === 0;
  const money = { authorized: 0, captured: 0, refunded: 0 };
  return {
    head: {
      id: newId('ord'),
      state: 'placed',
      paymentState: paymentStateOf({
        method: input.paymentMethod,
        grandTotal: totals.grandTotal.amount,
        ...money,
        failed: false,
        givenUp: false,
      }),
      allocationState: 'none',
      customerId: quote.customerId,
      email: input.email ?? quote.email,
      currency: quote.currency,
      items: totals.items.amount,
      discount: totals.discount.amount,
      shipping: totals.shipping.amount,
      tax: totals.tax.amount,
      grandTotal: totals.grandTotal.amount,
      ...money,
      paymentFailed: false,
      paymentMethod: input.paymentMethod,
      details: { promotions: quote.promotions, shipping: quote.shipping, taxes: quote.taxes },
      shippingAddress: quote.shippingAddress,
      billingAddress: quote.billingAddress,
      quoteId: quote.id,
      cartId: quote.cartId,
      reservationId: null,
      holdId: null,
      note: input.note ?? null,
      metadata: input.metadata,
      stateReason: null,
      secret: quote.customerId === null ? randomBytes(24).toString('base64url') : null,
      lineCount: quote.lines.length,
      revision: 1,
      allocatedAt: null,
      paidAt: isPaid ? now : null,
      placedAt: now,
      stateSince: now,
      updatedAt: now,
    },
    recipient: quote.shippingAddress.name,
    lines: quote.lines,
    entry: {
      kind: 'state',
      title: 'Order placed',
      from: null,
      to: 'placed',
      actor: actorOf(caller),
      reason: null,
      amount: totals.grandTotal.amount,
      reference: quote.id,
      visible: true,
    },
    cartRevision,
    numberPrefix,
  };
};

const view = ({ head, lines }: PlacedOrder, number: string): Order =>
  toOrder(
    { ...head, number },
    {
      lines: lines.map((line) => ({ ...line, shipped: 0, refunded: zero(head.currency), refundedQuantity: 0 })),
      fulfilments: [],
      refunds: [],
    },
  );

const tell = (tx: Transaction<typeof ordersContract>, order: Order, quote: Quote): void => {
  const about = { orderId: order.id, number: order.number, customerId: order.customerId };
  tx.append('order.created', order.id, {
    ...about,
    currency: order.currency,
    lines: order.lines.map(({ lineId, sku, title, quantity, unitPrice, total }) => ({
      lineId,
      sku,
      title,
      quantity,
      unitPrice,
      total,
    })),
    totals: order.totals,
    paymentMethod: order.paymentMethod,
    shippingCountry: quote.shippingAddress.country,
    shippingPostalCode: quote.shippingAddress.postalCode,
    placedAt: order.placedAt,
  });
  if (order.totals.grandTotal.amount === 0) {
    tx.append('order.paid', order.id, {
      ...about,
      paymentMethod: order.paymentMethod,
      amount: order.totals.grandTotal,
    });
  }
};

/** Placing is local: the quote holds every price, so that one transaction of few statements makes the order. */
export const placeHandlers = (
  platform: OrdersPlatform,
  settings: OrdersSettings,
): Pick<Handlers<typeof ordersContract>, 'placeOrder'> => ({
  placeOrder: async (input, { caller, errors, commit }) => {
    const row = await findQuote(platform.database, input.quoteId);
    if (!row || !mayUse(caller, row.quote.customerId))
      throw errors.QUOTE_NOT_FOUND(`There is no quote ${input.quoteId}, or it is somebody else’s. Ask for a new one.`);
    const { quote } = row;
    const email = input.email ?? quote.email;
    if (quote.customerId === null && email === null)
      throw errors.CONTACT_REQUIRED(
        'A guest’s order needs an e-mail address: name it here or when asking for the quote.',
      );
    if (quote.customerId === null && input.paymentMethod === 'wallet' && quote.totals.grandTotal.amount > 0) {
      throw errors.PAYMENT_METHOD_NOT_POSSIBLE(
        'A wallet belongs to a customer, and this quote is a guest’s. Sign in, or choose cash_on_delivery.',
      );
    }
    const placed = orderOf(row, input, caller, platform.now().toISOString(), settings.numberPrefix);

    return commit(async (tx) => {
      const number = await insertPlacedOrder(tx, placed);
      if (number === undefined) {
        const earlier = await findQuote(tx, quote.id);
        if (!earlier) throw errors.QUOTE_NOT_FOUND(`The quote ${quote.id} is gone. Ask for a new one.`);
        throw earlier.quote.orderId === null
          ? errors.QUOTE_EXPIRED(`The quote ${quote.id} ran out at ${quote.expiresAt}. Ask for a new one.`, {
              expiredAt: quote.expiresAt,
            })
          : errors.QUOTE_ALREADY_PLACED(
              `The quote ${quote.id} became order ${earlier.quote.orderId}. Ask for a new quote to order again.`,
              { orderId: earlier.quote.orderId },
            );
      }
      for (const { promotionId, code } of quote.promotions) {
        const redeemer = redeemerOf(quote.customerId, email) ?? placed.head.id;
        const use = await redeemPromotion(tx, { promotionId, orderId: placed.head.id, redeemer });
        if (use !== 'redeemed')
          throw errors.PROMOTION_NOT_USABLE(
            `The code ${code} was used up meanwhile (${use}). Ask for a new quote without it.`,
            { code, reason: use },
          );
      }
      const order = view(placed, number);
      tell(tx, order, quote);
      return order;
    });
  },
});
