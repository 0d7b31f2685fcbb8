import type { Caller } from '../../chassis/auth/caller.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import { MAX_ORDER_AMOUNT } from '../contract/values.ts';
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
import { changeCart, requireOpen, type CartErrors } from './cart-state.ts';
import { namesOf, type CartContext, type OrdersHandler, type OrdersPlatform, type PriceAnswer } from './pricing.ts';

interface LimitErrors {
  TOO_LARGE: (detail: string, data: { limit: number }) => Problem;
}
interface PricingErrors extends LimitErrors {
  NOT_SELLABLE: (detail: string, data: { missing: { sku: string; reason: string }[] }) => Problem;
}

const newLineId = () => newId('lin');

/** Throws when a cart would hold too much of something. */
export const requireWithinLimits = (lines: readonly WantedLine[], errors: LimitErrors): void => {
  const broken = limitBroken(lines);
  if (broken) throw errors.TOO_LARGE(broken.says, { limit: broken.limit });
};

const requireAffordable = (lines: CartLine[], errors: LimitErrors): CartLine[] => {
  if (!costsTooMuch(lines)) return lines;
  throw errors.TOO_LARGE(`A cart can come to ${MAX_ORDER_AMOUNT} minor units at most. Order less at once.`, {
    limit: MAX_ORDER_AMOUNT,
  });
};

/** Cart lines with the prices of now. Throws when they come to more than an order can. */
export const pricedCartLines = (
  wanted: readonly WantedLine[],
  known: readonly CartLine[],
  prices: PriceAnswer,
  errors: LimitErrors,
): CartLine[] => {
  return requireAffordable(toCartLines(wanted, known, prices, newLineId), errors);
};

export const requireSellable = (skus: readonly string[], prices: PriceAnswer, errors: PricingErrors): void => {
  const missing = prices.missing.filter((line) => skus.includes(line.sku));
  if (missing.length > 0) {
    throw errors.NOT_SELLABLE(`This cannot be sold now: ${namesOf(missing)}. Leave it out, or choose something else.`, {
      missing,
    });
  }
};

const findOpen = async (
  platform: OrdersPlatform,
  cartId: string,
  caller: Caller,
  errors: CartErrors,
): Promise<CartRow> => requireOpen(await findCart(platform.database, cartId), cartId, caller, errors);

const nowPriced = (lines: CartLine[], now: Date) => ({
  lines,
  subtotal: subtotalOf(lines),
  pricesAsOf: now.toISOString(),
});

const addCartLine =
  ({ platform, pricing }: CartContext): OrdersHandler<'addCartLine'> =>
  async ({ cartId, sku, quantity }, { caller, errors, commit }) => {
    const found = await findOpen(platform, cartId, caller, errors);
    const inCart = found.lines.find((line) => line.sku === sku)?.quantity ?? 0;
    const question = {
      lines: [{ sku, quantity: Math.min(inCart + quantity, 1_000_000) }],
      currency: found.currency,
      customerId: found.customerId,
    };
    const prices = await pricing(question);
    requireSellable([sku], prices, errors);
    const now = platform.now();
    return commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now, told: 'lines' }, (row) => {
        const wanted = addUp([...row.lines, { sku, quantity }]);
        requireWithinLimits(wanted, errors);
        const touched = pricedCartLines(
          wanted.filter((line) => line.sku === sku),
          row.lines,
          prices,
          errors,
        );
        const rest = new Map(row.lines.map((line) => [line.sku, line]));
        const lines = wanted.flatMap((line) => (line.sku === sku ? touched : (rest.get(line.sku) ?? [])));
        if (costsTooMuch(lines))
          throw errors.TOO_LARGE(`A cart can come to ${MAX_ORDER_AMOUNT} minor units at most.`, {
            limit: MAX_ORDER_AMOUNT,
          });
        return { lines, subtotal: subtotalOf(lines) };
      }),
    );
  };

const setCartLines =
  ({ platform, pricing }: CartContext): OrdersHandler<'setCartLines'> =>
  async ({ cartId, lines }, { caller, errors, commit }) => {
    const found = await findOpen(platform, cartId, caller, errors);
    const wanted = addUp(lines);
    requireWithinLimits(wanted, errors);
    const prices = await pricing({ lines: wanted, currency: found.currency, customerId: found.customerId });
    requireSellable(
      wanted.map((line) => line.sku),
      prices,
      errors,
    );
    const now = platform.now();
    return commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now, told: 'lines' }, (row) =>
        nowPriced(pricedCartLines(wanted, row.lines, prices, errors), now),
      ),
    );
  };

const updateCartLine =
  ({ platform, pricing }: CartContext): OrdersHandler<'updateCartLine'> =>
  async ({ cartId, lineId, quantity }, { caller, errors, commit }) => {
    const found = await findOpen(platform, cartId, caller, errors);
    const line = found.lines.find((known) => known.lineId === lineId);
    const gone = () => errors.LINE_NOT_FOUND(`Cart ${cartId} has no line ${lineId}. Get the cart for its lines.`);
    if (!line) throw gone();
    const prices = await pricing({
      lines: [{ sku: line.sku, quantity }],
      currency: found.currency,
      customerId: found.customerId,
    });
    requireSellable([line.sku], prices, errors);
    const now = platform.now();
    return commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now, told: 'lines' }, (row) => {
        if (!row.lines.some((known) => known.lineId === lineId)) throw gone();
        const [changed] = pricedCartLines([{ sku: line.sku, quantity }], row.lines, prices, errors);
        const lines = row.lines.map((known) => (known.lineId === lineId && changed ? changed : known));
        if (costsTooMuch(lines))
          throw errors.TOO_LARGE(`A cart can come to ${MAX_ORDER_AMOUNT} minor units at most.`, {
            limit: MAX_ORDER_AMOUNT,
          });
        return { lines, subtotal: subtotalOf(lines) };
      }),
    );
  };

const removeCartLine =
  ({ platform }: CartContext): OrdersHandler<'removeCartLine'> =>
  async ({ cartId, lineId }, { caller, errors, commit }) =>
    commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now: platform.now(), told: 'lines' }, (row) => {
        const lines = row.lines.filter((known) => known.lineId !== lineId);
        if (lines.length === row.lines.length)
          throw errors.LINE_NOT_FOUND(`Cart ${cartId} has no line ${lineId}. Get the cart for its lines.`);
        return { lines, subtotal: subtotalOf(lines) };
      }),
    );

const refreshCart =
  ({ platform, pricing }: CartContext): OrdersHandler<'refreshCart'> =>
  async ({ cartId }, { caller, errors, commit }) => {
    const found = await findOpen(platform, cartId, caller, errors);
    const prices = await pricing({ lines: found.lines, currency: found.currency, customerId: found.customerId });
    const now = platform.now();
    return commit(async (tx) => {
      let changes: ReturnType<typeof priceChanges> = [];
      const cart = await changeCart(tx, { cartId, caller, errors, now, told: 'prices' }, (row) => {
        const lines = toCartLines(row.lines, row.lines, prices, newLineId);
        changes = priceChanges(row.lines, lines);
        return costsTooMuch(lines) ? {} : nowPriced(lines, now);
      });
      return { ...cart, changes };
    });
  };

/** What changes the lines of a cart. Prices are asked before the transaction, for the quantities that will be there. */
export const cartLineHandlers = (context: CartContext) => ({
  addCartLine: addCartLine(context),
  setCartLines: setCartLines(context),
  updateCartLine: updateCartLine(context),
  removeCartLine: removeCartLine(context),
  refreshCart: refreshCart(context),
});
