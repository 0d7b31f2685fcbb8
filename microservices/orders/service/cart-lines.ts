import type { Caller } from '../../chassis/auth/caller.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { MAX_ORDER_AMOUNT, MAX_QUANTITY } from '../contract/values.ts';
import {
  addUp,
  costsTooMuch,
  limitBroken,
  priceChanges,
  subtotalOf,
  toCartLines,
  type CartLine,
  type WantedLine,
} from '../policy/cart.ts';
import { findCart, type CartRow } from '../store/carts.ts';
import { changeCart, requireCartVersion, requireOpen, type CartErrors } from './cart-state.ts';
import { orNoCart, type Prices, type Pricing } from './pricing.ts';

type Names = 'addCartLine' | 'setCartLines' | 'updateCartLine' | 'removeCartLine' | 'refreshCart';

/**
 * Commands that change the lines of a cart. Prices are asked before the transaction, for the quantities that will be
 * there.
 */
export const cartLineHandlers = ({ database, now }: Context, pricing: Pricing): Pick<Handlers, Names> => {
  const findOpen = async (cartId: string, caller: Caller, errors: CartErrors): Promise<CartRow> =>
    requireOpen(await findCart(database, cartId), cartId, caller, errors);

  return {
    addCartLine: command({
      read: async ({ cartId, sku, quantity }, { caller, errors }) => {
        const cart = await findOpen(cartId, caller, errors);
        const inCart = cart.lines.find((line) => line.sku === sku)?.quantity ?? 0;
        const lines = [{ sku, quantity: Math.min(inCart + quantity, MAX_QUANTITY) }];
        return sellable({ ...cart, lines }, pricing, errors);
      },
      commit: (tx, { cartId, sku, quantity }, { caller, errors }, prices) =>
        changeCart(tx, { cartId, caller, errors, now: now(), announced: 'lines' }, (row) => {
          const wanted = addUp([...row.lines, { sku, quantity }]);
          requireWithinLimits(wanted, errors);
          return withLines(toCartLines(wanted, row.lines, prices, newLineId), errors);
        }),
    }),

    setCartLines: command({
      read: async ({ cartId, lines }, { caller, errors }) => {
        const cart = await findOpen(cartId, caller, errors);
        const wanted = addUp(lines).filter((line) => line.quantity > 0);
        requireWithinLimits(wanted, errors);
        return { wanted, prices: await sellable({ ...cart, lines: wanted }, pricing, errors) };
      },
      commit: (tx, { cartId, expectedVersion }, { caller, errors }, { wanted, prices }) => {
        const at = now();
        return changeCart(tx, { cartId, caller, errors, now: at, announced: 'lines' }, (row) => {
          requireCartVersion(row, expectedVersion, errors);
          const lines = toCartLines(wanted, row.lines, prices, newLineId);
          return { ...withLines(lines, errors), pricesAsOf: at.toISOString() };
        });
      },
    }),

    updateCartLine: command({
      read: async ({ cartId, lineId, quantity }, { caller, errors }) => {
        const cart = await findOpen(cartId, caller, errors);
        const { sku } = requireLine(cart, lineId, errors);
        return sellable({ ...cart, lines: quantity > 0 ? [{ sku, quantity }] : [] }, pricing, errors);
      },
      commit: (tx, { cartId, lineId, expectedVersion, quantity }, { caller, errors }, prices) =>
        changeCart(tx, { cartId, caller, errors, now: now(), announced: 'lines' }, (row) => {
          requireCartVersion(row, expectedVersion, errors);
          requireLine(row, lineId, errors);
          const wanted = row.lines
            .map((line) => (line.lineId === lineId ? { ...line, quantity } : line))
            .filter((line) => line.quantity > 0);
          return withLines(toCartLines(wanted, row.lines, prices, newLineId), errors);
        }),
    }),

    removeCartLine: command((tx, { cartId, lineId }, { caller, errors }) =>
      changeCart(tx, { cartId, caller, errors, now: now(), announced: 'lines' }, (row) => {
        requireLine(row, lineId, errors);
        const lines = row.lines.filter((line) => line.lineId !== lineId);
        return { lines, subtotal: subtotalOf(lines) };
      }),
    ),

    refreshCart: command({
      read: async ({ cartId }, { caller, errors }) =>
        pricing.prices(await findOpen(cartId, caller, errors)).catch(orNoCart(cartId, errors)),
      commit: async (tx, { cartId }, { caller, errors }, prices) => {
        const at = now();
        let changes: ReturnType<typeof priceChanges> = [];
        const cart = await changeCart(tx, { cartId, caller, errors, now: at, announced: 'prices' }, (row) => {
          const lines = toCartLines(row.lines, row.lines, prices, newLineId);
          changes = priceChanges(row.lines, lines);
          return costsTooMuch(lines) ? {} : { lines, subtotal: subtotalOf(lines), pricesAsOf: at.toISOString() };
        });
        return { ...cart, changes };
      },
    }),
  };
};

const newLineId = () => newId('lin');

type LimitErrors = Pick<Failures<'mergeCart'>, 'TOO_LARGE'>;
type SellableErrors = Pick<Failures<'createCart'>, 'NOT_SELLABLE'>;

/** Throws TOO_LARGE when a cart would hold too many lines or units. */
export const requireWithinLimits = (lines: readonly WantedLine[], errors: LimitErrors): void => {
  const broken = limitBroken(lines);
  if (broken) throw errors.TOO_LARGE(broken.says, { limit: broken.limit });
};

/** Cart lines with the prices of now. Throws TOO_LARGE when they come to more than an order can. */
export const pricedCartLines = (
  wanted: readonly WantedLine[],
  known: readonly CartLine[],
  prices: Prices,
  errors: LimitErrors,
): CartLine[] => withLines(toCartLines(wanted, known, prices, newLineId), errors).lines;

const withLines = (lines: CartLine[], errors: LimitErrors): Pick<CartRow, 'lines' | 'subtotal'> => {
  if (costsTooMuch(lines)) throw costsTooMuchFailure('A cart', lines, errors);
  return { lines, subtotal: subtotalOf(lines) };
};

export const costsTooMuchFailure = (
  what: string,
  lines: readonly Pick<CartLine, 'unitPrice'>[],
  errors: LimitErrors,
): Problem => {
  const currency = lines.find(({ unitPrice }) => unitPrice)?.unitPrice?.currency ?? '';
  const limit = inWords({ amount: MAX_ORDER_AMOUNT, currency });
  return errors.TOO_LARGE(`${what} can come to ${limit} at most. Order less at once.`, { limit: MAX_ORDER_AMOUNT });
};

/** Throws NOT_SELLABLE when one of the lines has no price now. */
export const requireSellable = (lines: readonly { sku: string }[], prices: Prices, errors: SellableErrors): void => {
  const missing = prices.missing.filter(({ sku }) => lines.some((line) => line.sku === sku));
  if (missing.length > 0)
    throw errors.NOT_SELLABLE(`This cannot be sold now: ${namesOf(missing)}. Leave it out, or choose something else.`, {
      missing,
    });
};

/** "A (unknown_sku), B (no_price)": for people. */
const namesOf = (missing: readonly { sku: string; reason: string }[]): string => {
  const named = missing.slice(0, 5).map(({ sku, reason }) => `${sku} (${reason})`);
  return named.join(', ') + (missing.length > 5 ? ` and ${missing.length - 5} more` : '');
};

/** What the lines of a cart cost. Throws NOT_SELLABLE where one has no price, CART_NOT_FOUND without its customer. */
const sellable = async (
  cart: Parameters<Pricing['prices']>[0] & { id: string },
  pricing: Pricing,
  errors: SellableErrors & Pick<CartErrors, 'CART_NOT_FOUND'>,
): Promise<Prices> => {
  const prices = await pricing.prices(cart).catch(orNoCart(cart.id, errors));
  requireSellable(cart.lines, prices, errors);
  return prices;
};

const requireLine = (cart: CartRow, lineId: string, errors: Pick<Failures<'removeCartLine'>, 'LINE_NOT_FOUND'>) => {
  const line = cart.lines.find((known) => known.lineId === lineId);
  if (!line) throw errors.LINE_NOT_FOUND(`There is no line ${lineId} in cart ${cart.id}. Get the cart for its lines.`);
  return line;
};
