import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { addUp, subtotalOf } from '../policy/cart.ts';
import { findCart, lockCart, newestOpenCart, updateCart, type CartRow } from '../store/carts.ts';
import { lockOwner } from './access.ts';
import { pricedCartLines, requireWithinLimits } from './cart-lines.ts';
import { cartAbout, ownerFor, requireOpen, toCart, type Cart } from './cart-state.ts';
import { orNoCustomer, type Prices, type Pricing } from './pricing.ts';

type LimitErrors = Pick<Failures<'mergeCart'>, 'TOO_LARGE'>;

/** After sign-in: the lines of a guest's cart move into the customer's. */
export const mergeCart = ({ database, now }: Context, pricing: Pricing): Handlers['mergeCart'] =>
  command({
    read: async ({ cartId, customerId }, { caller, errors }) => {
      const owner = ownerFor(caller, customerId);
      if (owner === null)
        throw errors.CUSTOMER_REQUIRED('Name the customer whose cart this becomes, or ask with that customer’s token.');
      const prices = await pricesFor(database, pricing, cartId, owner, errors).catch(orNoCustomer(owner, errors));
      return { owner, prices };
    },

    commit: async (tx, { cartId }, { caller, errors }, { owner, prices }) => {
      await lockOwner(tx, caller, owner, errors);
      const source = await lockCart(tx, cartId);
      const before = await mergedBefore(tx, source, owner);
      if (before) return before;
      const guest = requireOpen(source, cartId, caller, errors);
      if (guest.customerId === owner) return toCart(guest);
      if (guest.customerId !== null) throw errors.CART_NOT_FOUND(`Cart ${cartId} belongs to another customer.`);
      const newest = await newestOpenCart(tx, owner, guest.currency);
      const target = newest && (await lockCart(tx, newest.id));
      const at = now().toISOString();
      const merged = united(target?.state === 'open' ? target : guest, guest, owner, at, prices, errors);
      await updateCart(tx, merged);
      if (merged.id !== guest.id) {
        const ended = { state: 'merged', mergedInto: merged.id, revision: guest.revision + 1, updatedAt: at } as const;
        await updateCart(tx, { ...guest, ...ended });
      }
      tx.append('cart.updated', merged.id, { ...cartAbout(merged), change: 'merged' });
      return toCart(merged);
    },
  });

/** Asks what everything in both carts costs the customer. */
const pricesFor = async (
  database: Context['database'],
  pricing: Pricing,
  cartId: string,
  owner: string,
  errors: LimitErrors,
): Promise<Prices> => {
  const guest = await findCart(database, cartId);
  if (guest?.state !== 'open') return { lines: [], missing: [], stock: [] };
  const newest = await newestOpenCart(database, owner, guest.currency);
  const lines = addUp([...(newest?.id === cartId ? [] : (newest?.lines ?? [])), ...guest.lines]);
  requireWithinLimits(lines, errors);
  return pricing.prices({ lines, currency: guest.currency, customerId: owner });
};

/** The cart that the guest's cart was merged into before, if it is the same customer's: merging again returns it. */
const mergedBefore = async (tx: Tx, source: CartRow | undefined, owner: string): Promise<Cart | undefined> => {
  if (source?.state !== 'merged' || source.mergedInto === null) return undefined;
  const target = await findCart(tx, source.mergedInto);
  return target?.customerId === owner ? toCart(target) : undefined;
};

/** One cart out of two: the first one's own details count, the second one's fill what is missing. */
const united = (
  into: CartRow,
  from: CartRow,
  owner: string,
  now: string,
  prices: Prices,
  errors: LimitErrors,
): CartRow => {
  const isSame = into.id === from.id;
  const wanted = addUp([...(isSame ? [] : into.lines), ...from.lines]);
  requireWithinLimits(wanted, errors);
  const lines = pricedCartLines(wanted, [...from.lines, ...into.lines], prices, errors);
  return {
    ...into,
    customerId: owner,
    email: into.email ?? from.email,
    country: into.country ?? from.country,
    couponCode: into.couponCode ?? from.couponCode,
    lines,
    subtotal: subtotalOf(lines),
    pricesAsOf: now,
    revision: into.revision + 1,
    updatedAt: now,
    abandonedAt: null,
  };
};
