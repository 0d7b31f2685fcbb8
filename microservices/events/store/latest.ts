import type { Queryable } from '../../chassis/database/index.ts';
import type { ReceivedEvent } from '../contract/values.ts';

/** Saves events as the latest of their types, unless a later one is known. */
export const saveLatest = async (sql: Queryable, events: readonly ReceivedEvent[]): Promise<void> => {
  const rows = events
    .toSorted((left, right) => (left.type < right.type ? -1 : 1))
    .map((event) => ({ type: event.type, event: JSON.stringify(event), occurred_at: event.time }));
  await sql.run(
    `INSERT INTO latest_event AS known (type, event, occurred_at)
     SELECT type, event, occurred_at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS new(type, event, occurred_at)
     ON CONFLICT (type) DO UPDATE SET event = EXCLUDED.event, occurred_at = EXCLUDED.occurred_at
     WHERE known.occurred_at <= EXCLUDED.occurred_at`,
    [rows.map(({ type }) => type), rows.map(({ event }) => event), rows.map(({ occurred_at }) => occurred_at)],
  );
};

export const findLatest = async (sql: Queryable, type: string): Promise<ReceivedEvent | undefined> => {
  const row = await sql.maybeOne<{ event: string }>('SELECT event FROM latest_event WHERE type = $1', [type]);
  return row && (JSON.parse(row.event) as ReceivedEvent);
};

/** Custom types that were published, so many at most, by name. */
export const publishedCustomTypes = async (sql: Queryable, limit: number): Promise<string[]> =>
  (
    await sql.rows<{ type: string }>(
      `SELECT type FROM latest_event WHERE type LIKE 'custom.%' ORDER BY type LIMIT $1`,
      [limit],
    )
  ).map(({ type }) => type);
