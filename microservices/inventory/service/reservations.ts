import { z } from 'zod';
import { actorOf } from '../../chassis/auth/caller.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Problem } from '../../chassis/problem.ts';
import { illegalMove, requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { reservationId, type Reservation } from '../contract/shapes.ts';
import { planReturn } from '../policy/returns.ts';
import { reservationStates, type ReservationMove } from '../policy/states.ts';
import {
  commitOpen,
  extendOpen,
  findReservation,
  listReservations,
  lockReservation,
  releaseOpen,
} from '../store/reservations.ts';
import { reserveStock } from './reserve.ts';
import { applyCommit, applyFreed, applyReturn } from './settle.ts';

type Names =
  | 'reserveStock'
  | 'getReservation'
  | 'listReservations'
  | 'commitReservation'
  | 'releaseReservation'
  | 'extendReservation'
  | 'returnStock';

export const reservationHandlers = (context: Context): Pick<Handlers, Names> => ({
  reserveStock: reserveStock(context),

  getReservation: async (input, { errors }) =>
    found(await findReservation(context.database, input.reservationId), input.reservationId, errors),

  listReservations: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([reservationId]));
    return toPage(await listReservations(context.database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },

  commitReservation: command(async (tx, input, { errors, caller }) => {
    const committed = await commitOpen(tx, input.reservationId);
    if (committed) {
      await applyCommit(tx, committed, actorOf(caller));
      return committed;
    }
    const standing = found(await findReservation(tx, input.reservationId), input.reservationId, errors);
    if (standing.state === 'committed') return standing;
    throw refusal(standing, 'commit', errors);
  }),

  releaseReservation: command(async (tx, input, { errors }) => {
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

  extendReservation: command(async (tx, input, { errors }) => {
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

  returnStock: command(async (tx, input, { errors, caller }) => {
    const reservation = found(await lockReservation(tx, input.reservationId), input.reservationId, errors);
    requireMove(reservationStates, named(reservation), 'return', errors.ILLEGAL_STATE);
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

type NotFound = Pick<Failures<'getReservation'>, 'RESERVATION_NOT_FOUND'>;

const found = (reservation: Reservation | undefined, id: string, errors: NotFound): Reservation => {
  if (!reservation)
    throw errors.RESERVATION_NOT_FOUND(`There is no reservation ${id}. List the reservations to find the right id.`, {
      reservationId: id,
    });
  return reservation;
};

/** Why a move that needs an open reservation in time was refused. */
const refusal = (reservation: Reservation, asked: ReservationMove, errors: Failures<'commitReservation'>): Problem =>
  reservation.state === 'expired' || reservation.state === 'reserved'
    ? errors.RESERVATION_EXPIRED(
        `Reservation ${reservation.id} expired at ${reservation.expiresAt}; its units are available again. Make a new reservation.`,
        { expiresAt: reservation.expiresAt },
      )
    : errors.ILLEGAL_STATE(...illegalMove(reservationStates, named(reservation), asked));
