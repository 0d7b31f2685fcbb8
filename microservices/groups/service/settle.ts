import type { Client } from '../../chassis/client.ts';
import { orMissing, Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { ordersContract } from '../../orders/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';
import { giveBackToCap } from '../store/campaigns.ts';
import { giveUpSeat, orderSeat, releaseSeat, takeToSettle, tryLater, type SeatRow } from '../store/seats.ts';
import { findTeam } from '../store/teams.ts';
import { aboutTeam } from './ends.ts';

const BATCH = 20;
/** Another process takes a seat over after this time, should the one that works on it have gone. */
const TAKEN_MS = 30_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Makes the orders of seats that were won, and lets go what is held for seats that were given up; true when there may
 * be more. Each step asks first how far it is, so that a crash between any two of them repeats none.
 */
export const settler = (context: Context) => {
  const make = orderMaker(context);
  const letGo = releaser(context);
  return async (): Promise<boolean> => {
    const at = context.now();
    const seats = await context.commit((tx) => takeToSettle(tx, at, new Date(at.getTime() + TAKEN_MS), BATCH));
    await Promise.all(
      seats.map(async (seat) => {
        try {
          await (seat.state === 'won' ? make(seat) : letGo(seat));
        } catch (error) {
          context.log.warn({ err: error, seatId: seat.id }, 'a seat could not be settled and will be tried again');
          const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(seat.attempts, 10));
          await tryLater(context.database, seat.id, new Date(context.now().getTime() + wait));
        }
      }),
    );
    return seats.length === BATCH;
  };
};

/** Failures that asking again does not change. */
const isFinal = (error: unknown): error is Problem =>
  error instanceof Problem && [400, 402, 404, 409, 410, 422].includes(error.status) && !/IN_FLIGHT/.test(error.code);

/** Order, confirmation and payment of a seat, in this order: nothing is charged before the order is sure. */
const orderMaker = (context: Context) => {
  const pay = payer(context);
  return async (seat: SeatRow): Promise<void> => {
    const team = await findTeam(context.database, seat.teamId);
    if (!team) throw new Error(`Team ${seat.teamId} of seat ${seat.id} is gone`);
    const about = { ...aboutTeam(team), seatId: seat.id, customerId: seat.customerId ?? '', orderId: seat.orderId };
    try {
      const paid = await pay(seat);
      await context.commit(async (tx) => {
        if (!(await orderSeat(tx, seat.id, paid))) return;
        const money = (amount: number) => ({ amount, currency: seat.currency });
        const givenBack = money((seat.held ?? paid) - paid);
        tx.append('seat.ordered', seat.teamId, { ...about, paid: money(paid), givenBack });
      });
    } catch (error) {
      if (!isFinal(error)) throw error;
      await context.commit(async (tx) => {
        const why = { from: ['won'] as const, reason: 'order_refused' as const, at: context.now() };
        if (!(await giveUpSeat(tx, seat.id, why))) return;
        await giveBackToCap(tx, seat.campaignId, 1);
        tx.append('seat.refused', seat.teamId, { ...about, code: error.code });
      });
    }
  };
};

/** Returns what was charged. */
const payer = (context: Context) => {
  const orders = context.client(ordersContract);
  const wallet = context.client(walletContract);
  return async ({ id, orderId, quoteId, holdId, reservationId, price, currency }: SeatRow): Promise<number> => {
    if (quoteId === null || holdId === null || reservationId === null || price === null)
      throw new Error(`Seat ${id} was won without money and stock`);
    const key = (step: string) => ({ idempotencyKey: `${id}-${step}` });
    const order =
      (await orMissing(orders.getOrder({ orderId }))) ??
      (await orders.placeOffer({ quoteId, orderId, unitPrice: { amount: price, currency } }, key('place')));
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
 * Lets go of money and stock by the order's id, which also finds what a process held and could not write down before it
 * went.
 */
const releaser = (context: Context) => {
  const orders = context.client(ordersContract);
  const inventory = context.client(inventoryContract);
  const wallet = context.client(walletContract);
  return async ({ id, orderId, endReason }: SeatRow): Promise<void> => {
    if (endReason === 'order_refused') await cancelIfThere(orders, orderId, id);
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
    await releaseSeat(context.database, id);
  };
};

/** An order that was placed but not confirmed is called off. */
const cancelIfThere = async (orders: Client<typeof ordersContract>, orderId: string, seatId: string): Promise<void> => {
  const order = await orMissing(orders.getOrder({ orderId }));
  if (!order || ['cancelled', 'rejected'].includes(order.state)) return;
  await orders.cancelOrder(
    { orderId, reason: 'The team’s order could not be made' },
    { idempotencyKey: `${seatId}-cancel` },
  );
};
