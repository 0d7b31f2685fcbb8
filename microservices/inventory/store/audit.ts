import type { OutputOf } from '../../chassis/contract/index.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { inventoryContract } from '../contract.ts';

export type Audit = OutputOf<typeof inventoryContract, 'auditStock'>;

/** Recounts everything. One statement, so that it sees one moment and stays right while stock moves. */
export const auditStock = async (db: Queryable): Promise<Audit> => {
  const found = await db.one<Omit<Audit, 'consistent'>>(AUDIT);
  return { consistent: found.problems.length === 0, ...found };
};

// Sums of bigint are numeric in SQL; every sum is cast back, so that it arrives as a number.
const AUDIT = `
WITH moved AS (
  SELECT sku, location_id, sum(change)::bigint AS units FROM movement GROUP BY sku, location_id
), open_lines AS (
  SELECT l.sku, l.location_id, sum(l.quantity)::bigint AS units
  FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
  WHERE r.state = 'reserved' GROUP BY l.sku, l.location_id
), under_way AS (
  SELECT sku, location_id, sum(units)::bigint AS units FROM (
    SELECT sku, location_id, greatest(quantity - received, 0) AS units FROM delivery WHERE state = 'open'
    UNION ALL
    SELECT l.sku, t.to_location_id, l.quantity FROM transfer t JOIN transfer_line l ON l.transfer_id = t.id WHERE t.state = 'in_transit'
  ) AS coming GROUP BY sku, location_id
), allocations AS (
  SELECT l.sku, l.location_id, sum(l.quantity - l.shipped - l.freed)::bigint AS units
  FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
  WHERE r.state = 'committed' AND l.shipped IS NOT NULL GROUP BY l.sku, l.location_id
), settled AS (
  SELECT l.reservation_id, l.sku, l.location_id, l.returned - l.freed AS returned,
         coalesce(l.shipped, CASE WHEN r.state = 'committed' THEN l.quantity ELSE 0 END) AS shipped
  FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
), caused AS (
  SELECT cause_id AS reservation_id, sku, location_id,
         coalesce(-sum(change) FILTER (WHERE kind IN ('sale', 'not_shipped')), 0)::bigint AS shipped,
         coalesce(sum(change) FILTER (WHERE kind = 'return_to_stock'), 0)::bigint AS returned
  FROM movement WHERE kind IN ('sale', 'not_shipped', 'return_to_stock') GROUP BY cause_id, sku, location_id
), transferred AS (
  SELECT t.id, CASE WHEN t.state = 'in_transit' THEN -(SELECT sum(quantity) FROM transfer_line l WHERE l.transfer_id = t.id) ELSE 0 END::bigint AS expected,
         (SELECT coalesce(sum(change), 0) FROM movement m WHERE m.cause_id = t.id)::bigint AS actual
  FROM transfer t
), problem AS (
  SELECT 'on hand = sum of movements' AS "check", sku || ' at ' || location_id AS subject,
         coalesce(moved.units, 0) AS expected, coalesce(on_hand, 0) AS actual
  FROM level FULL JOIN moved USING (sku, location_id) WHERE coalesce(on_hand, 0) <> coalesce(moved.units, 0)
  UNION ALL
  SELECT 'reserved = open reservations', sku || ' at ' || location_id, coalesce(open_lines.units, 0), coalesce(reserved, 0)
  FROM level FULL JOIN open_lines USING (sku, location_id) WHERE coalesce(reserved, 0) <> coalesce(open_lines.units, 0)
  UNION ALL
  SELECT 'allocated = committed and not shipped', sku || ' at ' || location_id, coalesce(allocations.units, 0), coalesce(allocated, 0)
  FROM level FULL JOIN allocations USING (sku, location_id) WHERE coalesce(allocated, 0) <> coalesce(allocations.units, 0)
  UNION ALL
  SELECT 'incoming = deliveries and transfers under way', sku || ' at ' || location_id, coalesce(under_way.units, 0), coalesce(incoming, 0)
  FROM level FULL JOIN under_way USING (sku, location_id) WHERE coalesce(incoming, 0) <> coalesce(under_way.units, 0)
  UNION ALL
  SELECT 'not oversold: on hand and what a count found missing cover all that is promised unless backorder is allowed',
         sku || ' at ' || location_id, reserved + allocated, on_hand + counted_short
  FROM level WHERE NOT backorderable AND on_hand + counted_short < reserved + allocated
  UNION ALL
  SELECT 'short by a count: no more than is missing', sku || ' at ' || location_id, greatest(reserved + allocated - on_hand, 0), counted_short
  FROM level WHERE counted_short > greatest(reserved + allocated - on_hand, 0)
  UNION ALL
  SELECT 'shipped of a committed reservation = its movements', reservation_id || ', ' || sku || ' at ' || location_id,
         coalesce(settled.shipped, 0), coalesce(caused.shipped, 0)
  FROM settled FULL JOIN caused USING (reservation_id, sku, location_id) WHERE coalesce(settled.shipped, 0) <> coalesce(caused.shipped, 0)
  UNION ALL
  SELECT 'returned to stock = its movements', reservation_id || ', ' || sku || ' at ' || location_id,
         coalesce(settled.returned, 0), coalesce(caused.returned, 0)
  FROM settled FULL JOIN caused USING (reservation_id, sku, location_id) WHERE coalesce(settled.returned, 0) <> coalesce(caused.returned, 0)
  UNION ALL
  SELECT 'a transfer moves units and makes none', id, expected, actual FROM transferred WHERE expected <> actual
  UNION ALL
  SELECT 'every reservation holds something', id, 1, 0
  FROM reservation r WHERE NOT EXISTS (SELECT FROM reservation_line l WHERE l.reservation_id = r.id)
)
SELECT (SELECT count(*) FROM item) AS items, (SELECT count(*) FROM level) AS levels,
       (SELECT count(*) FROM movement) AS movements, (SELECT count(*) FROM reservation) AS reservations,
       (SELECT coalesce(jsonb_agg(to_jsonb(first)), '[]') FROM (SELECT * FROM problem ORDER BY 1, 2 LIMIT 100) AS first) AS problems`;
