import type { Queryable } from '../../chassis/database/index.ts';
import type { Reservation } from '../contract/shapes.ts';

// Before units stayed on the shelf until they were shipped, they left it at the commit. Lines of then have no
// `shipped`; a job asks orders what was shipped of them and puts the rest back on the shelf, allocated. When none are
// left, this file and its job can go.

/** Owners of settled reservations of then, newest first, because those are still to be shipped. */
export const findLegacyOwners = async (db: Queryable, limit: number): Promise<string[]> =>
  (
    await db.rows<{ ownerId: string }>(
      `SELECT owner_id AS "ownerId" FROM (
         SELECT DISTINCT r.id, r.owner_id FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
         WHERE l.shipped IS NULL AND r.state <> 'reserved' ORDER BY r.id DESC LIMIT $1
       ) AS newest GROUP BY owner_id`,
      [limit],
    )
  ).map(({ ownerId }) => ownerId);

/** The reservations of then among these. */
export const legacyAmong = async (tx: Queryable, reservationIds: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await tx.rows<{ id: string }>(
        `SELECT DISTINCT reservation_id AS id FROM reservation_line WHERE reservation_id = ANY ($1::text[]) AND shipped IS NULL`,
        [reservationIds],
      )
    ).map(({ id }) => id),
  );

/**
 * Writes how many units of a reservation's lines left the shelf, so that it is none of then any more, and its state.
 */
export const writeShipped = async (tx: Queryable, { id, state, lines }: Reservation): Promise<void> => {
  await tx.run(
    `WITH reservations AS (UPDATE reservation SET state = $2 WHERE id = $1 AND state <> $2)
     UPDATE reservation_line l SET shipped = w.shipped
     FROM jsonb_to_recordset($3::jsonb) AS w(sku text, "locationId" text, shipped bigint)
     WHERE l.reservation_id = $1 AND l.sku = w.sku AND l.location_id = w."locationId"`,
    [id, state, JSON.stringify(lines)],
  );
};

/** Ends the lines of then of an owner that never left the shelf, because they were released or expired. */
export const closeUnsold = async (tx: Queryable, ownerId: string): Promise<void> => {
  await tx.run(
    `UPDATE reservation_line l SET shipped = 0 FROM reservation r
     WHERE r.owner_id = $1 AND r.state IN ('released', 'expired') AND l.reservation_id = r.id AND l.shipped IS NULL`,
    [ownerId],
  );
};

/** True while units at this level may still turn out not to have been shipped. */
export const isLegacyLevel = async (db: Queryable, sku: string, locationId: string): Promise<boolean> => {
  const { exists } = await db.one<{ exists: boolean }>(
    `SELECT EXISTS (
       SELECT FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
       WHERE l.sku = $1 AND l.location_id = $2 AND l.shipped IS NULL AND r.state = 'committed') AS exists`,
    [sku, locationId],
  );
  return exists;
};
