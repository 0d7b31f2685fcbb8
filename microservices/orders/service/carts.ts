import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { newId } from '../../chassis/ids.ts';
import { addUp, subtotalOf, type CartLine } from '../policy/cart.ts';
import { windowProblem } from '../policy/promotion.ts';
import { findCart, insertCart, listCarts, type CartRow } from '../store/carts.ts';
import { findPromotionByCode } from '../store/promotions.ts';
import { mayUse } from './access.ts';
import { pricedCartLines, requireSellable, requireWithinLimits } from './cart-lines.ts';
import { cartAbout, changeCart, ownerFor, toCart } from './cart-state.ts';
import { mergeCart } from './merge-cart.ts';
import { isProblem, type CartContext, type OrdersHandler } from './pricing.ts';

const newCart = (
  fields: Pick<CartRow, 'customerId' | 'currency' | 'country' | 'email'>,
  lines: CartLine[],
  now: string,
): CartRow => ({
  id: newId('crt'),
  state: 'open',
  ...fields,
  lines,
  couponCode: null,
  subtotal: subtotalOf(lines),
  pricesAsOf: now,
  mergedInto: null,
  orderId: null,
  revision: 1,
  createdAt: now,
  updatedAt: now,
  abandonedAt: null,
});

const createCart =
  ({ platform, pricing }: CartContext): OrdersHandler<'createCart'> =>
  async ({ currency, country, email, customerId, lines }, { caller, errors, commit }) => {
    const owner = ownerFor(caller, customerId);
    const wanted = addUp(lines);
    requireWithinLimits(wanted, errors);
    const prices = await pricing({ lines: wanted, currency, customerId: owner }).catch((error: unknown) => {
      throw isProblem(error, 'CUSTOMER_NOT_FOUND')
        ? errors.CUSTOMER_NOT_FOUND(`There is no customer ${owner ?? ''}.`)
        : error;
    });
    requireSellable(
      wanted.map((line) => line.sku),
      prices,
      errors,
    );
    const cart = newCart(
      { customerId: owner, currency, country: country ?? null, email: email ?? null },
      pricedCartLines(wanted, [], prices, errors),
      platform.now().toISOString(),
    );
    return commit(async (tx) => {
      await insertCart(tx, cart);
      tx.append('cart.updated', cart.id, { ...cartAbout(cart), change: 'created' });
      return toCart(cart);
    });
  };

const getCart =
  ({ platform }: CartContext): OrdersHandler<'getCart'> =>
  async ({ cartId }, { caller, errors }) => {
    const row = await findCart(platform.database, cartId);
    if (!row || !mayUse(caller, row.customerId))
      throw errors.CART_NOT_FOUND(`There is no cart ${cartId}, or it is somebody else’s.`);
    return toCart(row);
  };

const searchCarts =
  ({ platform }: CartContext): OrdersHandler<'listCarts'> =>
  async ({ limit, cursor, customerId, ...filter }, { caller }) => {
    const after = readCursor(cursor, z.tuple([timestamp, id('crt')]));
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listCarts(platform.database, { ...filter, customerId: own, after, limit });
    return toPage(rows, limit, (row) => [row.updatedAt, row.id], toCart);
  };

const describeCart =
  ({ platform }: CartContext): OrdersHandler<'updateCart'> =>
  async ({ cartId, country, email }, { caller, errors, commit }) =>
    commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now: platform.now(), told: null }, (row) => ({
        country: country ?? row.country,
        email: email ?? row.email,
      })),
    );

const applyCoupon =
  ({ platform }: CartContext): OrdersHandler<'applyCoupon'> =>
  async ({ cartId, code }, { caller, errors, commit }) => {
    const now = platform.now();
    return commit(async (tx) => {
      const promotion = await findPromotionByCode(tx, code, null);
      return changeCart(tx, { cartId, caller, errors, now, told: 'coupon' }, (row) => {
        const problem = promotion ? windowProblem(promotion, row.currency, now) : 'UNKNOWN';
        if (problem) {
          throw errors.PROMOTION_NOT_USABLE(
            `The code ${code} cannot be used in this cart now (${problem}). Check it, or leave it out.`,
            { code, reason: problem },
          );
        }
        return { couponCode: code };
      });
    });
  };

const removeCoupon =
  ({ platform }: CartContext): OrdersHandler<'removeCoupon'> =>
  async ({ cartId }, { caller, errors, commit }) =>
    commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now: platform.now(), told: 'coupon' }, () => ({ couponCode: null })),
    );

/** Carts as wholes: open, see, list, coupon, merge. */
export const cartHandlers = (context: CartContext) => ({
  createCart: createCart(context),
  getCart: getCart(context),
  listCarts: searchCarts(context),
  updateCart: describeCart(context),
  applyCoupon: applyCoupon(context),
  removeCoupon: removeCoupon(context),
  mergeCart: mergeCart(context),
});
