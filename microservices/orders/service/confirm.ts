import type { Client } from '../../chassis/client.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import { command } from '../../chassis/http/command.ts';
import { orMissing, Problem } from '../../chassis/problem.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { paymentsContract } from '../../payments/contract.ts';
import { whyHoldDoesNotPay, whyPaymentDoesNotPay, whyReservationDoesNotServe } from '../policy/confirm.ts';
import { factsOfPayment, type HoldFacts } from '../policy/payment.ts';
import { findHead, lockHead, type OrderHead } from '../store/order-head.ts';
import { findLines, type OrderLine } from '../store/order.ts';
import { actorOf } from './access.ts';
import { about, move, orderNotFound, requireMovable, type Change } from './change.ts';
import { learnPayment, learnReservation } from './learn.ts';
import { saveAndShow } from './lifecycle.ts';

type Hold = OutputOf<typeof walletContract, 'getHold'>;
type Payment = OutputOf<typeof paymentsContract, 'getPayment'>;
type Reservation = OutputOf<typeof inventoryContract, 'getReservation'>;

/**
 * Confirming verifies at the wallet and commits at inventory before its own transaction, under a key derived from the
 * caller's, so that a repeat after a crash repeats neither. Should the order be cancelled in between, inventory puts
 * the committed stock back on that event.
 */
export const confirmHandlers = ({ database, now, ...context }: Context): Pick<Handlers, 'confirmOrder'> => {
  const inventory = context.client(inventoryContract);
  const wallet = context.client(walletContract);
  const payments = context.client(paymentsContract);
  return {
    confirmOrder: command({
      prepare: async ({ orderId, reservationId, holdId, paymentId }, { errors, derivedKey }) => {
        const order = await findHead(database, orderId);
        if (!order) throw orderNotFound(errors, orderId);
        requireMovable(order, 'confirm', errors);
        const byPayment = paymentId !== undefined || order.paymentMethod === 'card';
        const payment = byPayment ? await checkPayment(payments, order, paymentId) : { use: undefined };
        if ('reason' in payment)
          throw errors.PAYMENT_NOT_USABLE(
            `The payment ${paymentId ?? '(none named)'} does not cover order ${order.number}: ${payment.reason}. Authorize it, or cancel the order.`,
            { paymentId: paymentId ?? null, ...payment },
          );
        const hold = byPayment ? { use: undefined } : await checkHold(wallet, order, holdId, now());
        if ('reason' in hold)
          throw errors.HOLD_NOT_USABLE(
            `The hold ${holdId ?? '(none named)'} cannot pay order ${order.number}: ${hold.reason}. Authorize a new one, or cancel the order.`,
            { holdId: holdId ?? null, ...hold },
          );
        const lines = await findLines(database, orderId);
        const reservation = await commitStock(
          inventory,
          { id: orderId, lines },
          reservationId,
          derivedKey('commit-reservation'),
        );
        if ('reason' in reservation)
          throw errors.RESERVATION_NOT_USABLE(
            `The reservation ${reservationId ?? '(none named)'} cannot serve order ${order.number}: ${reservation.reason}. Reserve again, or cancel the order.`,
            { reservationId: reservationId ?? null, ...reservation },
          );
        return { paid: factsOf(hold.use, payment.use), reservation: reservation.use };
      },

      commit: async (tx, { orderId, reservationId }, { caller, errors }, { paid, reservation }) => {
        const head = await lockHead(tx, orderId);
        if (!head) throw orderNotFound(errors, orderId);
        requireMovable(head, 'confirm', errors);
        const actor = actorOf(caller);
        const by = { actor, reference: reservationId ?? null };
        const change = move({ head, entries: [], at: now().toISOString() }, 'confirm', by);
        return saveAndShow(tx, await confirmed(tx, change, { actor, reservation, paid }), caller);
      },
    }),
  };
};

/** The result of asking another service: it can be used, or why not, with its state if it exists. */
type Checked<Thing> = { use: Thing | undefined } | { reason: string; state: string | null };

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

/** The payment that covers an order; none when there is nothing to pay. */
const checkPayment = async (
  payments: Client<typeof paymentsContract>,
  order: OrderHead,
  paymentId: string | undefined,
): Promise<Checked<Payment>> => {
  if (order.grandTotal === 0) return { use: undefined };
  if (paymentId === undefined) return { reason: 'an order paid by card needs a payment', state: null };
  const payment = await orMissing(payments.getPayment({ paymentId }));
  if (!payment) return { reason: 'there is no such payment', state: null };
  const reason = whyPaymentDoesNotPay(order, payment);
  return reason === undefined ? { use: payment } : { reason, state: payment.state };
};

/** What is known of the money from the hold or payment that was checked. */
const factsOf = (hold: Hold | undefined, payment: Payment | undefined): HoldFacts | undefined =>
  payment
    ? factsOfPayment(payment)
    : hold && { holdId: hold.id, state: hold.state, authorized: hold.amount.amount, captured: hold.captured.amount };

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

/** The confirmed order with what was learnt of stock and money on the way; it is announced. */
const confirmed = async (
  tx: Tx,
  change: Change,
  by: { actor: string; reservation: Reservation | undefined; paid: HoldFacts | undefined },
): Promise<Change> => {
  const { actor, reservation, paid } = by;
  const withStock = reservation
    ? await learnReservation(
        tx,
        change,
        { reservationId: reservation.id, state: 'committed' },
        { actor, lines: reservation.lines },
      )
    : change;
  const known = paid ? await learnPayment(tx, withStock, paid, actor) : withStock;
  const head = { ...known.head, reservationId: reservation?.id ?? null, holdId: paid?.holdId ?? null };
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
