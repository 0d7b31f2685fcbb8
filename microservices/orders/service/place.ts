import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { findCart } from '../store/carts.ts';
import { insertPlacedOrder, type PlacedOrder } from '../store/place.ts';
import { redeemPromotion } from '../store/promotions.ts';
import { findQuote, type Quote, type QuoteRow } from '../store/quotes.ts';
import { announcePlaced, orderOf, placedView } from './placed-order.ts';
import { requireQuote } from './quotes.ts';
import { redeemersOf } from './redeemer.ts';

type PlaceInput = InputOf<typeof ordersContract, 'placeOrder'>;
type Errors = Failures<'placeOrder'>;

/**
 * Placing asks no other service: the quote holds every price, so that one transaction of few statements makes the
 * order.
 */
export const placeHandlers = ({ settings, now }: Context): Pick<Handlers, 'placeOrder'> => ({
  placeOrder: command(async (tx, input, { caller, errors }) => {
    requireMetadataAllowed(input, caller, errors);
    const { quote, redeemers } = requireQuote(await findQuote(tx, input.quoteId), input.quoteId, caller, errors);
    requirePayable(quote, input, errors);
    const placed = orderOf(quote, input, {
      id: newId('ord'),
      caller,
      now: now().toISOString(),
      numberPrefix: settings.numberPrefix,
    });
    const number = await insertPlacedOrder(tx, placed);
    if (number === undefined) throw await whyNotPlaced(tx, quote, placed.head.placedAt, errors);
    await redeem(tx, { quote, redeemers }, placed, errors);
    const order = placedView(placed, number);
    announcePlaced(tx, order, quote);
    return order;
  }),
});

const requirePayable = (quote: Quote, input: PlaceInput, errors: Errors): void => {
  if (quote.customerId !== null) return;
  if (input.email === undefined && quote.email === null)
    throw errors.CONTACT_REQUIRED(
      'A guest’s order needs an e-mail address: name it here or when asking for the quote.',
    );
  if (input.paymentMethod === 'wallet' && quote.totals.grandTotal.amount > 0)
    throw errors.PAYMENT_METHOD_NOT_POSSIBLE(
      'A wallet belongs to a customer, and this quote is a guest’s. Sign in, or choose cash_on_delivery.',
    );
};

/** Workflows read metadata, and a shop trusts what its own keys wrote there. */
const requireMetadataAllowed = ({ metadata }: PlaceInput, caller: Caller, errors: Errors): void => {
  if (caller.kind !== 'key' && Object.keys(metadata).length > 0)
    throw errors.METADATA_NOT_ALLOWED(
      'Only the shop sets metadata of an order. Leave it out; use the note for a message.',
    );
};

const whyNotPlaced = async (
  tx: Tx,
  { id, cartId, customerId, expiresAt }: Quote,
  now: string,
  errors: Errors,
): Promise<Problem> => {
  const row = await findQuote(tx, id);
  if (!row) return errors.QUOTE_NOT_FOUND(`There is no quote ${id} any more. Ask for a new one.`);
  if (row.quote.customerId !== customerId)
    return errors.QUOTE_NOT_FOUND(`The customer of quote ${id} was merged into another meanwhile. Ask for a new one.`);
  const { orderId } = row.quote;
  if (orderId !== null)
    return errors.QUOTE_ALREADY_PLACED(`The quote ${id} became order ${orderId}. Ask for a new quote to order again.`, {
      orderId,
    });
  if (cartId === null || expiresAt <= now)
    return errors.QUOTE_EXPIRED(`The quote ${id} expired at ${expiresAt}. Ask for a new one.`, {
      expiredAt: expiresAt,
    });
  const cart = await findCart(tx, cartId);
  return cart?.orderId
    ? errors.CART_ALREADY_ORDERED(`Cart ${cartId} became order ${cart.orderId}. Create a new cart to order again.`, {
        orderId: cart.orderId,
      })
    : errors.CART_CHANGED(`Cart ${cartId} changed after quote ${id}. Ask for a new quote of it.`, { cartId });
};

/** Counts the use of the quote's promotions. Throws when one reached a limit since the quote. */
const redeem = async (tx: Tx, { quote, redeemers }: QuoteRow, { head }: PlacedOrder, errors: Errors): Promise<void> => {
  const all = new Set([...redeemersOf(head.customerId, head.email, quote.email), ...redeemers]);
  for (const { promotionId, code } of quote.promotions) {
    const use = await redeemPromotion(tx, { promotionId, orderId: head.id, redeemers: [...all] });
    if (use === 'EXHAUSTED' || use === 'EXHAUSTED_FOR_CUSTOMER')
      throw errors.PROMOTION_NOT_USABLE(
        `The code ${code} reached its limit${use === 'EXHAUSTED' ? '' : ' for this customer'} after the quote. Ask for a new quote without it.`,
        { code, reason: use },
      );
  }
};
