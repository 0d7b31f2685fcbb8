import type { Tx } from '../context.ts';
import type { Level, Reservation } from '../contract/shapes.ts';
import { crossing } from '../policy/levels.ts';

/** The aggregate of events about a level: they are published in order. */
export const levelAggregate = (level: { sku: string; locationId: string }): string =>
  `${level.sku}@${level.locationId}`;

/** The part that all events about a level share. */
export const aboutLevel = ({ sku, locationId, onHand, available }: Level) => ({ sku, locationId, onHand, available });

/**
 * Announces once that a level fell to its threshold, or rose above it. Other changes are not announced: an event per sale and SKU would make
 * buyers of one SKU take turns for its sequence number.
 */
export const announceCrossings = (tx: Tx, before: readonly Level[], after: readonly Level[]): void => {
  for (const [index, now] of after.entries()) {
    const was = before[index];
    const crossed = was && crossing(was, now);
    if (crossed === 'low')
      tx.append('inventory.low', levelAggregate(now), { ...aboutLevel(now), threshold: now.lowStockThreshold ?? 0 });
    if (crossed === 'replenished') {
      tx.append('inventory.replenished', levelAggregate(now), { ...aboutLevel(now), threshold: now.lowStockThreshold });
    }
  }
};

/** The part that all events about a reservation's end share. */
export const aboutReservation = ({ id, ownerId, lines }: Reservation) => ({
  reservationId: id,
  ownerId,
  lines: lines.map(({ sku, locationId, quantity }) => ({ sku, locationId, quantity })),
});
