import type { Tx } from '../context.ts';
import type { Reservation } from '../contract/shapes.ts';
import type { OrderFacts } from '../policy/order-facts.ts';
import { bySku, planFreed, planShipment, type Wish } from '../policy/whereabouts.ts';
import { noteParcels } from '../store/parcels.ts';
import { lockReservationsOf } from '../store/reservations.ts';
import { adoptLegacy } from './adopt-legacy.ts';
import { applyReturn, applyShipment, releaseIfOpen } from './settle.ts';

/**
 * Brings the stock of an order in line with what the order says: parcels leave the shelf, units that will not be
 * shipped can be sold again. Facts may be brought twice, late and in any order: each parcel is taken once, and what
 * was freed once is not freed again.
 */
export const followOrder = async (tx: Tx, facts: OrderFacts, actor: string): Promise<void> => {
  const claims = await lockReservationsOf(tx, facts.orderId);
  if (claims.length === 0) return;
  const committed = await adoptLegacy(tx, claims.filter(isCommitted), facts, actor);
  const shipped = await takeParcels(tx, committed, facts, actor);
  if (facts.settled) await freeTheRest(tx, shipped, facts.open, actor);
  if (facts.calledOff) for (const claim of claims.filter(isOpen)) await releaseIfOpen(tx, claim.id, actor);
};

const isCommitted = ({ state }: Reservation): boolean => state === 'committed';
const isOpen = ({ state }: Reservation): boolean => state === 'reserved';

const takeParcels = async (
  tx: Tx,
  committed: readonly Reservation[],
  { orderId, parcels }: OrderFacts,
  actor: string,
): Promise<Reservation[]> => {
  const fresh = await noteParcels(
    tx,
    orderId,
    parcels.map(({ id }) => id),
  );
  let claims = [...committed];
  for (const parcel of parcels.filter(({ id }) => fresh.has(id))) {
    let wanted = parcel.lines;
    const after: Reservation[] = [];
    for (const claim of claims) {
      const parts = planShipment(claim.lines, wanted, parcel.locationId);
      wanted = less(wanted, parts);
      after.push(await applyShipment(tx, claim, parts, actor));
    }
    claims = after;
  }
  return claims;
};

const less = (wanted: readonly Wish[], taken: readonly Wish[]): Wish[] =>
  [...bySku([...wanted, ...taken.map(({ sku, quantity }) => ({ sku, quantity: -quantity }))])].map(
    ([sku, quantity]) => ({ sku, quantity }),
  );

const freeTheRest = async (
  tx: Tx,
  committed: readonly Reservation[],
  open: OrderFacts['open'],
  actor: string,
): Promise<void> => {
  const kept = new Map(open);
  for (const claim of committed) {
    await applyReturn(tx, claim, planFreed(claim.lines, kept), actor);
    for (const { sku, allocated } of claim.lines) kept.set(sku, Math.max(0, (kept.get(sku) ?? 0) - allocated));
  }
};
