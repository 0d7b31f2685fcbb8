import type { Queryable } from '../../chassis/database/index.ts';
import type { ReceivedEvent } from '../contract/values.ts';
import { valuesOf } from '../policy/waits.ts';

/** Of these types, those that are watched, locked until the transaction ends: no wait for them can begin meanwhile. */
export const lockWatched = async (tx: Queryable, types: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.rows<{ type: string }>(
    'SELECT type FROM watched_type WHERE type = ANY($1::text[]) ORDER BY type FOR UPDATE',
    [[...types]],
  );
  return new Set(rows.map(({ type }) => type));
};

/** True when one of these types is watched. */
export const anyWatched = async (sql: Queryable, types: readonly string[]): Promise<boolean> =>
  (await sql.maybeOne('SELECT type FROM watched_type WHERE type = ANY($1::text[]) LIMIT 1', [[...types]])) !==
  undefined;

/** Of these types, those whose events since a moment may not all be there. */
export const notKeptSince = async (sql: Queryable, types: readonly string[], since: Date): Promise<string[]> => {
  const rows = await sql.rows<{ type: string }>(
    'SELECT type FROM watched_type WHERE type = ANY($1::text[]) AND kept_since <= $2',
    [[...types], since],
  );
  return types.filter((type) => !rows.some((row) => row.type === type));
};

export const markKept = async (sql: Queryable, types: readonly string[], since: Date): Promise<void> => {
  await sql.run('UPDATE watched_type SET kept_since = LEAST(kept_since, $2) WHERE type = ANY($1::text[])', [
    [...types],
    since,
  ]);
};

/** Watches types, and locks them until the transaction ends: no event of theirs is taken meanwhile. */
export const watch = async (tx: Queryable, types: readonly string[], now: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO watched_type (type, last_waited_at) SELECT type, $2 FROM unnest($1::text[]) AS type ORDER BY type
     ON CONFLICT (type) DO UPDATE SET last_waited_at = EXCLUDED.last_waited_at`,
    [types.toSorted(), now],
  );
};

/** Keeps events for waits that begin later. */
export const keepEvents = async (tx: Queryable, events: readonly ReceivedEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const sorted = events.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  await tx.run(
    `INSERT INTO watched_event (id, type, occurred_at, event)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) ON CONFLICT (id) DO NOTHING`,
    [
      sorted.map(({ id }) => id),
      sorted.map(({ type }) => type),
      sorted.map(({ time }) => time),
      sorted.map((event) => JSON.stringify(event)),
    ],
  );
  const values = sorted.flatMap((event) => valuesOf(event).map((value) => ({ value, event })));
  await tx.run(
    `INSERT INTO watched_event_value (value, event_id, occurred_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ON CONFLICT (value, event_id) DO NOTHING`,
    [values.map(({ value }) => value), values.map(({ event }) => event.id), values.map(({ event }) => event.time)],
  );
};

const MOST_FOUND = 1_000;

/** Kept events about a value since a moment, oldest first. */
export const keptEvents = async (
  tx: Queryable,
  { value, types, since }: { value: string; types: readonly string[]; since: string },
): Promise<ReceivedEvent[]> => {
  const rows = await tx.rows<{ event: string }>(
    `SELECT e.event FROM watched_event_value v JOIN watched_event e ON e.id = v.event_id
     WHERE v.value = $1 AND v.occurred_at >= $2 AND e.type = ANY($3::text[]) ORDER BY v.occurred_at, v.event_id LIMIT $4`,
    [value, since, [...types], MOST_FOUND],
  );
  return rows.map(({ event }) => JSON.parse(event) as ReceivedEvent);
};

/** Deletes a batch of kept events of before a moment; true when there may be more. */
export const deleteOldEvents = async (sql: Queryable, before: Date, limit: number): Promise<boolean> => {
  const values = await sql.run(
    `DELETE FROM watched_event_value WHERE (value, event_id) IN
       (SELECT value, event_id FROM watched_event_value WHERE occurred_at < $1 LIMIT $2)`,
    [before, limit],
  );
  const events = await sql.run(
    'DELETE FROM watched_event WHERE id IN (SELECT id FROM watched_event WHERE occurred_at < $1 LIMIT $2)',
    [before, limit],
  );
  return values === limit || events === limit;
};

/** Stops watching types for which nothing has waited since a moment. */
export const unwatchIdle = async (sql: Queryable, before: Date): Promise<void> => {
  await sql.run('DELETE FROM watched_type WHERE last_waited_at < $1', [before]);
};
