import type { Context } from '../context.ts';
import { giveBackToCap } from '../store/campaigns.ts';
import { giveUpSeat, orderSeat, releaseSeat, takeToSettle, tryLater, type SeatRow } from '../store/seats.ts';
import { findTeam } from '../store/teams.ts';
import { aboutTeam } from './ends.ts';
import { isFinal, letterGo, payer, RETRY, type HeldPurchase } from './purchase.ts';

/**
 * Makes the orders of seats that were won, and lets go what is held for seats that were given up; true when there may
 * be more. Each step asks first how far it is, so that a crash between any two of them repeats none.
 */
export const settler = (context: Context) => {
  const make = orderMaker(context);
  const letGo = releaser(context);
  return async (): Promise<boolean> => {
    const at = context.now();
    const seats = await context.commit((tx) => takeToSettle(tx, at, RETRY.takenUntil(at), RETRY.batch));
    await Promise.all(
      seats.map(async (seat) => {
        try {
          await (seat.state === 'won' ? make(seat) : letGo(seat));
        } catch (error) {
          context.log.warn({ err: error, seatId: seat.id }, 'a seat could not be settled and will be tried again');
          await tryLater(context.database, seat.id, RETRY.after(context.now(), seat.attempts));
        }
      }),
    );
    return seats.length === RETRY.batch;
  };
};

/** Order, confirmation and payment of a seat, in this order: nothing is charged before the order is sure. */
const orderMaker = (context: Context) => {
  const pay = payer(context);
  return async (seat: SeatRow): Promise<void> => {
    const team = await findTeam(context.database, seat.teamId);
    if (!team) throw new Error(`Team ${seat.teamId} of seat ${seat.id} is gone`);
    const about = { ...aboutTeam(team), seatId: seat.id, customerId: seat.customerId ?? '', orderId: seat.orderId };
    try {
      const paid = await pay(wonBy(seat));
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

const wonBy = ({ id, orderId, quoteId, holdId, reservationId, price, currency }: SeatRow): HeldPurchase => {
  if (quoteId === null || holdId === null || reservationId === null || price === null)
    throw new Error(`Seat ${id} was won without money and stock`);
  return { key: id, orderId, quoteId, holdId, reservationId, price, currency };
};

/** Lets go what is held for a seat that was given up. */
const releaser = (context: Context) => {
  const letGo = letterGo(context);
  return async ({ id, orderId, endReason }: SeatRow): Promise<void> => {
    await letGo(orderId, { key: id, cancelOrder: endReason === 'order_refused' });
    await releaseSeat(context.database, id);
  };
};
