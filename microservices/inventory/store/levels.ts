import type { Queryable } from '../../chassis/database/index.ts';
import type { Level, MovementKind } from '../contract/shapes.ts';
import { availableOf, isLow, shortOf, UNCHANGED, withDelta, type StockDelta } from '../policy/levels.ts';
import type { Candidate } from '../policy/sourcing.ts';
import { LEVEL_COLUMNS, LEVEL_NAMES, UNPROMISED } from './level-columns.ts';

/**
 * Makes sure that the items and their levels at a location exist before stock is written to them. False when there is
 * no such location.
 */
export const ensureLevels = async (tx: Queryable, locationId: string, skus: readonly string[]): Promise<boolean> => {
  const { exists } = await tx.one<{ exists: boolean }>(
    `WITH wanted AS (
       SELECT DISTINCT w.sku FROM unnest($2::text[]) AS w(sku) JOIN location ON location.id = $1 ORDER BY w.sku
     ), items AS (
       INSERT INTO item (sku) SELECT sku FROM wanted ORDER BY sku ON CONFLICT DO NOTHING
     ), levels AS (
       INSERT INTO level (sku, location_id, low_stock_threshold, defaults_revision)
       SELECT sku, $1, d.low_stock_threshold, coalesce(d.revision, 0) FROM wanted LEFT JOIN stock_defaults d ON true
       ORDER BY sku ON CONFLICT DO NOTHING
     )
     SELECT EXISTS (SELECT FROM location WHERE id = $1) AS exists`,
    [locationId, skus],
  );
  return exists;
};

/** A change of one level and, where on hand changes, its line in the ledger. */
export interface LevelChange extends StockDelta {
  sku: string;
  locationId: string;
  /** Refuse it when units that are not there, are reserved or are allocated would leave. */
  guarded?: boolean;
  /** It says what lies on the shelf, so that the level may have less than it owes. */
  counted?: boolean;
  movement?: { id: string; kind: MovementKind; causeId: string | null; reason: string | null; actor: string };
}

export interface LevelsChanged {
  /** False: some guarded change did not fit and nothing was written. */
  applied: boolean;
  before: Level[];
  after: Level[];
}

/**
 * Applies changes to existing levels, each level once, all or none, and writes the ledger, in one statement. It locks
 * the levels in sorted order, so that no two writers wait for each other in a circle; `before` is what the locks saw.
 */
export const changeLevels = async (tx: Queryable, changes: readonly LevelChange[]): Promise<LevelsChanged> => {
  const rows = await tx.rows<Level & { fits: boolean; changedAt: string }>(CHANGE, [
    JSON.stringify(changes),
    changes.map(({ sku }) => sku),
  ]);
  if (rows.length !== changes.length)
    throw new Error(`${changes.length} changes of stock met ${rows.length} levels: levels must exist and stand once`);
  const deltas = new Map(changes.map((change) => [`${change.sku} ${change.locationId}`, change]));
  return {
    applied: rows.every(({ fits }) => fits),
    before: rows.map(({ fits: _fits, changedAt: _changedAt, ...level }) => level),
    after: rows.map(({ fits: _fits, changedAt, ...level }) =>
      refreshed({
        ...withDelta(level, deltas.get(`${level.sku} ${level.locationId}`) ?? UNCHANGED),
        updatedAt: changedAt,
      }),
    ),
  };
};

/** A level whose derived fields follow its quantities. */
export const refreshed = (level: Level): Level => ({
  ...level,
  available: availableOf(level),
  short: shortOf(level),
  low: isLow(level),
});

// Every column that a CHECK reads is set from what the lock saw: PostgreSQL tests the new row made of the statement's
// own, older snapshot first, and only then finds that the row has changed since. With l.on_hand there, a change that
// fits is refused for what was true a moment ago. The SKUs stand twice: PostgreSQL guesses 100 rows for the JSON and
// would read the whole table; the array leads it to the index.
const CHANGE = `
WITH change AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS c(
    sku text, "locationId" text, "onHand" bigint, reserved bigint, allocated bigint, incoming bigint, guarded boolean, counted boolean, movement jsonb)
), locked AS MATERIALIZED (
  SELECT ${LEVEL_COLUMNS}, l.counted_short,
         c."onHand" AS on_hand_change, c.reserved AS reserved_change, c.allocated AS allocated_change, c.incoming AS incoming_change,
         c.counted, c.movement,
         greatest(l.reserved + c.reserved + l.allocated + c.allocated - l.on_hand - c."onHand", 0) AS short_after,
         c.guarded IS NOT TRUE
           OR l.on_hand + c."onHand" - l.allocated >= CASE WHEN l.backorderable THEN 0 ELSE l.reserved END AS fits
  FROM level l JOIN change c ON l.sku = c.sku AND l.location_id = c."locationId"
  WHERE l.sku = ANY ($2::text[])
  ORDER BY l.sku, l.location_id
  FOR UPDATE OF l
), verdict AS (
  SELECT coalesce(bool_and(fits), true) AS fits FROM locked
), moved AS (
  UPDATE level l SET on_hand = locked."onHand" + locked.on_hand_change, reserved = locked.reserved + locked.reserved_change,
                     allocated = locked.allocated + locked.allocated_change, incoming = locked.incoming + locked.incoming_change,
                     counted_short = CASE WHEN locked.backorderable THEN 0 WHEN locked.counted THEN locked.short_after
                                          ELSE least(locked.counted_short, locked.short_after) END,
                     backorderable = locked.backorderable, updated_at = now()
  FROM locked, verdict
  WHERE verdict.fits AND l.sku = locked.sku AND l.location_id = locked."locationId"
), noted AS (
  INSERT INTO movement (id, sku, location_id, kind, change, on_hand_after, cause_id, reason, actor)
  SELECT movement ->> 'id', sku, "locationId", movement ->> 'kind', on_hand_change, "onHand" + on_hand_change,
         movement ->> 'causeId', movement ->> 'reason', movement ->> 'actor'
  FROM locked, verdict
  WHERE verdict.fits AND movement IS NOT NULL
)
SELECT ${LEVEL_NAMES}, fits, now() AS "changedAt"
FROM locked ORDER BY sku, "locationId"`;

/** One level under its row lock, until the transaction ends. */
export const lockLevel = (tx: Queryable, sku: string, locationId: string): Promise<Level> =>
  tx.one<Level>(`SELECT ${LEVEL_COLUMNS} FROM level l WHERE sku = $1 AND location_id = $2 FOR UPDATE`, [
    sku,
    locationId,
  ]);

const CANDIDATES = `SELECT l.sku, l.location_id AS "locationId", ${UNPROMISED} AS available, l.backorderable,
    l.backorder_limit AS "backorderLimit", location.country, location.priority
  FROM level l JOIN location ON location.id = l.location_id
  WHERE l.sku = ANY ($1::text[]) AND location.active`;

/** Where the SKUs could come from, without any lock: good for a plan, to be checked when it is carried out. */
export const readCandidates = (db: Queryable, skus: readonly string[]): Promise<Candidate[]> =>
  db.rows<Candidate>(CANDIDATES, [skus]);

/** The same under row locks, taken in sorted order: a plan made on these cannot be overtaken. */
export const lockCandidates = (tx: Queryable, skus: readonly string[]): Promise<Candidate[]> =>
  tx.rows<Candidate>(`${CANDIDATES} ORDER BY l.sku, l.location_id FOR UPDATE OF l`, [skus]);
