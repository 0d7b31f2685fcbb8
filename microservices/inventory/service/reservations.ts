import { z } from 'zod';
import { actorOf } from '../../chassis/auth/caller.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Problem } from '../../chassis/problem.ts';
import { illegalMove, requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { reservationId, type Reservation } from '../contract/shapes.ts';
import { reservationStates, type ReservationMove } from '../policy/states.ts';
import { bySku, planReturn, planShipment, type Part, type Wish } from '../policy/whereabouts.ts';
import { commitOpen, extendOpen, findReservation, listReservations, lockReservation } from '../store/reservations.ts';
import { listEntries, noteEntries } from '../store/timeline.ts';
import { reserveStock } from './reserve.ts';
import { applyCommit, applyReturn, applyShipment, partsOf, releaseIfOpen } from './settle.ts';

type Names =
  | 'reserveStock'
  | 'getReservation'
  | 'listReservations'
  | 'commitReservation'
  | 'releaseReservation'
  | 'extendReservation'
  | 'getReservationTimeline'
  | 'shipStock'
  | 'returnStock';

export const reservationHandlers = (context: Context): Pick<Handlers, Names> => ({
  reserveStock: reserveStock(context),

  getReservation: async (input, { errors }) =>
    found(await findReservation(context.database, input.reservationId), input.reservationId, errors),

  listReservations: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([reservationId]));
    return toPage(await listReservations(context.database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },

  getReservationTimeline: async ({ reservationId: asked, limit, cursor }, { errors }) => {
    const after = readCursor(cursor, z.tuple([z.string()]));
    found(await findReservation(context.database, asked), asked, errors);
    const { items, nextCursor } = toPage(
      await listEntries(context.database, asked, limit, after?.[0]),
      limit,
      (row) => [row.id],
    );
    return { items: items.map(({ id: _id, ...entry }) => entry), nextCursor };
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

  releaseReservation: command(async (tx, input, { errors, caller }) => {
    const released = await releaseIfOpen(tx, input.reservationId, actorOf(caller));
    if (released) return released;
    const standing = found(await findReservation(tx, input.reservationId), input.reservationId, errors);
    // Whoever releases wants the stock to be free: it is.
    if (standing.state === 'released' || standing.state === 'expired') return standing;
    throw errors.ILLEGAL_STATE(...illegalMove(reservationStates, named(standing), 'release'));
  }),

  extendReservation: command(async (tx, input, { errors, caller }) => {
    const extended = await extendOpen(tx, input.reservationId, input.expiresInSeconds);
    if (!extended)
      throw refusal(
        found(await findReservation(tx, input.reservationId), input.reservationId, errors),
        'extend',
        errors,
      );
    const { id, ownerId, expiresAt } = extended;
    await noteEntries(tx, [{ reservationId: id, kind: 'extended', lines: partsOf(extended), actor: actorOf(caller) }]);
    tx.append('inventory.extended', id, { reservationId: id, ownerId, expiresAt });
    return extended;
  }),

  shipStock: command(async (tx, input, { errors, caller }) => {
    const reservation = found(await lockReservation(tx, input.reservationId), input.reservationId, errors);
    requireMove(reservationStates, named(reservation), 'ship', errors.ILLEGAL_STATE);
    const { ownerId } = reservation;
    if (isOrder(ownerId))
      throw errors.SHIPPED_BY_ORDER(`Reservation ${reservation.id} is for order ${ownerId}. Ship the order instead.`, {
        orderId: ownerId,
      });
    const wishes = input.lines ?? reservation.lines.map(({ sku, allocated }) => ({ sku, quantity: allocated }));
    const parts = planShipment(reservation.lines, wishes);
    const [first, ...more] = missingOf(wishes, parts);
    if (first) {
      const detail = `${first.requested} of ${first.sku} cannot be shipped: ${first.allocated} of them are allocated to it. Ship that many at most.`;
      throw errors.TOO_MUCH_SHIPPED(detail, { lines: [first, ...more] });
    }
    return applyShipment(tx, reservation, parts, actorOf(caller));
  }),

  returnStock: command(async (tx, input, { errors, caller }) => {
    const reservation = found(await lockReservation(tx, input.reservationId), input.reservationId, errors);
    if (!isGivenBack(reservation)) requireMove(reservationStates, named(reservation), 'return', errors.ILLEGAL_STATE);
    const { lines, excess } = planReturn(reservation.lines, input.lines);
    const [first] = excess;
    if (first) {
      const detail = `${first.requested} of ${first.sku} cannot come back: ${first.returnable} of them are still out. Return that many at most.`;
      throw errors.TOO_MUCH_RETURNED(detail, { lines: excess });
    }
    return applyReturn(tx, reservation, lines, actorOf(caller));
  }),
});

/** Orders tell of their parcels by themselves. */
const isOrder = (ownerId: string): boolean => ownerId.startsWith('ord_');

/** Returning once more what went back already changes nothing. */
const isGivenBack = ({ lines }: Reservation): boolean => lines.every(({ quantity, returned }) => returned === quantity);

const missingOf = (wishes: readonly Wish[], parts: readonly Part[]) => {
  const allocated = bySku(parts);
  return [...bySku(wishes)].flatMap(([sku, requested]) => {
    const has = allocated.get(sku) ?? 0;
    return requested > has ? [{ sku, requested, allocated: has }] : [];
  });
};

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
