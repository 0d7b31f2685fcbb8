import type { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { PayloadOf } from '../../chassis/contract/index.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Failures, Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import type { cart } from '../contract/carts.ts';
import { lockCart, updateCart, type CartRow } from '../store/carts.ts';
import { mayUse } from './access.ts';

export type Cart = z.infer<typeof cart>;
type CartChange = PayloadOf<typeof ordersContract, 'cart.updated'>['change'];
/** The failures of every change of a cart. */
export type CartErrors = Failures<'removeCoupon'>;

export const toCart = ({ revision, abandonedAt: _, subtotal, ...row }: CartRow): Cart => ({
  ...row,
  lines: row.lines.map((line) => ({ ...line, available: line.available ?? null, stock: line.stock ?? 'unknown' })),
  subtotal: { amount: subtotal, currency: row.currency },
  version: revision,
});

/** The part that all events about a cart share. */
export const cartAbout = (row: CartRow) => ({
  cartId: row.id,
  customerId: row.customerId,
  currency: row.currency,
  lines: row.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  subtotal: { amount: row.subtotal, currency: row.currency },
});

/** The cart, if there is one that the caller may use. Throws CART_NOT_FOUND otherwise. */
export const requireCart = (
  row: CartRow | undefined,
  cartId: string,
  caller: Caller,
  errors: Pick<CartErrors, 'CART_NOT_FOUND'>,
): CartRow => {
  if (!row || !mayUse(caller, row.customerId))
    throw errors.CART_NOT_FOUND(`There is no cart ${cartId}, or you may not use it. Create a new one.`);
  return row;
};

/** The cart, if the caller may use it and it is open. Throws the fitting failure otherwise. */
export const requireOpen = (row: CartRow | undefined, cartId: string, caller: Caller, errors: CartErrors): CartRow => {
  const cart = requireCart(row, cartId, caller, errors);
  if (cart.state === 'open') return cart;
  throw errors.CART_NOT_OPEN(
    cart.state === 'ordered'
      ? `Cart ${cartId} became order ${cart.orderId ?? ''} and cannot change any more. Create a new one.`
      : `Cart ${cartId} was merged into ${cart.mergedInto ?? ''}. Use that one.`,
    { state: cart.state, allowed: [] },
  );
};

/**
 * Locks a cart and changes it; the change is announced unless `announced` is null. Its time until it counts as
 * abandoned starts again.
 */
export const changeCart = async (
  tx: Tx,
  request: { cartId: string; caller: Caller; errors: CartErrors; now: Date; announced: CartChange | null },
  change: (row: CartRow) => Partial<CartRow>,
): Promise<Cart> => {
  const row = requireOpen(await lockCart(tx, request.cartId), request.cartId, request.caller, request.errors);
  const changed: CartRow = {
    ...row,
    ...change(row),
    revision: row.revision + 1,
    updatedAt: request.now.toISOString(),
    abandonedAt: null,
  };
  await updateCart(tx, changed);
  if (request.announced) tx.append('cart.updated', changed.id, { ...cartAbout(changed), change: request.announced });
  return toCart(changed);
};

/** Throws VERSION_CONFLICT when a locked cart is not at the version that the caller knows. */
export const requireCartVersion = (
  { revision }: CartRow,
  expected: number | undefined,
  errors: Pick<Failures<'updateCart'>, 'VERSION_CONFLICT'>,
): void => requireVersion({ name: 'The cart', version: revision }, expected, errors.VERSION_CONFLICT);

/** Whose cart it is: a customer's own, or the one that staff or a journey names; null for a guest. */
export const ownerFor = (caller: Caller, named: string | undefined): string | null => {
  if (caller.kind === 'customer') return caller.customerId;
  return caller.kind === 'key' ? (named ?? null) : null;
};
