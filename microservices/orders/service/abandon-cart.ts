import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { lockCart, updateCart, type CartRow } from '../store/carts.ts';
import { cartAbout, requireOpen, toCart } from './cart-state.ts';

/** Reports a cart at once; the job does it for those that were not touched for long enough. */
export const abandonHandlers = ({ now }: Context): Pick<Handlers, 'abandonCart'> => ({
  abandonCart: command(async (tx, { cartId }, { caller, errors }) => {
    const cart = requireOpen(await lockCart(tx, cartId), cartId, caller, errors);
    if (cart.lines.length === 0)
      throw errors.CART_EMPTY(`Cart ${cartId} has no lines, so nobody left anything. Add one first.`);
    if (cart.abandonedAt !== null) return toCart(cart);
    const abandoned = { ...cart, abandonedAt: now().toISOString() };
    await updateCart(tx, abandoned);
    announceAbandoned(tx, abandoned);
    return toCart(abandoned);
  }),
});

/** Tells that nobody came back to a cart. */
export const announceAbandoned = (tx: Tx, cart: CartRow): void =>
  void tx.append('cart.abandoned', cart.id, {
    ...cartAbout(cart),
    hasEmail: cart.email !== null,
    lastChangedAt: cart.updatedAt,
  });
