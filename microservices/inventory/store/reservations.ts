import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Level, Reservation, ReservationState } from '../contract/shapes.ts';
import type { Taken } from '../policy/sourcing.ts';
import { LEVEL_COLUMNS, LEVEL_NAMES, UNPROMISED } from './level-columns.ts';

// Units of lines without `shipped` left at the commit; see the migration that added it.
const RESERVATION = `${columns(['id', 'ownerId', 'state', 'missing', 'expiresAt', 'createdAt', 'settledAt'], 'r')},
  (SELECT jsonb_agg(jsonb_build_object(
             'sku', l.sku, 'locationId', l.location_id, 'quantity', l.quantity, 'backordered', l.backordered, 'returned', l.returned,
             'shipped', coalesce(l.shipped, CASE WHEN r.state = 'committed' THEN l.quantity ELSE 0 END),
             'allocated', CASE WHEN r.state = 'committed' THEN coalesce(l.quantity - l.shipped - l.freed, 0) ELSE 0 END)
           ORDER BY l.sku COLLATE "C", l.location_id)
   FROM reservation_line l WHERE l.reservation_id = r.id) AS lines`;

export interface NewReservation {
  id: string;
  ownerId: string;
  expiresInSeconds: number;
  missing: Reservation['missing'];
  /** One a SKU and location. */
  taken: readonly Taken[];
}

export interface Reserved {
  expiresAt: string;
  createdAt: string;
  /** The levels as the lock saw them, before the units were taken. */
  before: Level[];
}

/**
 * Carries out a plan in one statement: locks its levels in sorted order, checks that the plan still fits them exactly,
 * takes the units and writes the reservation, or does nothing. Undefined: it does not fit any more, others were
 * quicker. The row locks last until the commit, so this should be the last statement before it.
 */
export const insertReservation = async (tx: Queryable, reservation: NewReservation): Promise<Reserved | undefined> => {
  const rows = await tx.rows<Level & { reservedUntil: string; reservedAt: string }>(RESERVE, [
    JSON.stringify(reservation.taken),
    reservation.id,
    reservation.ownerId,
    JSON.stringify(reservation.missing),
    bucketOf(reservation.id),
    reservation.expiresInSeconds,
    reservation.taken.map(({ sku }) => sku),
  ]);
  const [first] = rows;
  if (!first) return undefined;
  const before = rows.map(({ reservedUntil: _until, reservedAt: _at, ...level }) => level);
  return { expiresAt: first.reservedUntil, createdAt: first.reservedAt, before };
};

/** A few buckets spread the queue of expiries over a cluster. The last hexadecimal digits of an id are random. */
const BUCKETS = 8;
const bucketOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % BUCKETS;

// The SKUs stand twice: PostgreSQL guesses 100 rows for the JSON and would read the whole table; the array leads it to
// the index.
const RESERVE = `
WITH planned AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS p(sku text, "locationId" text, quantity bigint, backordered bigint)
), locked AS MATERIALIZED (
  SELECT ${LEVEL_COLUMNS}, l.counted_short, p.quantity, p.backordered,
         CASE WHEN p.backordered = 0 THEN ${UNPROMISED} >= p.quantity
              ELSE l.backorderable
                AND p.quantity - p.backordered = greatest(${UNPROMISED}, 0)
                AND (l.backorder_limit IS NULL OR ${UNPROMISED} - p.quantity >= -l.backorder_limit)
         END AS fits
  FROM level l JOIN planned p ON l.sku = p.sku AND l.location_id = p."locationId"
  WHERE l.sku = ANY ($7::text[])
  ORDER BY l.sku, l.location_id
  FOR UPDATE OF l
), verdict AS (
  SELECT count(*) = (SELECT count(*) FROM planned) AND bool_and(fits) AS fits FROM locked
), taken AS (
  UPDATE level l SET reserved = locked.reserved + locked.quantity, on_hand = locked."onHand", allocated = locked.allocated,
                     counted_short = locked.counted_short, backorderable = locked.backorderable, updated_at = now()
  FROM locked, verdict
  WHERE verdict.fits AND l.sku = locked.sku AND l.location_id = locked."locationId"
), made AS (
  INSERT INTO reservation (id, owner_id, state, missing, bucket, expires_at)
  SELECT $2, $3, 'reserved', $4::jsonb, $5::smallint, clock_timestamp() + $6::int * interval '1 second' FROM verdict WHERE fits
  RETURNING expires_at, created_at
), lines AS (
  INSERT INTO reservation_line (reservation_id, sku, location_id, quantity, backordered, shipped)
  SELECT $2, locked.sku, locked."locationId", locked.quantity, locked.backordered, 0 FROM locked, verdict WHERE verdict.fits
)
SELECT ${LEVEL_NAMES}, made.expires_at AS "reservedUntil", made.created_at AS "reservedAt"
FROM locked, made ORDER BY sku, "locationId"`;

export const findReservation = (db: Queryable, id: string): Promise<Reservation | undefined> =>
  db.maybeOne<Reservation>(`SELECT ${RESERVATION} FROM reservation r WHERE r.id = $1`, [id]);

/**
 * Under its row lock, until the transaction ends. Locked first and read by a second statement, whose snapshot is newer
 * than the wait for the lock: the lines belong to another table, which the lock alone does not refresh.
 */
export const lockReservation = async (tx: Queryable, id: string): Promise<Reservation | undefined> => {
  await tx.run('SELECT FROM reservation WHERE id = $1 FOR UPDATE', [id]);
  return findReservation(tx, id);
};

/** All that an owner still has a claim on, under row locks taken in sorted order. */
export const lockReservationsOf = async (tx: Queryable, ownerId: string): Promise<Reservation[]> => {
  const claims = `owner_id = $1 AND state IN ('reserved', 'committed')`;
  await tx.run(`SELECT FROM reservation WHERE ${claims} ORDER BY id FOR UPDATE`, [ownerId]);
  return tx.rows<Reservation>(`SELECT ${RESERVATION} FROM reservation r WHERE ${claims} ORDER BY id`, [ownerId]);
};

/**
 * Commits if still open and in time by the database's clock; undefined when another move or the clock won. The units
 * stay on the shelf until they are shipped, those of lines that a process of the version before reserved too.
 */
export const commitOpen = async (tx: Queryable, id: string): Promise<Reservation | undefined> => {
  const committed = await tx.maybeOne<Reservation>(
    `WITH committed AS (
       UPDATE reservation SET state = 'committed', settled_at = now()
       WHERE id = $1 AND state = 'reserved' AND expires_at > clock_timestamp() RETURNING *
     ), lines AS (
       UPDATE reservation_line l SET shipped = 0 FROM committed WHERE l.reservation_id = committed.id AND l.shipped IS NULL
     )
     SELECT ${RESERVATION} FROM committed r`,
    [id],
  );
  const lines = committed?.lines.map((line) => ({ ...line, shipped: 0, allocated: line.quantity }));
  return committed && lines && { ...committed, lines };
};

/** Releases if still open; a moment after its time is up is as good as before. */
export const releaseOpen = (tx: Queryable, id: string): Promise<Reservation | undefined> =>
  tx.maybeOne<Reservation>(
    `UPDATE reservation r SET state = 'released', settled_at = now()
     WHERE r.id = $1 AND r.state = 'reserved' RETURNING ${RESERVATION}`,
    [id],
  );

/** Moves the end of an open reservation later, never earlier. */
export const extendOpen = (tx: Queryable, id: string, expiresInSeconds: number): Promise<Reservation | undefined> =>
  tx.maybeOne<Reservation>(
    `UPDATE reservation r SET expires_at = greatest(r.expires_at, clock_timestamp() + $2::int * interval '1 second')
     WHERE r.id = $1 AND r.state = 'reserved' AND r.expires_at > clock_timestamp() RETURNING ${RESERVATION}`,
    [id, expiresInSeconds],
  );

/** Expires at most `limit` open reservations whose time is up, leaving those that somebody is just settling. */
export const expireDue = (tx: Queryable, limit: number): Promise<Reservation[]> =>
  tx.rows<Reservation>(
    `WITH due AS MATERIALIZED (
       SELECT id FROM reservation
       WHERE state = 'reserved' AND bucket = ANY ($1::smallint[]) AND expires_at <= now()
       ORDER BY bucket, expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE reservation r SET state = 'expired', settled_at = now() FROM due
     WHERE r.id = due.id AND r.state = 'reserved' RETURNING ${RESERVATION}`,
    [Array.from({ length: BUCKETS }, (_, bucket) => bucket), limit],
  );

/**
 * Writes the whereabouts of a committed reservation's lines, and its state by them. Lines of before stay such until a
 * job adopts them.
 */
export const writeWhereabouts = async (tx: Queryable, { id, state, lines }: Reservation): Promise<void> => {
  await tx.run(
    `WITH reservations AS (UPDATE reservation SET state = $2 WHERE id = $1 AND state <> $2)
     UPDATE reservation_line l SET shipped = CASE WHEN l.shipped IS NOT NULL THEN w.shipped END, returned = w.returned, freed = w.quantity - w.shipped - w.allocated
     FROM jsonb_to_recordset($3::jsonb) AS w(sku text, "locationId" text, quantity bigint, shipped bigint, returned bigint, allocated bigint)
     WHERE l.reservation_id = $1 AND l.sku = w.sku AND l.location_id = w."locationId"`,
    [id, state, JSON.stringify(lines)],
  );
};

export interface ReservationFilter {
  ownerId?: string | undefined;
  state?: ReservationState | undefined;
  sku?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listReservations = (
  db: Queryable,
  filter: ReservationFilter,
  before: string | undefined,
): Promise<Reservation[]> =>
  db.rows<Reservation>(
    `SELECT ${RESERVATION} FROM reservation r
     WHERE ($1::text IS NULL OR r.owner_id = $1) AND ($2::text IS NULL OR r.state = $2)
       AND ($3::text IS NULL OR EXISTS (SELECT FROM reservation_line l WHERE l.reservation_id = r.id AND l.sku = $3))
       AND ($4::text IS NULL OR r.id < $4)
     ORDER BY r.id DESC LIMIT $5`,
    [filter.ownerId ?? null, filter.state ?? null, filter.sku ?? null, before ?? null, filter.limit + 1],
  );
