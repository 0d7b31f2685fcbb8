import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { atPrice } from '../policy/offer.ts';
import { stockOf } from '../policy/availability.ts';
import { quoteOf } from '../policy/quote.ts';
import { isWithinLimit, type ListedLine } from '../policy/totals.ts';
import { findOrder, type Order } from '../store/order.ts';
import { insertPlacedOrder } from '../store/place.ts';
import { findQuote, insertQuote, type Quote } from '../store/quotes.ts';
import { findQuoteRules } from '../store/shipping-and-tax.ts';
import { lockOwner } from './access.ts';
import { costsTooMuchFailure, requireSellable } from './cart-lines.ts';
import { announcePlaced, orderOf, placedView } from './placed-order.ts';
import type { Prices, Pricing } from './pricing.ts';

type QuoteInput = InputOf<typeof ordersContract, 'quoteOffer'>;
type PlaceErrors = Failures<'placeOffer'>;

const LONGEST_MS = 30 * 86_400_000;

/** Quotes and orders at the price of a campaign, which holds money and stock under the order’s id beforehand. */
export const offerHandlers = (context: Context, pricing: Pricing): Pick<Handlers, 'quoteOffer' | 'placeOffer'> => ({
  quoteOffer: command({
    read: async ({ sku, quantity, unitPrice, shippingAddress }) => {
      const [prices, rules] = await Promise.all([
        pricing.listed({ sku, quantity }, unitPrice.currency),
        findQuoteRules(context.database, unitPrice.currency, shippingAddress.country),
      ]);
      return { prices, rules };
    },
    commit: async (tx, input, { caller, errors }, { prices, rules }) => {
      const now = context.now();
      requireInTime(input, now, errors);
      await lockOwner(tx, caller, input.customerId, errors);
      requireSellable([input], prices, errors);
      const lines = offered(input, prices);
      if (!isWithinLimit(lines)) throw costsTooMuchFailure('An order', lines, errors);
      const quote = quoteFor(context, { input, lines, rules, now }, errors);
      await insertQuote(tx, { quote, redeemers: [] });
      return quote;
    },
  }),

  placeOffer: command(async (tx, { quoteId, orderId, unitPrice }, { caller, errors }) => {
    const found = await findQuote(tx, quoteId);
    if (!found) throw errors.QUOTE_NOT_FOUND(`There is no quote ${quoteId}. Ask for a new one.`);
    const { quote } = found;
    requireLowerPrice(quote, unitPrice, errors);
    const final = { ...quote, ...atPrice(quote, unitPrice, context.settings.taxRounding) };
    const placed = orderOf(
      final,
      { paymentMethod: 'wallet', metadata: {} },
      { id: orderId, caller, now: context.now().toISOString(), numberPrefix: context.settings.numberPrefix },
    );
    const number = await insertPlacedOrder(tx, placed);
    if (number === undefined) return placedBefore(tx, quote, orderId, errors);
    const order = placedView(placed, number);
    announcePlaced(tx, order, final);
    return order;
  }),
});

const requireInTime = ({ expiresAt }: QuoteInput, now: Date, errors: Failures<'quoteOffer'>): void => {
  const latest = new Date(now.getTime() + LONGEST_MS).toISOString();
  if (Date.parse(expiresAt) > Date.parse(latest))
    throw errors.OFFER_TOO_LONG(`An offer ends at ${latest} at the latest, not at ${expiresAt}.`, { latest });
};

/** The line at the campaign's price, with the listed one beside it. */
const offered = ({ unitPrice, campaignId, teamId }: QuoteInput, prices: Prices): ListedLine[] =>
  prices.lines.map((line) => ({
    ...line,
    lineId: newId('lin'),
    unitPrice,
    offer: { campaignId, teamId, listPrice: line.unitPrice },
  }));

interface Offer {
  input: QuoteInput;
  lines: readonly ListedLine[];
  rules: Awaited<ReturnType<typeof findQuoteRules>>;
  now: Date;
}

const quoteFor = (
  { settings }: Context,
  { input, lines, rules, now }: Offer,
  errors: Failures<'quoteOffer'>,
): Quote => {
  const { currency } = input.unitPrice;
  const { country } = input.shippingAddress;
  const outcome = quoteOf({
    lines,
    currency,
    country,
    shippingMethod: input.shippingMethod,
    methods: rules.methods,
    taxRates: Object.fromEntries(rules.rates.map(({ category, rate }) => [category, rate])),
    taxRounding: settings.taxRounding,
    coupon: undefined,
    now,
  });
  if (!outcome.ok)
    throw outcome.problem === 'NO_SHIPPING_METHOD'
      ? errors.NO_SHIPPING_METHOD(
          `No shipping method carries ${outcome.weightGrams} g to ${country} in ${currency}. Choose another, or ask the shop to add one.`,
          outcome,
        )
      : new Error('an offer takes no promotion');
  return {
    id: newId('quo'),
    cartId: null,
    customerId: input.customerId,
    currency,
    email: null,
    shippingAddress: input.shippingAddress,
    billingAddress: null,
    ...outcome.priced,
    lines: outcome.priced.lines.map((line) => ({ ...line, ...stockOf(line, []) })),
    orderId: null,
    createdAt: now.toISOString(),
    expiresAt: input.expiresAt,
  };
};

const requireLowerPrice = (
  { id, currency, lines }: Quote,
  given: { amount: number; currency: string },
  errors: PlaceErrors,
): void => {
  const [line] = lines;
  if (!line?.offer) throw errors.NOT_AN_OFFER(`Quote ${id} is not of a campaign’s offer. Place it as an order.`);
  if (given.currency === currency && given.amount <= line.unitPrice.amount) return;
  throw errors.PRICE_ABOVE_QUOTE(`Quote ${id} says ${inWords(line.unitPrice)}; ${inWords(given)} is more.`, {
    quoted: line.unitPrice,
    given,
  });
};

/** The order that this quote became under this id. Throws where it became another one, or none in time. */
const placedBefore = async (tx: Tx, { id, expiresAt }: Quote, orderId: string, errors: PlaceErrors): Promise<Order> => {
  const now = await findQuote(tx, id);
  const became = now?.quote.orderId;
  const order = became === orderId ? await findOrder(tx, orderId) : undefined;
  if (order) return order;
  if (became) throw errors.QUOTE_ALREADY_PLACED(`The quote ${id} became order ${became}.`, { orderId: became });
  throw errors.QUOTE_EXPIRED(`The quote ${id} expired at ${expiresAt}. Ask for a new one.`, { expiredAt: expiresAt });
};
