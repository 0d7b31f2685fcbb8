import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { MovementKind, Reservation } from '../contract/shapes.ts';
import { mergeDeltas, UNCHANGED } from '../policy/levels.ts';
import { moved, stateOf, type Part, type ReturnedPart } from '../policy/whereabouts.ts';
import { changeLevels, type LevelChange } from '../store/levels.ts';
import { expireDue, releaseOpen, writeWhereabouts } from '../store/reservations.ts';
import { noteEntries } from '../store/timeline.ts';
import { aboutReservation, announceCrossings } from './announce.ts';

// What happens to the units of reservations. All of it is done under the reservation's row lock.

/** The units of a reservation just committed are allocated: they stay on the shelf. Available stays what it was. */
export const applyCommit = async (tx: Tx, reservation: Reservation, actor: string): Promise<void> => {
  await changeLevels(
    tx,
    reservation.lines.map(({ sku, locationId, quantity }) => ({
      ...UNCHANGED,
      sku,
      locationId,
      reserved: -quantity,
      allocated: quantity,
    })),
  );
  await noteEntries(tx, [{ reservationId: reservation.id, kind: 'committed', lines: partsOf(reservation), actor }]);
  tx.append('inventory.committed', reservation.id, aboutReservation(reservation));
};

/** The units of reservations just released or expired are free again; levels they share are written once. */
export const applyFreed = async (
  tx: Tx,
  reservations: readonly Reservation[],
  kind: 'released' | 'expired',
  actor: string,
): Promise<void> => {
  const freed = reservations.flatMap(({ lines }) =>
    lines.map(({ sku, locationId, quantity }) => ({ ...UNCHANGED, sku, locationId, reserved: -quantity })),
  );
  const { before, after } = await changeLevels(tx, mergeDeltas(freed));
  await noteEntries(
    tx,
    reservations.map((reservation) => ({ reservationId: reservation.id, kind, lines: partsOf(reservation), actor })),
  );
  for (const reservation of reservations) tx.append(`inventory.${kind}`, reservation.id, aboutReservation(reservation));
  await announceCrossings(tx, before, after);
};

/** Allocated units of a committed reservation leave the shelf. Returns the reservation after it. */
export const applyShipment = async (
  tx: Tx,
  reservation: Reservation,
  parts: readonly Part[],
  actor: string,
): Promise<Reservation> => {
  if (parts.length === 0) return reservation;
  const lines = reservation.lines.map((line) => moved(line, { shipped: partOf(parts, line)?.quantity }));
  const after = { ...reservation, lines };
  await writeWhereabouts(tx, after);
  const changes = parts.map(({ sku, locationId, quantity }) => ({
    ...movedBy('sale', reservation, -quantity, actor),
    sku,
    locationId,
    allocated: -quantity,
  }));
  await changeLevels(tx, changes);
  await noteEntries(tx, [{ reservationId: reservation.id, kind: 'shipped', lines: [...parts], actor }]);
  const { id: reservationId, ownerId } = reservation;
  tx.append('inventory.shipped', reservationId, { reservationId, ownerId, lines: [...parts] });
  return after;
};

/**
 * Units of a committed reservation can be sold again: they came back, or were never shipped. Returns the reservation
 * after it.
 */
export const applyReturn = async (
  tx: Tx,
  reservation: Reservation,
  parts: readonly ReturnedPart[],
  actor: string,
): Promise<Reservation> => {
  if (parts.length === 0) return reservation;
  const lines = reservation.lines.map((line) => {
    const part = partOf(parts, line);
    return part ? moved(line, { returned: part.quantity, unshipped: part.unshipped }) : line;
  });
  const after = { ...reservation, lines, state: stateOf(lines) };
  await writeWhereabouts(tx, after);
  const { before, after: levels } = await changeLevels(
    tx,
    parts.map((part) => cameBack(reservation, part, actor)),
  );
  await noteEntries(tx, entriesOf(reservation.id, parts, actor));
  tx.append('inventory.returned', reservation.id, {
    reservationId: reservation.id,
    ownerId: reservation.ownerId,
    lines: [...parts],
    state: after.state,
  });
  await announceCrossings(tx, before, levels);
  return after;
};

/** Only what had left the shelf is a movement. */
const cameBack = (reservation: Reservation, part: ReturnedPart, actor: string): LevelChange => {
  const { sku, locationId, quantity, unshipped } = part;
  const change = { ...UNCHANGED, sku, locationId, allocated: -unshipped };
  return quantity === unshipped
    ? change
    : {
        ...movedBy('return_to_stock', reservation, quantity - unshipped, actor),
        ...change,
        onHand: quantity - unshipped,
      };
};

const entriesOf = (reservationId: string, parts: readonly ReturnedPart[], actor: string) =>
  (['returned', 'released'] as const).flatMap((kind) => {
    const lines = parts
      .map(({ sku, locationId, quantity, unshipped }) => ({
        sku,
        locationId,
        quantity: kind === 'released' ? unshipped : quantity - unshipped,
      }))
      .filter(({ quantity }) => quantity > 0);
    return lines.length > 0 ? [{ reservationId, kind, lines, actor }] : [];
  });

/** Releases a reservation if it is still open. */
export const releaseIfOpen = async (tx: Tx, id: string, actor: string): Promise<Reservation | undefined> => {
  const released = await releaseOpen(tx, id);
  if (released) await applyFreed(tx, [released], 'released', actor);
  return released;
};

export const movedBy = (
  kind: MovementKind,
  { id }: Pick<Reservation, 'id'>,
  units: number,
  actor: string,
): Omit<LevelChange, 'sku' | 'locationId'> => ({
  ...UNCHANGED,
  onHand: units,
  movement: { id: newId('mov'), kind, causeId: id, reason: null, actor },
});

/** The units of a reservation as it was made. */
export const partsOf = ({ lines }: Reservation): Part[] =>
  lines.map(({ sku, locationId, quantity }) => ({ sku, locationId, quantity }));

const partOf = <P extends Part>(parts: readonly P[], line: { sku: string; locationId: string }): P | undefined =>
  parts.find(({ sku, locationId }) => sku === line.sku && locationId === line.locationId);

const EXPIRY_BATCH = 100;

/** Expires a batch of reservations whose time is up; true when there may be more. */
export const expireBatch = async (tx: Tx): Promise<boolean> => {
  const expired = await expireDue(tx, EXPIRY_BATCH);
  if (expired.length > 0) await applyFreed(tx, expired, 'expired', 'job:expire-reservations');
  return expired.length === EXPIRY_BATCH;
};
