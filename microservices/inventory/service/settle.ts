import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { MovementKind, Reservation } from '../contract/shapes.ts';
import { mergeDeltas } from '../policy/levels.ts';
import { planReturn, type ReturnPlan } from '../policy/returns.ts';
import { changeLevels, type LevelChange } from '../store/levels.ts';
import { addReturned, expireDue, lockReservationsOf, releaseOpen } from '../store/reservations.ts';
import { aboutReservation, announceCrossings } from './announce.ts';

type ReservationLines = Pick<Reservation, 'id' | 'lines'>;

/** The units of a reservation just committed leave the stock. Available stays what it was. */
export const applyCommit = async (tx: Tx, reservation: Reservation, actor: string): Promise<void> => {
  await changeLevels(
    tx,
    reservation.lines.map(({ sku, locationId, quantity }) => ({
      ...movedBy('sale', reservation, -quantity, actor),
      sku,
      locationId,
      reserved: -quantity,
    })),
  );
  tx.append('inventory.committed', reservation.id, aboutReservation(reservation));
};

const movedBy = (
  kind: MovementKind,
  { id }: ReservationLines,
  units: number,
  actor: string,
): Omit<LevelChange, 'sku' | 'locationId'> => ({
  onHand: units,
  reserved: 0,
  incoming: 0,
  movement: { id: newId('mov'), kind, causeId: id, reason: null, actor },
});

/** The units of reservations just released or expired are free again; levels they share are written once. */
export const applyFreed = async (
  tx: Tx,
  reservations: readonly Reservation[],
  event: 'inventory.released' | 'inventory.expired',
): Promise<void> => {
  const freed = reservations.flatMap(({ lines }) =>
    lines.map(({ sku, locationId, quantity }) => ({ sku, locationId, onHand: 0, incoming: 0, reserved: -quantity })),
  );
  const { before, after } = await changeLevels(tx, mergeDeltas(freed));
  for (const reservation of reservations) tx.append(event, reservation.id, aboutReservation(reservation));
  announceCrossings(tx, before, after);
};

/** Puts planned units of a committed reservation, whose row is locked, back to stock. */
export const applyReturn = async (
  tx: Tx,
  reservation: Reservation,
  lines: ReturnPlan['lines'],
  actor: string,
): Promise<void> => {
  await addReturned(tx, reservation.id, lines);
  const { before, after } = await changeLevels(
    tx,
    lines.map(({ sku, locationId, quantity }) => ({
      ...movedBy('return_to_stock', reservation, quantity, actor),
      sku,
      locationId,
    })),
  );
  tx.append('inventory.returned', reservation.id, {
    reservationId: reservation.id,
    ownerId: reservation.ownerId,
    lines,
  });
  announceCrossings(tx, before, after);
};

/**
 * Ends every claim of an owner: open reservations are released, what was committed goes back to stock. Safe to repeat: what was given back once is not
 * given back again.
 */
export const giveBackAll = async (tx: Tx, ownerId: string, actor: string): Promise<void> => {
  for (const reservation of await lockReservationsOf(tx, ownerId)) {
    if (reservation.state === 'reserved') {
      const released = await releaseOpen(tx, reservation.id);
      if (released) await applyFreed(tx, [released], 'inventory.released');
    } else {
      const { lines } = planReturn(reservation.lines);
      if (lines.length > 0) await applyReturn(tx, reservation, lines, actor);
    }
  }
};

/** Puts some committed units of an owner back to stock: never more than are still out, for goods without stock none. */
export const giveBackSome = async (
  tx: Tx,
  ownerId: string,
  wanted: readonly { sku: string; quantity: number }[],
  actor: string,
): Promise<void> => {
  const left = new Map<string, number>();
  for (const { sku, quantity } of wanted) left.set(sku, (left.get(sku) ?? 0) + quantity);
  for (const reservation of await lockReservationsOf(tx, ownerId)) {
    if (reservation.state !== 'committed') continue;
    const { lines } = planReturn(
      reservation.lines,
      [...left].map(([sku, quantity]) => ({ sku, quantity })),
    );
    for (const { sku, quantity } of lines) left.set(sku, (left.get(sku) ?? 0) - quantity);
    if (lines.length > 0) await applyReturn(tx, reservation, lines, actor);
  }
};

const EXPIRY_BATCH = 100;

/** Expires a batch of reservations whose time is up; true when there may be more. */
export const expireBatch = async (tx: Tx): Promise<boolean> => {
  const expired = await expireDue(tx, EXPIRY_BATCH);
  if (expired.length > 0) await applyFreed(tx, expired, 'inventory.expired');
  return expired.length === EXPIRY_BATCH;
};
