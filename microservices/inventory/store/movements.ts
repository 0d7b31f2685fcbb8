import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { movement, type Movement } from '../contract/shapes.ts';

const MOVEMENT = columns(Object.keys(movement.shape));

export const getMovement = (db: Queryable, id: string): Promise<Movement> =>
  db.one<Movement>(`SELECT ${MOVEMENT} FROM movement WHERE id = $1`, [id]);

export interface MovementFilter {
  sku?: string | undefined;
  locationId?: string | undefined;
  kind?: string | undefined;
  causeId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listMovements = (db: Queryable, filter: MovementFilter, before: string | undefined): Promise<Movement[]> =>
  db.rows<Movement>(
    `SELECT ${MOVEMENT} FROM movement
     WHERE ($1::text IS NULL OR sku = $1) AND ($2::text IS NULL OR location_id = $2) AND ($3::text IS NULL OR kind = $3)
       AND ($4::text IS NULL OR cause_id = $4)
       AND ($5::timestamptz IS NULL OR occurred_at >= $5) AND ($6::timestamptz IS NULL OR occurred_at < $6)
       AND ($7::text IS NULL OR id < $7)
     ORDER BY id DESC LIMIT $8`,
    [
      filter.sku ?? null,
      filter.locationId ?? null,
      filter.kind ?? null,
      filter.causeId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      before ?? null,
      filter.limit + 1,
    ],
  );

/** True when units of a SKU lay at a location before its latest movement. */
export const wasStockedBefore = async (tx: Queryable, sku: string, locationId: string): Promise<boolean> => {
  const { stocked } = await tx.one<{ stocked: number }>(
    `SELECT count(*) AS stocked
     FROM (SELECT FROM movement WHERE sku = $1 AND location_id = $2 AND on_hand_after > 0 LIMIT 2) AS movements`,
    [sku, locationId],
  );
  return stocked > 1;
};
