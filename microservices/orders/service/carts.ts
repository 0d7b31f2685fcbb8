import type { Caller } from '../../chassis/auth/caller.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { ordersContract } from '../contract.ts';
import { addUp, subtotalOf, type CartLine } from '../policy/cart.ts';
import { windowProblem } from '../policy/promotion.ts';
import { findCart, insertCart, listCarts, lockCart, newestOpenCart, updateCart, type CartRow } from '../store/carts.ts';
import { decodeCursor, toPage } from '../store/cursor.ts';
import { findPromotionByCode } from '../store/promotions.ts';
import { mayUse } from './access.ts';
import { pricedCartLines, requireSellable, requireWithinLimits } from './cart-lines.ts';
import { cartAbout, changeCart, requireOpen, toCart } from './cart-state.ts';
import { isProblem, type OrdersPlatform, type Pricing } from './pricing.ts';

type CartHandlers = Pick<
  Handlers<typeof ordersContract>,
  'createCart' | 'getCart' | 'listCarts' | 'updateCart' | 'applyCoupon' | 'removeCoupon' | 'mergeCart'
>;

const ownerFor = (caller: Caller, named: string | undefined): string | null => {
  if (caller.kind === 'customer') return caller.customerId;
  return caller.kind === 'key' ? (named ?? null) : null;
};

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

/** Carts as wholes: open, see, list, coupon, merge. */
export const cartHandlers = (platform: OrdersPlatform, pricing: Pricing): CartHandlers => ({
  createCart: async ({ currency, country, email, customerId, lines }, { caller, errors, commit }) => {
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
  },

  getCart: async ({ cartId }, { caller, errors }) => {
    const row = await findCart(platform.database, cartId);
    if (!row || !mayUse(caller, row.customerId))
      throw errors.CART_NOT_FOUND(`There is no cart ${cartId}, or it is somebody else’s.`);
    return toCart(row);
  },

  listCarts: async ({ limit, cursor, customerId, ...filter }, { caller, errors }) => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 'time');
    if (cursor !== undefined && !after)
      throw errors.INVALID_CURSOR('This cursor is not one of this list: take nextCursor of the page before.');
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listCarts(platform.database, { ...filter, customerId: own, after, limit });
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.updatedAt, row.id]);
    return { items: items.map(toCart), nextCursor };
  },

  updateCart: async ({ cartId, country, email }, { caller, errors, commit }) =>
    commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now: platform.now(), told: null }, (row) => ({
        country: country ?? row.country,
        email: email ?? row.email,
      })),
    ),

  applyCoupon: async ({ cartId, code }, { caller, errors, commit }) => {
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
  },

  removeCoupon: async ({ cartId }, { caller, errors, commit }) =>
    commit((tx) =>
      changeCart(tx, { cartId, caller, errors, now: platform.now(), told: 'coupon' }, () => ({ couponCode: null })),
    ),

  mergeCart: async ({ cartId, customerId }, { caller, errors, commit }) => {
    const owner = ownerFor(caller, customerId);
    if (owner === null)
      throw errors.CUSTOMER_REQUIRED('Name the customer whose cart this becomes, or ask with that customer’s token.');
    const guest = await findCart(platform.database, cartId);
    const known = guest?.state === 'open' ? await newestOpenCart(platform.database, owner, guest.currency) : undefined;
    const lines = addUp([...(known?.id === cartId ? [] : (known?.lines ?? [])), ...(guest?.lines ?? [])]);
    requireWithinLimits(lines, errors);
    const prices =
      guest?.state === 'open'
        ? await pricing({ lines, currency: guest.currency, customerId: owner })
        : { lines: [], missing: [] };
    const now = platform.now().toISOString();

    return commit(async (tx) => {
      const source = await lockCart(tx, cartId);
      // Merging again answers what the first time led to.
      if (source?.state === 'merged' && source.mergedInto !== null) {
        const target = await findCart(tx, source.mergedInto);
        if (target?.customerId === owner) return toCart(target);
      }
      const guestCart = requireOpen(source, cartId, caller, errors);
      if (guestCart.customerId === owner) return toCart(guestCart);
      if (guestCart.customerId !== null) throw errors.CART_NOT_FOUND(`Cart ${cartId} belongs to another customer.`);
      const newest = await newestOpenCart(tx, owner, guestCart.currency);
      const target = newest && (await lockCart(tx, newest.id));
      const into = target?.state === 'open' ? target : { ...guestCart, lines: [] };
      const wanted = addUp([...into.lines, ...guestCart.lines]);
      requireWithinLimits(wanted, errors);
      const merged: CartRow = {
        ...into,
        customerId: owner,
        email: into.email ?? guestCart.email,
        country: into.country ?? guestCart.country,
        couponCode: into.couponCode ?? guestCart.couponCode,
        lines: pricedCartLines(wanted, [...guestCart.lines, ...into.lines], prices, errors),
        pricesAsOf: now,
        revision: into.revision + 1,
        updatedAt: now,
        abandonedAt: null,
      };
      merged.subtotal = subtotalOf(merged.lines);
      await updateCart(tx, merged);
      if (merged.id !== guestCart.id) {
        await updateCart(tx, {
          ...guestCart,
          state: 'merged',
          mergedInto: merged.id,
          revision: guestCart.revision + 1,
          updatedAt: now,
        });
      }
      tx.append('cart.updated', merged.id, { ...cartAbout(merged), change: 'merged' });
      return toCart(merged);
    });
  },
});
