import type { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { PayloadOf } from '../../chassis/contract/index.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Transaction } from '../../chassis/transaction.ts';
import type { ordersContract } from '../contract.ts';
import type { cart } from '../contract/carts.ts';
import { lockCart, updateCart, type CartRow } from '../store/carts.ts';
import { mayUse } from './access.ts';

export type Cart = z.infer<typeof cart>;
export type CartChange = PayloadOf<typeof ordersContract, 'cart.updated'>['change'];

export interface CartErrors {
  CART_NOT_FOUND: (detail: string) => Problem;
  CART_NOT_OPEN: (detail: string, data: { state: string; allowed: string[] }) => Problem;
}

export const toCart = ({ revision: _, abandonedAt: __, subtotal, ...row }: CartRow): Cart => ({
  ...row,
  subtotal: { amount: subtotal, currency: row.currency },
});

export const cartAbout = (row: CartRow) => ({
  cartId: row.id,
  customerId: row.customerId,
  currency: row.currency,
  lines: row.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  subtotal: { amount: row.subtotal, currency: row.currency },
});

/** The cart as found, if the caller may use it and it is open; the fitting failure is thrown otherwise. */
export const requireOpen = (row: CartRow | undefined, cartId: string, caller: Caller, errors: CartErrors): CartRow => {
  if (!row || !mayUse(caller, row.customerId)) {
    throw errors.CART_NOT_FOUND(`There is no cart ${cartId}, or it is somebody else’s. Create a new one.`);
  }
  if (row.state !== 'open') {
    throw errors.CART_NOT_OPEN(
      row.state === 'ordered'
        ? `Cart ${cartId} became order ${row.orderId ?? ''} and cannot change any more. Create a new one.`
        : `Cart ${cartId} was merged into ${row.mergedInto ?? ''}. Use that one.`,
      { state: row.state, allowed: [] },
    );
  }
  return row;
};

/** Locks a cart and changes it; the change is told unless `told` is null. An untouched cart counts from now again. */
export const changeCart = async (
  tx: Transaction<typeof ordersContract>,
  request: { cartId: string; caller: Caller; errors: CartErrors; now: Date; told: CartChange | null },
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
  if (request.told) tx.append('cart.updated', changed.id, { ...cartAbout(changed), change: request.told });
  return toCart(changed);
};

/** Whose cart it is: a customer’s own, or the one that staff or a journey names; null for a guest. */
export const ownerFor = (caller: Caller, named: string | undefined): string | null => {
  if (caller.kind === 'customer') return caller.customerId;
  return caller.kind === 'key' ? (named ?? null) : null;
};
