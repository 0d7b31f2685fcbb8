import { readCursor, toPage } from '../../chassis/cursor.ts';
import { z } from 'zod';
import type { Handlers } from '../../chassis/http/handlers.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { Platform } from '../../chassis/service.ts';
import type { inventoryContract } from '../contract.ts';
import { reservationId, type Reservation } from '../contract/shapes.ts';
import { planReturn } from '../policy/returns.ts';
import { illegalMove, nextState, reservationStates, type ReservationEvent } from '../policy/states.ts';
import {
  commitOpen,
  extendOpen,
  findReservation,
  listReservations,
  lockReservation,
  releaseOpen,
} from '../store/reservations.ts';
import { actorOf } from './answers.ts';
import { reserveHandler } from './reserve.ts';
import { applyCommit, applyFreed, applyReturn } from './settle.ts';

type Contract = typeof inventoryContract;
type Names =
  | 'reserveStock'
  | 'getReservation'
  | 'listReservations'
  | 'commitReservation'
  | 'releaseReservation'
  | 'extendReservation'
  | 'returnStock';

export const reservationHandlers = (platform: Platform<Contract>): Pick<Handlers<Contract>, Names> => ({
  reserveStock: reserveHandler(platform),

  getReservation: async (input, { errors }) =>
    found(await findReservation(platform.database, input.reservationId), input.reservationId, errors),

  listReservations: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([reservationId]));
    return toPage(await listReservations(platform.database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },

  commitReservation: async (input, { commit, errors, caller }) =>
    commit(async (tx) => {
      const committed = await commitOpen(tx, input.reservationId);
      if (committed) {
        await applyCommit(tx, committed, actorOf(caller));
        return committed;
      }
      const standing = found(await findReservation(tx, input.reservationId), input.reservationId, errors);
      if (standing.state === 'committed') return standing;
      throw refusal(standing, 'commit', errors);
    }),

  releaseReservation: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const released = await releaseOpen(tx, input.reservationId);
      if (released) {
        await applyFreed(tx, [released], 'inventory.released');
        return released;
      }
      const standing = found(await findReservation(tx, input.reservationId), input.reservationId, errors);
      // Whoever releases wants the stock to be free: it is.
      if (standing.state === 'released' || standing.state === 'expired') return standing;
      throw errors.ILLEGAL_STATE(...illegalMove(reservationStates, named(standing), 'release'));
    }),

  extendReservation: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const extended = await extendOpen(tx, input.reservationId, input.expiresInSeconds);
      if (!extended)
        throw refusal(
          found(await findReservation(tx, input.reservationId), input.reservationId, errors),
          'extend',
          errors,
        );
      const { id, ownerId, expiresAt } = extended;
      tx.append('inventory.extended', id, { reservationId: id, ownerId, expiresAt });
      return extended;
    }),

  returnStock: async (input, { commit, errors, caller }) =>
    commit(async (tx) => {
      const reservation = found(await lockReservation(tx, input.reservationId), input.reservationId, errors);
      if (!nextState(reservationStates, reservation.state, 'return')) {
        throw errors.ILLEGAL_STATE(...illegalMove(reservationStates, named(reservation), 'return'));
      }
      const { lines, excess } = planReturn(reservation.lines, input.lines);
      const [first] = excess;
      if (first) {
        const detail = `${first.requested} of ${first.sku} cannot come back: ${first.returnable} of them are still out. Return that many at most.`;
        throw errors.TOO_MUCH_RETURNED(detail, { lines: excess });
      }
      if (lines.length > 0) await applyReturn(tx, reservation, lines, actorOf(caller));
      return found(await findReservation(tx, reservation.id), reservation.id, errors);
    }),
});

const named = ({ id, state }: Reservation) => ({ name: `Reservation ${id}`, state });

type NotFound = Pick<FailureConstructors<Contract['operations']['getReservation']['errors']>, 'RESERVATION_NOT_FOUND'>;

const found = (reservation: Reservation | undefined, id: string, errors: NotFound): Reservation => {
  if (!reservation) throw errors.RESERVATION_NOT_FOUND(`There is no reservation ${id}.`, { reservationId: id });
  return reservation;
};

/** Why a move that needs an open reservation in time was refused. */
const refusal = (
  reservation: Reservation,
  asked: ReservationEvent,
  errors: FailureConstructors<Contract['operations']['commitReservation']['errors']>,
): Problem =>
  reservation.state === 'expired' || reservation.state === 'reserved'
    ? errors.RESERVATION_EXPIRED(
        `Reservation ${reservation.id} ran out at ${reservation.expiresAt}; its pieces are for sale again. Reserve anew.`,
        { expiresAt: reservation.expiresAt },
      )
    : errors.ILLEGAL_STATE(...illegalMove(reservationStates, named(reservation), asked));
