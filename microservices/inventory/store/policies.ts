import type { Queryable } from '../../chassis/database/index.ts';
import type { Level, StockDefaults } from '../contract/shapes.ts';
import { refreshed } from './levels.ts';
import { LEVEL_COLUMNS, LEVEL_NAMES } from './level-columns.ts';

interface Place {
  sku: string;
  locationId: string;
}

/**
 * Levels under their row locks, until the transaction ends; sorted, so that no two writers wait for each other in a
 * circle.
 */
export const lockLevels = (tx: Queryable, places: readonly Place[]): Promise<Level[]> =>
  tx.rows<Level>(
    `SELECT ${LEVEL_COLUMNS} FROM level l JOIN unnest($1::text[], $2::text[]) AS p(sku, location_id) USING (sku, location_id)
     ORDER BY l.sku, l.location_id FOR UPDATE OF l`,
    [places.map(({ sku }) => sku), places.map(({ locationId }) => locationId)],
  );

/** Writes the rules of levels; quantities stay. */
export const writePolicies = async (tx: Queryable, levels: readonly Level[]): Promise<void> => {
  await tx.run(
    `UPDATE level l SET safety = p.safety, backorderable = p.backorderable, backorder_limit = p."backorderLimit",
                        low_stock_threshold = CASE WHEN p."followsDefault" THEN d.low_stock_threshold ELSE p."lowStockThreshold" END,
                        defaults_revision = CASE WHEN p."followsDefault" THEN coalesce(d.revision, 0) END, updated_at = now()
     FROM jsonb_to_recordset($1::jsonb) AS p(
       sku text, "locationId" text, safety bigint, backorderable boolean, "backorderLimit" bigint, "lowStockThreshold" bigint, "followsDefault" boolean)
     LEFT JOIN stock_defaults d ON true
     WHERE l.sku = p.sku AND l.location_id = p."locationId"`,
    [JSON.stringify(levels)],
  );
};

export const readDefaults = async (db: Queryable): Promise<StockDefaults> =>
  (await db.maybeOne<StockDefaults>(
    'SELECT low_stock_threshold AS "lowStockThreshold", updated_at AS "updatedAt" FROM stock_defaults',
  )) ?? { lowStockThreshold: null, updatedAt: null };

export const writeDefaults = (tx: Queryable, lowStockThreshold: number | null): Promise<StockDefaults> =>
  tx.one<StockDefaults>(
    `INSERT INTO stock_defaults AS d (low_stock_threshold, revision) VALUES ($1, 1)
     ON CONFLICT (only_one) DO UPDATE SET low_stock_threshold = EXCLUDED.low_stock_threshold, updated_at = now(),
       revision = d.revision + CASE WHEN d.low_stock_threshold IS DISTINCT FROM EXCLUDED.low_stock_threshold THEN 1 ELSE 0 END
     RETURNING low_stock_threshold AS "lowStockThreshold", updated_at AS "updatedAt"`,
    [lowStockThreshold],
  );

/**
 * Gives at most `limit` levels that follow the defaults their newest values, leaving those that somebody is just
 * changing.
 */
export const applyDefaults = async (tx: Queryable, limit: number): Promise<{ before: Level[]; after: Level[] }> => {
  const rows = await tx.rows<Level & { newThreshold: number | null; changedAt: string }>(
    `WITH due AS MATERIALIZED (
       SELECT ${LEVEL_COLUMNS}, d.revision, d.low_stock_threshold AS "newThreshold"
       FROM stock_defaults d JOIN level l ON l.defaults_revision < d.revision
       ORDER BY l.sku, l.location_id LIMIT $1 FOR UPDATE OF l SKIP LOCKED
     ), written AS (
       UPDATE level l SET low_stock_threshold = CASE WHEN due."followsDefault" THEN due."newThreshold" ELSE due."lowStockThreshold" END,
                          defaults_revision = CASE WHEN due."followsDefault" THEN due.revision END, updated_at = now()
       FROM due WHERE l.sku = due.sku AND l.location_id = due."locationId"
     )
     SELECT ${LEVEL_NAMES}, "newThreshold", now() AS "changedAt" FROM due ORDER BY sku, "locationId"`,
    [limit],
  );
  const before = rows.map(({ newThreshold: _new, changedAt: _at, ...level }) => level);
  const after = rows.map(({ newThreshold, changedAt, ...level }) =>
    level.followsDefault ? refreshed({ ...level, lowStockThreshold: newThreshold, updatedAt: changedAt }) : level,
  );
  return { before, after };
};
