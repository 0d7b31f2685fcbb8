import type { Client } from '../../chassis/client.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import { whyHoldDoesNotPay, whyReservationDoesNotServe } from '../policy/confirm.ts';
import { stateAfter } from '../policy/states.ts';
import { findLines, type OrderLine } from '../store/order.ts';
import { findHead, lockHead, type OrderHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { about, illegalMove, move, orderNotFound, type Change, type OrdersTransaction } from './change.ts';
import { learnPayment, learnReservation } from './learn.ts';
import { saveAndShow } from './life.ts';
import type { OrdersHandler, OrdersPlatform } from './pricing.ts';

type Hold = OutputOf<typeof walletContract, 'getHold'>;
type Reservation = OutputOf<typeof inventoryContract, 'getReservation'>;

/** What another service was asked for: it can be used, or not for a reason, in a state if it exists. */
type Checked<Thing> = { use: Thing | undefined } | { reason: string; state: string | null };

/** Undefined when the other service says that there is no such thing; what may pass (503) is thrown on. */
const orMissing = async <Found>(asked: Promise<Found>): Promise<Found | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
};

/** The hold that pays an order; none when the order needs none. */
const checkHold = async (
  wallet: Client<typeof walletContract>,
  order: OrderHead,
  holdId: string | undefined,
  now: Date,
): Promise<Checked<Hold>> => {
  if (order.paymentMethod !== 'wallet' || order.grandTotal === 0) return { use: undefined };
  if (holdId === undefined) return { reason: 'an order paid from a wallet needs a hold', state: null };
  const hold = await orMissing(wallet.getHold({ holdId }));
  if (!hold) return { reason: 'there is no such hold', state: null };
  const reason = whyHoldDoesNotPay(order, hold, now);
  return reason === undefined ? { use: hold } : { reason, state: hold.state };
};

/** Commits the reservation that serves an order; none when nothing has to be shipped. */
const commitStock = async (
  inventory: Client<typeof inventoryContract>,
  order: { id: string; lines: readonly OrderLine[] },
  reservationId: string | undefined,
  idempotencyKey: string,
): Promise<Checked<Reservation>> => {
  if (reservationId === undefined) {
    const isShipped = order.lines.some((line) => line.requiresShipping);
    return isShipped
      ? { reason: 'an order that has to be shipped needs a reservation', state: null }
      : { use: undefined };
  }
  const reservation = await orMissing(inventory.getReservation({ reservationId }));
  if (!reservation) return { reason: 'there is no such reservation', state: null };
  const reason = whyReservationDoesNotServe(order.id, order.lines, reservation);
  if (reason !== undefined) return { reason, state: reservation.state };
  try {
    return { use: await inventory.commitReservation({ reservationId }, { idempotencyKey }) };
  } catch (error) {
    if (!(error instanceof Problem && [404, 409, 422].includes(error.status))) throw error;
    return { reason: error.message, state: reservation.state };
  }
};

/** The confirmed order with what was learnt of stock and money on the way, and told. */
const confirmed = async (
  tx: OrdersTransaction,
  change: Change,
  by: { actor: string; reservation: Reservation | undefined; hold: Hold | undefined },
): Promise<Change> => {
  const { actor, reservation, hold } = by;
  const withStock = reservation
    ? await learnReservation(
        tx,
        change,
        { reservationId: reservation.id, state: 'committed' },
        { actor, lines: reservation.lines },
      )
    : change;
  const known = hold
    ? await learnPayment(
        tx,
        withStock,
        { holdId: hold.id, state: hold.state, authorized: hold.amount.amount, captured: hold.captured.amount },
        actor,
      )
    : withStock;
  const head = { ...known.head, reservationId: reservation?.id ?? null, holdId: hold?.id ?? null };
  tx.append('order.confirmed', head.id, {
    ...about(head),
    actor,
    reservationId: head.reservationId,
    holdId: head.holdId,
    grandTotal: { amount: head.grandTotal, currency: head.currency },
    paymentMethod: head.paymentMethod,
  });
  return { ...known, head };
};

/**
 * Confirming verifies at the wallet and commits at inventory before its own transaction, under a key derived from the caller's, so that a repeat
 * after a crash repeats neither. Should the order be called off in between, inventory puts the committed stock back on that event.
 */
const confirmOrder = (platform: OrdersPlatform): OrdersHandler<'confirmOrder'> => {
  const inventory = platform.client(inventoryContract);
  const wallet = platform.client(walletContract);
  return async ({ orderId, reservationId, holdId }, { caller, errors, commit, derivedKey }) => {
    const found = await findHead(platform.database, orderId);
    if (!found) throw orderNotFound(errors, orderId);
    if (!stateAfter(found.state, 'confirm')) throw illegalMove(errors, found, 'confirm');
    const hold = await checkHold(wallet, found, holdId, platform.now());
    if ('reason' in hold) {
      throw errors.HOLD_NOT_USABLE(
        `The hold ${holdId ?? '(none named)'} cannot pay order ${found.number}: ${hold.reason}. Authorize a new one, or cancel the order.`,
        { holdId: holdId ?? null, ...hold },
      );
    }
    const lines = await findLines(platform.database, orderId);
    const reservation = await commitStock(
      inventory,
      { id: orderId, lines },
      reservationId,
      derivedKey('commit-reservation'),
    );
    if ('reason' in reservation) {
      throw errors.RESERVATION_NOT_USABLE(
        `The reservation ${reservationId ?? '(none named)'} cannot serve order ${found.number}: ${reservation.reason}. Reserve again, or cancel the order.`,
        { reservationId: reservationId ?? null, ...reservation },
      );
    }
    const at = platform.now().toISOString();
    return commit(async (tx) => {
      const head = await lockHead(tx, orderId);
      if (!head) throw orderNotFound(errors, orderId);
      const actor = actorOf(caller);
      const change = move({ head, entries: [], at }, 'confirm', { actor, reference: reservationId ?? null });
      if (!change) throw illegalMove(errors, head, 'confirm');
      return saveAndShow(
        tx,
        await confirmed(tx, change, { actor, reservation: reservation.use, hold: hold.use }),
        caller,
      );
    });
  };
};

export const confirmHandlers = (platform: OrdersPlatform) => ({ confirmOrder: confirmOrder(platform) });
