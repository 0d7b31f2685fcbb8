import type { Client } from '../../chassis/client.ts';
import { orMissing, Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { ordersContract } from '../../orders/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';

// From held money and stock to a paid order, or to nothing. Every step asks first how far it is, so that a crash
// between any two of them repeats none.

const LONGEST_WAIT_MS = 300_000;
const TAKEN_MS = 30_000;

/** How jobs that make orders, or let go, take their work. */
export const RETRY = {
  batch: 20,
  /** Another process takes the work over after this time, should the one that does it have gone. */
  takenUntil: (at: Date): Date => new Date(at.getTime() + TAKEN_MS),
  /** When to try again what has failed so many times. */
  after: (at: Date, attempts: number): Date =>
    new Date(at.getTime() + Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(attempts, 10))),
};

/** Failures that asking again does not change. */
export const isFinal = (error: unknown): error is Problem =>
  error instanceof Problem && [400, 402, 404, 409, 410, 422].includes(error.status) && !/IN_FLIGHT/.test(error.code);

/** A purchase whose money and stock are held. */
export interface HeldPurchase {
  /** Names it in the keys of requests to other services. */
  key: string;
  orderId: string;
  quoteId: string;
  holdId: string;
  reservationId: string;
  /** Of one unit, in minor units: never above the one that was held. */
  price: number;
  currency: string;
}

/**
 * Makes the order, confirms and pays it, in this order: nothing is charged before the order is sure. Returns what was
 * charged, in minor units.
 */
export const payer = (context: Context) => {
  const orders = context.client(ordersContract);
  const wallet = context.client(walletContract);
  return async (purchase: HeldPurchase): Promise<number> => {
    const { orderId, quoteId, holdId, reservationId, currency } = purchase;
    const key = (step: string) => ({ idempotencyKey: `${purchase.key}-${step}` });
    const unitPrice = { amount: purchase.price, currency };
    const order =
      (await orMissing(orders.getOrder({ orderId }))) ??
      (await orders.placeOffer({ quoteId, orderId, unitPrice }, key('place')));
    const { amount } = order.totals.grandTotal;
    if (order.state === 'placed') await orders.approveOrder({ orderId }, key('approve'));
    if (order.state === 'placed' || order.state === 'approved')
      await orders.confirmOrder({ orderId, reservationId, ...(amount > 0 ? { holdId } : {}) }, key('confirm'));
    const hold = await wallet.getHold({ holdId });
    if (hold.state === 'authorized')
      await wallet.captureHold({ holdId, amount: { amount, currency }, final: true }, key('capture'));
    return amount;
  };
};

/**
 * Lets go of money and stock by the order's id, which also finds what a process held and could not write down before
 * it went. With `cancelOrder` an order that was placed but not confirmed is called off.
 */
export const letterGo = (context: Context) => {
  const orders = context.client(ordersContract);
  const inventory = context.client(inventoryContract);
  const wallet = context.client(walletContract);
  return async (orderId: string, { key, cancelOrder }: { key: string; cancelOrder: boolean }): Promise<void> => {
    if (cancelOrder) await cancelIfThere(orders, orderId, key);
    const [holds, reservations] = await Promise.all([
      wallet.listHolds({ reference: orderId }),
      inventory.listReservations({ ownerId: orderId }),
    ]);
    for (const hold of holds.items)
      if (hold.state === 'authorized')
        await wallet.voidHold({ holdId: hold.id }, { idempotencyKey: `${hold.id}-void` });
    for (const reservation of reservations.items)
      if (reservation.state === 'reserved')
        await inventory.releaseReservation(
          { reservationId: reservation.id },
          { idempotencyKey: `${reservation.id}-release` },
        );
  };
};

const cancelIfThere = async (orders: Client<typeof ordersContract>, orderId: string, key: string): Promise<void> => {
  const order = await orMissing(orders.getOrder({ orderId }));
  if (!order || ['cancelled', 'rejected'].includes(order.state)) return;
  await orders.cancelOrder(
    { orderId, reason: 'The campaign’s order could not be made' },
    { idempotencyKey: `${key}-cancel` },
  );
};
