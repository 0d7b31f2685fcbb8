import type { Tx } from '../context.ts';
import type { Level, Reservation } from '../contract/shapes.ts';
import { crossing, soldOut } from '../policy/levels.ts';
import { findClaims } from '../store/claims.ts';
import { wasStockedBefore } from '../store/movements.ts';
import { readNames } from '../store/names.ts';

/** The aggregate of events about a level: they are published in order. */
export const levelAggregate = (level: { sku: string; locationId: string }): string =>
  `${level.sku}@${level.locationId}`;

/** The part that all events about a level share. */
export const aboutLevel = ({ sku, locationId, onHand, available }: Level) => ({ sku, locationId, onHand, available });

interface Crossed {
  was: Level;
  now: Level;
  threshold: 'low' | 'replenished' | undefined;
  zero: 'out' | 'back' | undefined;
}

/**
 * Announces once that a level fell to its threshold or rose above it, and that it was sold out or is back. Other
 * changes are not announced: an event per sale and SKU would make buyers of one SKU take turns for its sequence
 * number.
 */
export const announceCrossings = async (tx: Tx, before: readonly Level[], after: readonly Level[]): Promise<void> => {
  const crossed = after.flatMap((now, index): Crossed[] => {
    const was = before[index];
    if (!was) return [];
    const [threshold, zero] = [crossing(was, now), soldOut(was, now)];
    return threshold || zero ? [{ was, now, threshold, zero }] : [];
  });
  if (crossed.length === 0) return;
  const names = await readNames(
    tx,
    crossed.map(({ now }) => now.sku),
  );
  for (const one of crossed) await announce(tx, one, names.get(one.now.sku) ?? null);
};

const announce = async (tx: Tx, { was, now, threshold, zero }: Crossed, title: string | null): Promise<void> => {
  const subject = levelAggregate(now);
  const about = { ...aboutLevel(now), title };
  if (threshold === 'low') tx.append('inventory.low', subject, { ...about, threshold: now.lowStockThreshold ?? 0 });
  if (threshold === 'replenished')
    tx.append('inventory.replenished', subject, { ...about, threshold: now.lowStockThreshold });
  if (zero === 'out') tx.append('stock.out', subject, about);
  if (zero === 'back' && !(await isFirstStock(tx, was))) tx.append('stock.back', subject, about);
};

/** What was never there cannot come back: the opening stock of a shop is no news to customers who wait. */
const isFirstStock = async (tx: Tx, { sku, locationId, onHand }: Level): Promise<boolean> =>
  onHand === 0 && !(await wasStockedBefore(tx, sku, locationId));

const NAMED_CLAIMS = 100;

/** Announces that a count found fewer units than buyers were promised, and whose. */
export const announceShortage = async (tx: Tx, before: Level, after: Level): Promise<void> => {
  if (after.short <= before.short) return;
  const names = await readNames(tx, [after.sku]);
  tx.append('stock.short', levelAggregate(after), {
    ...aboutLevel(after),
    title: names.get(after.sku) ?? null,
    short: after.short,
    claims: await findClaims(tx, after, NAMED_CLAIMS),
  });
};

/** The part that all events about a reservation's end share. */
export const aboutReservation = ({ id, ownerId, lines }: Reservation) => ({
  reservationId: id,
  ownerId,
  lines: lines.map(({ sku, locationId, quantity }) => ({ sku, locationId, quantity })),
});
