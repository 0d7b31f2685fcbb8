import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Handlers } from '../context.ts';
import { addUp, subtotalOf, type CartLine } from '../policy/cart.ts';
import { windowProblem } from '../policy/promotion.ts';
import { findCart, insertCart, listCarts, type CartRow } from '../store/carts.ts';
import { findPromotionByCode } from '../store/promotions.ts';
import { lockOwner } from './access.ts';
import { pricedCartLines, requireSellable, requireWithinLimits } from './cart-lines.ts';
import { cartAbout, changeCart, ownerFor, requireCart, requireCartVersion, toCart } from './cart-state.ts';
import { mergeCart } from './merge-cart.ts';
import { orNoCustomer, type Pricing } from './pricing.ts';

type Names = 'createCart' | 'getCart' | 'listCarts' | 'updateCart' | 'applyCoupon' | 'removeCoupon' | 'mergeCart';

/** Carts as wholes: create, see, list, coupon, merge. */
export const cartHandlers = (context: Context, pricing: Pricing): Pick<Handlers, Names> => ({
  createCart: command({
    read: async ({ currency, customerId, lines }, { caller, errors }) => {
      const owner = ownerFor(caller, customerId);
      const wanted = addUp(lines);
      requireWithinLimits(wanted, errors);
      const prices = await pricing
        .prices({ lines: wanted, currency, customerId: owner })
        .catch(orNoCustomer(owner, errors));
      requireSellable(wanted, prices, errors);
      return { owner, lines: pricedCartLines(wanted, [], prices, errors) };
    },
    commit: async (tx, { currency, country = null, email = null }, { caller, errors }, { owner, lines }) => {
      await lockOwner(tx, caller, owner, errors);
      const cart = newCart({ customerId: owner, currency, country, email }, lines, context.now().toISOString());
      await insertCart(tx, cart);
      tx.append('cart.updated', cart.id, { ...cartAbout(cart), change: 'created' });
      return toCart(cart);
    },
  }),

  getCart: async ({ cartId }, { caller, errors }) =>
    toCart(requireCart(await findCart(context.database, cartId), cartId, caller, errors)),

  listCarts: async ({ limit, cursor, customerId, ...filter }, { caller }) => {
    const after = readCursor(cursor, z.tuple([timestamp, id('crt')]));
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listCarts(context.database, { ...filter, customerId: own, after, limit });
    return toPage(rows, limit, (row) => [row.updatedAt, row.id], toCart);
  },

  updateCart: command((tx, { cartId, expectedVersion, country, email }, { caller, errors }) =>
    changeCart(tx, { cartId, caller, errors, now: context.now(), announced: null }, (row) => {
      requireCartVersion(row, expectedVersion, errors);
      return { country: country ?? row.country, email: email ?? row.email };
    }),
  ),

  applyCoupon: command(async (tx, { cartId, code }, { caller, errors }) => {
    const promotion = await findPromotionByCode(tx, code, []);
    const now = context.now();
    return changeCart(tx, { cartId, caller, errors, now, announced: 'coupon' }, (row) => {
      const problem = promotion ? windowProblem(promotion, row.currency, now) : 'UNKNOWN';
      if (problem)
        throw errors.PROMOTION_NOT_USABLE(
          `The code ${code} cannot be used in this cart now (${problem}). Check it, or leave it out.`,
          { code, reason: problem },
        );
      return { couponCode: code };
    });
  }),

  removeCoupon: command((tx, { cartId }, { caller, errors }) =>
    changeCart(tx, { cartId, caller, errors, now: context.now(), announced: 'coupon' }, () => ({ couponCode: null })),
  ),

  mergeCart: mergeCart(context, pricing),
});

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
