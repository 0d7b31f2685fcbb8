import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { addUp, type WantedLine } from '../policy/cart.ts';
import { stockOf } from '../policy/availability.ts';
import { quoteOf } from '../policy/quote.ts';
import { isWithinLimit, type ListedLine, type PricedLine } from '../policy/totals.ts';
import { findCart } from '../store/carts.ts';
import { findPromotionByCode } from '../store/promotions.ts';
import { findQuote, insertQuote, type Quote, type QuoteRow } from '../store/quotes.ts';
import { findQuoteRules } from '../store/shipping-and-tax.ts';
import { lockOwner, mayUse } from './access.ts';
import { costsTooMuchFailure, requireSellable } from './cart-lines.ts';
import { requireOpen } from './cart-state.ts';
import { orNoCustomer, type Prices, type Pricing } from './pricing.ts';
import { redeemersOf } from './redeemer.ts';

type QuoteInput = InputOf<typeof ordersContract, 'createQuote'>;
type Errors = Failures<'createQuote'>;

export const quoteHandlers = (context: Context, pricing: Pricing): Pick<Handlers, 'createQuote' | 'getQuote'> => ({
  createQuote: command({
    read: async (input, { caller, errors }) => {
      const wish = await findWish(context, input, caller, errors);
      return { wish, ...(await askFor(context, pricing, wish, input, errors)) };
    },
    commit: async (tx, input, { caller, errors }, { wish, prices, redeemers, ...rules }) => {
      await lockOwner(tx, caller, wish.customerId, errors);
      requireSellable(wish.lines, prices, errors);
      const lines = listedLines(wish, prices);
      if (!isWithinLimit(lines)) throw costsTooMuchFailure('An order', lines, errors);
      const now = context.now();
      const outcome = quoteOf({
        lines,
        ...questionOf(wish, input),
        ...rules,
        taxRounding: context.settings.taxRounding,
        now,
      });
      if (!outcome.ok) throw refused(outcome, wish, input, errors);
      const quotedLines = withStock(outcome.priced.lines, prices, errors);
      const quote: Quote = {
        id: newId('quo'),
        cartId: wish.cartId,
        customerId: wish.customerId,
        currency: wish.currency,
        email: wish.email,
        shippingAddress: input.shippingAddress,
        billingAddress: input.billingAddress ?? null,
        ...outcome.priced,
        lines: quotedLines,
        orderId: null,
        createdAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + context.settings.quoteMinutes * 60_000).toISOString(),
      };
      await insertQuote(tx, { quote, redeemers });
      return quote;
    },
  }),

  getQuote: async ({ quoteId }, { caller, errors }) =>
    requireQuote(await findQuote(context.database, quoteId), quoteId, caller, errors).quote,
});

/** The quote, if there is one that the caller may use. Throws QUOTE_NOT_FOUND otherwise. */
export const requireQuote = (
  row: QuoteRow | undefined,
  quoteId: string,
  caller: Caller,
  errors: Failures<'getQuote'>,
): QuoteRow => {
  if (!row || !mayUse(caller, row.quote.customerId))
    throw errors.QUOTE_NOT_FOUND(`There is no quote ${quoteId}, or you may not use it. Ask for a new one.`);
  return row;
};

/** The request for a quote, of a cart or of lines. */
interface Wish {
  cartId: string | null;
  customerId: string | null;
  currency: string;
  couponCode: string | null;
  email: string | null;
  lines: (WantedLine & { lineId: string })[];
}

const findWish = async ({ database }: Context, input: QuoteInput, caller: Caller, errors: Errors): Promise<Wish> => {
  if (input.cartId === undefined) return wishOfLines(input, caller, errors);
  const cart = requireOpen(await findCart(database, input.cartId), input.cartId, caller, errors);
  if (cart.lines.length === 0) throw errors.NOTHING_TO_QUOTE(`Cart ${cart.id} is empty. Add something first.`);
  return {
    cartId: cart.id,
    customerId: cart.customerId,
    currency: cart.currency,
    couponCode: cart.couponCode,
    email: input.email ?? cart.email,
    lines: cart.lines,
  };
};

const wishOfLines = (input: QuoteInput, caller: Caller, errors: Errors): Wish => {
  if (!input.lines || input.currency === undefined) {
    throw errors.NOTHING_TO_QUOTE('Name a cartId, or lines together with a currency.');
  }
  const named = caller.kind === 'key' ? (input.customerId ?? null) : null;
  return {
    cartId: null,
    customerId: caller.kind === 'customer' ? caller.customerId : named,
    currency: input.currency,
    couponCode: input.couponCode ?? null,
    email: input.email ?? null,
    lines: addUp(input.lines).map((line) => ({ ...line, lineId: newId('lin') })),
  };
};

/** All that the price depends on, asked at once. */
const askFor = async (context: Context, pricing: Pricing, wish: Wish, input: QuoteInput, errors: Errors) => {
  const { database } = context;
  const [buyer, { methods, rates }] = await Promise.all([
    pricing.buyer(wish.customerId),
    findQuoteRules(database, wish.currency, input.shippingAddress.country),
  ]).catch(orNoCustomer(wish.customerId, errors));
  const redeemers = redeemersOf(wish.customerId, wish.email, buyer.email);
  const [prices, promotion] = await Promise.all([
    pricing.prices(wish, buyer),
    wish.couponCode === null ? undefined : findPromotionByCode(database, wish.couponCode, redeemers),
  ]);
  const taxRates = Object.fromEntries(rates.map(({ category, rate }) => [category, rate]));
  const coupon = wish.couponCode === null ? undefined : { code: wish.couponCode, promotion };
  return { prices, methods, taxRates, coupon, redeemers };
};

const questionOf = ({ currency }: Wish, { shippingAddress, shippingMethod }: QuoteInput) => ({
  currency,
  country: shippingAddress.country,
  shippingMethod,
});

/** Each wanted line with what the catalog says of it. */
const listedLines = (wish: Wish, prices: Prices): ListedLine[] => {
  const priceOf = new Map(prices.lines.map((line) => [line.sku, line]));
  return wish.lines.flatMap(({ lineId, sku, quantity }) => {
    const price = priceOf.get(sku);
    return price ? [{ ...price, lineId, quantity }] : [];
  });
};

/**
 * The lines with their stock. Throws INSUFFICIENT_STOCK when one wants more than can be sold; backorder is shown, not
 * refused.
 */
const withStock = (lines: readonly PricedLine[], { stock }: Prices, errors: Errors): Quote['lines'] => {
  const checked = lines.map((line) => ({ ...line, ...stockOf(line, stock) }));
  const short = checked
    .filter((line) => line.stock === 'insufficient')
    .map(({ sku, quantity, available }) => ({ sku, requested: quantity, available: available ?? 0 }));
  const [first] = short;
  if (!first) return checked;
  const more = short.length > 1 ? `, and too little of ${short.length - 1} more` : '';
  throw errors.INSUFFICIENT_STOCK(
    `There are ${first.available} of ${first.sku}, not ${first.requested}${more}. Order fewer, or leave it out.`,
    { lines: short },
  );
};

type Refusal = ReturnType<typeof quoteOf> & { ok: false };

const refused = (outcome: Refusal, { currency }: Wish, { shippingMethod }: QuoteInput, errors: Errors): Problem =>
  outcome.problem === 'PROMOTION_NOT_USABLE'
    ? errors.PROMOTION_NOT_USABLE(
        `The code ${outcome.code} does not apply (${outcome.reason}). Take it off, or meet its conditions.`,
        outcome,
      )
    : errors.NO_SHIPPING_METHOD(
        `${shippingMethod === undefined ? 'No shipping method' : `No shipping method ${shippingMethod}`} carries ${outcome.weightGrams} g to ${outcome.country} in ${currency}. Choose another, or ask the shop to add one.`,
        outcome,
      );
