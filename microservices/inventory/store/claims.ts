import type { Queryable } from '../../chassis/database/index.ts';

export interface Claim {
  reservationId: string;
  /** The order. */
  ownerId: string;
  state: 'reserved' | 'committed';
  quantity: number;
}

/** Whom the units of a level are promised to, the newest first: those who came last are the first to go without. */
export const findClaims = (
  db: Queryable,
  { sku, locationId }: { sku: string; locationId: string },
  limit: number,
): Promise<Claim[]> =>
  db.rows<Claim>(
    `SELECT r.id AS "reservationId", r.owner_id AS "ownerId", r.state,
            CASE WHEN r.state = 'reserved' THEN l.quantity ELSE l.quantity - l.shipped - l.freed END AS quantity
     FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
     WHERE l.sku = $1 AND l.location_id = $2
       AND (r.state = 'reserved' OR r.state = 'committed' AND l.quantity > l.shipped + l.freed)
     ORDER BY r.id DESC LIMIT $3`,
    [sku, locationId, limit],
  );
