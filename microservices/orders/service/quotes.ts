import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { ordersContract } from '../contract.ts';
import { MAX_ORDER_AMOUNT } from '../contract/values.ts';
import { addUp, type WantedLine } from '../policy/cart.ts';
import { isWithinLimit, type ListedLine } from '../policy/totals.ts';
import type { OrdersSettings } from '../settings.ts';
import { findCart } from '../store/carts.ts';
import { findPromotionByCode } from '../store/promotions.ts';
import { findQuote, insertQuote, type Quote } from '../store/quotes.ts';
import { listShippingMethods, listTaxRates } from '../store/shipping-and-tax.ts';
import { mayUse } from './access.ts';
import { requireOpen, type CartErrors } from './cart-state.ts';
import { requireSellable } from './cart-lines.ts';
import { isProblem, type OrdersPlatform, type PriceAnswer, type Pricing } from './pricing.ts';
import { quoteOf } from '../policy/quote.ts';
import { redeemerOf } from './redeemer.ts';

/** What is to be quoted, wherever it was named. */
interface Wish {
  cartId: string | null;
  cartRevision: number | null;
  customerId: string | null;
  currency: string;
  couponCode: string | null;
  email: string | null;
  lines: (WantedLine & { lineId: string })[];
}

type CreateQuoteInput = InputOf<typeof ordersContract, 'createQuote'>;
interface WishErrors extends CartErrors {
  NOTHING_TO_QUOTE: (detail: string) => Error;
}

const findWish = async (
  platform: OrdersPlatform,
  input: CreateQuoteInput,
  caller: Caller,
  errors: WishErrors,
): Promise<Wish> => {
  if (input.cartId === undefined) return wishOfLines(input, caller, errors);
  const cart = requireOpen(await findCart(platform.database, input.cartId), input.cartId, caller, errors);
  if (cart.lines.length === 0) throw errors.NOTHING_TO_QUOTE(`Cart ${cart.id} is empty. Add something first.`);
  return {
    cartId: cart.id,
    cartRevision: cart.revision,
    customerId: cart.customerId,
    currency: cart.currency,
    couponCode: cart.couponCode,
    email: input.email ?? cart.email,
    lines: cart.lines,
  };
};

const wishOfLines = (input: CreateQuoteInput, caller: Caller, errors: WishErrors): Wish => {
  if (!input.lines || input.currency === undefined) {
    throw errors.NOTHING_TO_QUOTE('Name a cartId, or lines together with a currency.');
  }
  const named = caller.kind === 'key' ? (input.customerId ?? null) : null;
  return {
    cartId: null,
    cartRevision: null,
    customerId: caller.kind === 'customer' ? caller.customerId : named,
    currency: input.currency,
    couponCode: input.couponCode ?? null,
    email: input.email ?? null,
    lines: addUp(input.lines).map((line) => ({ ...line, lineId: newId('lin') })),
  };
};

/** Each wanted line with what the catalogue says of it. */
const listedLines = (wish: Wish, prices: PriceAnswer): ListedLine[] => {
  const priceOf = new Map(prices.lines.map((line) => [line.sku, line]));
  return wish.lines.flatMap(({ lineId, sku, quantity }) => {
    const price = priceOf.get(sku);
    return price ? [{ ...price, lineId, quantity }] : [];
  });
};

type QuoteHandlers = Pick<Handlers<typeof ordersContract>, 'createQuote' | 'getQuote'>;

export const quoteHandlers = (platform: OrdersPlatform, pricing: Pricing, settings: OrdersSettings): QuoteHandlers => ({
  createQuote: async (input, { caller, errors, commit }) => {
    const wish = await findWish(platform, input, caller, errors);
    const redeemer = redeemerOf(wish.customerId, wish.email);
    const [prices, methods, taxRates, promotion] = await Promise.all([
      pricing(wish),
      listShippingMethods(platform.database, { currency: wish.currency, active: true }),
      listTaxRates(platform.database, input.shippingAddress.country),
      wish.couponCode === null ? undefined : findPromotionByCode(platform.database, wish.couponCode, redeemer),
    ]).catch((error: unknown) => {
      throw isProblem(error, 'CUSTOMER_NOT_FOUND')
        ? errors.CUSTOMER_NOT_FOUND(`There is no customer ${wish.customerId ?? ''}.`)
        : error;
    });
    requireSellable(
      wish.lines.map((line) => line.sku),
      prices,
      errors,
    );
    const lines = listedLines(wish, prices);
    if (!isWithinLimit(lines)) {
      throw errors.TOO_LARGE(`An order can come to ${MAX_ORDER_AMOUNT} minor units at most. Order less at once.`, {
        limit: MAX_ORDER_AMOUNT,
      });
    }
    const now = platform.now();
    const outcome = quoteOf({
      lines,
      currency: wish.currency,
      country: input.shippingAddress.country,
      shippingMethod: input.shippingMethod,
      methods,
      taxRates: Object.fromEntries(taxRates.map((rate) => [rate.category, rate.rate])),
      coupon: wish.couponCode === null ? undefined : { code: wish.couponCode, promotion },
      now,
    });
    if (!outcome.ok) {
      throw outcome.problem === 'PROMOTION_NOT_USABLE'
        ? errors.PROMOTION_NOT_USABLE(
            `The code ${outcome.code} does not apply (${outcome.reason}). Take it off, or meet its conditions.`,
            outcome,
          )
        : errors.NO_SHIPPING_METHOD(
            `${input.shippingMethod === undefined ? 'No shipping method' : `No shipping method ${input.shippingMethod}`} carries ${outcome.weightGrams} g to ${outcome.country} in ${wish.currency}. Choose another, or ask the shop to add one.`,
            outcome,
          );
    }
    const quote: Quote = {
      id: newId('quo'),
      cartId: wish.cartId,
      customerId: wish.customerId,
      currency: wish.currency,
      email: wish.email,
      shippingAddress: input.shippingAddress,
      billingAddress: input.billingAddress ?? null,
      ...outcome.priced,
      orderId: null,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + settings.quoteMinutes * 60_000).toISOString(),
    };
    return commit(async (tx) => {
      await insertQuote(tx, { quote, cartRevision: wish.cartRevision });
      return quote;
    });
  },

  getQuote: async ({ quoteId }, { caller, errors }) => {
    const row = await findQuote(platform.database, quoteId);
    if (!row || !mayUse(caller, row.quote.customerId))
      throw errors.QUOTE_NOT_FOUND(`There is no quote ${quoteId}, or it is somebody else’s.`);
    return row.quote;
  },
});
