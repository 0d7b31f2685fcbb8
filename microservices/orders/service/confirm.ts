import type { Handlers } from '../../chassis/http/handlers.ts';
import { Problem } from '../../chassis/problem.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { ordersContract } from '../contract.ts';
import { stateAfter } from '../policy/states.ts';
import { whyHoldDoesNotPay, whyReservationDoesNotServe } from '../policy/confirm.ts';
import { findLines } from '../store/order.ts';
import { findHead, lockHead, type OrderHead } from '../store/order-head.ts';
import { actorOf } from './access.ts';
import { about, illegalMove, move, orderNotFound } from './change.ts';
import { learnPayment, learnReservation } from './learn.ts';
import { saveAndShow } from './life.ts';
import type { OrdersPlatform } from './pricing.ts';

type Hold = OutputOf<typeof walletContract, 'getHold'>;
type Reservation = OutputOf<typeof inventoryContract, 'getReservation'>;

/** Undefined when the other service says that there is no such thing; what may pass (503) is thrown on. */
const orMissing = async <Found>(asked: Promise<Found>): Promise<Found | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
};

const needsHold = (head: OrderHead): boolean => head.paymentMethod === 'wallet' && head.grandTotal > 0;

/**
 * Confirming verifies at the wallet and commits at inventory before its own transaction, each under a key derived from the caller's, so that a
 * repeat after a crash repeats neither. Should the order be called off in between, inventory puts the committed stock back on that event.
 */
export const confirmHandlers = (platform: OrdersPlatform): Pick<Handlers<typeof ordersContract>, 'confirmOrder'> => {
  const inventory = platform.client(inventoryContract);
  const wallet = platform.client(walletContract);

  /** Commits a reservation, or answers why it cannot be. */
  const commitReservation = async (
    reservationId: string,
    idempotencyKey: string,
  ): Promise<Reservation | { reason: string }> => {
    try {
      return await inventory.commitReservation({ reservationId }, { idempotencyKey });
    } catch (error) {
      if (error instanceof Problem && [404, 409, 422].includes(error.status)) return { reason: error.message };
      throw error;
    }
  };

  return {
    confirmOrder: async ({ orderId, reservationId, holdId }, { caller, errors, commit, derivedKey }) => {
      const found = await findHead(platform.database, orderId);
      if (!found) throw orderNotFound(errors, orderId);
      if (!stateAfter(found.state, 'confirm')) throw illegalMove(errors, found, 'confirm');
      const lines = await findLines(platform.database, orderId);

      const holdFailure = (reason: string, hold?: Hold) =>
        errors.HOLD_NOT_USABLE(
          `The hold ${holdId ?? '(none named)'} cannot pay order ${found.number}: ${reason}. Authorize a new one, or cancel the order.`,
          { holdId: holdId ?? null, reason, state: hold?.state ?? null },
        );
      let hold: Hold | undefined;
      if (needsHold(found)) {
        if (holdId === undefined) throw holdFailure('an order paid from a wallet needs a hold');
        hold = await orMissing(wallet.getHold({ holdId }));
        const problem = hold ? whyHoldDoesNotPay(found, hold, platform.now()) : 'there is no such hold';
        if (problem) throw holdFailure(problem, hold);
      }

      const reservationFailure = (reason: string, reservation?: Reservation) =>
        errors.RESERVATION_NOT_USABLE(
          `The reservation ${reservationId ?? '(none named)'} cannot serve order ${found.number}: ${reason}. Reserve again, or cancel the order.`,
          { reservationId: reservationId ?? null, reason, state: reservation?.state ?? null },
        );
      let committed: Reservation | undefined;
      if (reservationId !== undefined) {
        const reservation = await orMissing(inventory.getReservation({ reservationId }));
        const problem = reservation
          ? whyReservationDoesNotServe(orderId, lines, reservation)
          : 'there is no such reservation';
        if (problem) throw reservationFailure(problem, reservation);
        const answer = await commitReservation(reservationId, derivedKey('commit-reservation'));
        if ('reason' in answer) throw reservationFailure(answer.reason, reservation);
        committed = answer;
      } else if (lines.some((line) => line.requiresShipping)) {
        throw reservationFailure('an order that has to be shipped needs a reservation');
      }

      const at = platform.now().toISOString();
      return commit(async (tx) => {
        const head = await lockHead(tx, orderId);
        if (!head) throw orderNotFound(errors, orderId);
        const actor = actorOf(caller);
        let change = move({ head, entries: [], at }, 'confirm', { actor, reference: reservationId ?? null });
        if (!change) return illegalMove(errors, head, 'confirm');
        if (committed)
          change = await learnReservation(
            tx,
            change,
            { reservationId: committed.id, state: 'committed' },
            { actor, lines: committed.lines },
          );
        if (hold) {
          const fact = {
            holdId: hold.id,
            state: hold.state,
            authorized: hold.amount.amount,
            captured: hold.captured.amount,
          };
          change = await learnPayment(tx, change, fact, actor);
        }
        change.head = { ...change.head, reservationId: reservationId ?? null, holdId: hold?.id ?? null };
        tx.append('order.confirmed', head.id, {
          ...about(head),
          actor,
          reservationId: reservationId ?? null,
          holdId: hold?.id ?? null,
          grandTotal: { amount: head.grandTotal, currency: head.currency },
          paymentMethod: head.paymentMethod,
        });
        return saveAndShow(tx, change, caller);
      });
    },
  };
};
