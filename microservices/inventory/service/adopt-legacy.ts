import type { Tx } from '../context.ts';
import type { Reservation, ReservationLine } from '../contract/shapes.ts';
import type { OrderFacts } from '../policy/order-facts.ts';
import { bySku, stateOf } from '../policy/whereabouts.ts';
import { legacyAmong, writeShipped } from '../store/legacy.ts';
import { changeLevels } from '../store/levels.ts';
import { noteParcels } from '../store/parcels.ts';
import { movedBy } from './settle.ts';

/**
 * Puts units back on the shelf, allocated, that a version of before booked as sold at the commit although the order
 * has not shipped them. Parcels that the order knows are thereby taken. Returns the reservations after it.
 */
export const adoptLegacy = async (
  tx: Tx,
  committed: readonly Reservation[],
  facts: OrderFacts,
  actor: string,
): Promise<Reservation[]> => {
  const legacy = await legacyAmong(
    tx,
    committed.map(({ id }) => id),
  );
  if (legacy.size === 0) return [...committed];
  await noteParcels(
    tx,
    facts.orderId,
    facts.parcels.map(({ id }) => id),
  );
  const open = facts.calledOff ? outBy(committed) : new Map(facts.open);
  const adopted: Reservation[] = [];
  for (const reservation of committed)
    adopted.push(legacy.has(reservation.id) ? await adopt(tx, reservation, open, facts, actor) : reservation);
  return adopted;
};

/** Nothing of an order that was called off had been shipped. */
const outBy = (committed: readonly Reservation[]): Map<string, number> =>
  bySku(committed.flatMap(({ lines }) => lines.map(({ sku, quantity }) => ({ sku, quantity }))));

const adopt = async (
  tx: Tx,
  reservation: Reservation,
  open: Map<string, number>,
  { calledOff }: OrderFacts,
  actor: string,
): Promise<Reservation> => {
  const lines = reservation.lines.map((line) => onShelf(line, open));
  const after = {
    ...reservation,
    lines,
    state: calledOff && stateOf(lines) === 'returned' ? 'released' : stateOf(lines),
  };
  await writeShipped(tx, after);
  const back = lines.filter(({ allocated }) => allocated > 0);
  await changeLevels(
    tx,
    back.map(({ sku, locationId, allocated }) => ({
      ...movedBy('not_shipped', reservation, allocated, actor),
      sku,
      locationId,
      allocated,
    })),
  );
  return after;
};

const onShelf = (line: ReservationLine, open: Map<string, number>): ReservationLine => {
  const allocated = Math.min(line.quantity - line.returned, open.get(line.sku) ?? 0);
  open.set(line.sku, (open.get(line.sku) ?? 0) - allocated);
  return { ...line, allocated, shipped: line.quantity - allocated };
};
