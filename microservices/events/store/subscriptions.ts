import type { Queryable } from '../../chassis/database/index.ts';
import type { EventFilter } from '../../chassis/contract/event-filter.ts';
import type { StartOffsets } from '../../chassis/kafka/consume/options.ts';
import type { EventSubscription } from '../contract/subscriptions.ts';
import type { PauseReason, SubscriptionState } from '../contract/values.ts';

export interface SubscriptionRow {
  id: string;
  state: SubscriptionState;
  paused_because: PauseReason | null;
  url: string;
  event_types: string[];
  filter: EventFilter | null;
  start_from: 'latest' | 'earliest' | 'timestamp';
  start_at: string | null;
  start_offsets: StartOffsets;
  max_in_flight: number;
  max_attempts: number;
  deadline_seconds: number;
  external_id: string | null;
  secret: string;
  previous_secret: string | null;
  previous_ends_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/** A subscription as its owner sees it: without the secret and our bookkeeping. */
export const toSubscription = (row: SubscriptionRow): EventSubscription => ({
  id: row.id,
  state: row.state,
  pausedBecause: row.paused_because,
  url: row.url,
  eventTypes: row.event_types,
  filter: row.filter,
  startFrom: row.start_from,
  startAt: row.start_at,
  maxInFlight: row.max_in_flight,
  maxAttempts: row.max_attempts,
  deadlineSeconds: row.deadline_seconds,
  externalId: row.external_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const valuesOf = (row: SubscriptionRow) => [
  row.id,
  row.state,
  row.paused_because,
  row.url,
  JSON.stringify(row.event_types),
  row.filter === null ? null : JSON.stringify(row.filter),
  row.start_from,
  row.start_at,
  JSON.stringify(row.start_offsets),
  row.max_in_flight,
  row.max_attempts,
  row.deadline_seconds,
  row.external_id,
  row.secret,
  row.previous_secret,
  row.previous_ends_at,
  row.version,
  row.created_at,
  row.updated_at,
];

export const insertSubscription = (sql: Queryable, row: SubscriptionRow): Promise<number> =>
  sql.run(
    `INSERT INTO event_subscription (id, state, paused_because, url, event_types, filter, start_from, start_at, start_offsets,
       max_in_flight, max_attempts, deadline_seconds, external_id, secret, previous_secret, previous_ends_at, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    valuesOf(row),
  );

export const saveSubscription = (sql: Queryable, row: SubscriptionRow): Promise<number> =>
  sql.run(
    `UPDATE event_subscription SET state = $2, paused_because = $3, url = $4, event_types = $5::jsonb, filter = $6::jsonb, start_from = $7,
       start_at = $8, start_offsets = $9::jsonb, max_in_flight = $10, max_attempts = $11, deadline_seconds = $12, external_id = $13,
       secret = $14, previous_secret = $15, previous_ends_at = $16, version = $17, created_at = $18, updated_at = $19
     WHERE id = $1`,
    valuesOf(row),
  );

export const findSubscription = (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> =>
  sql.maybeOne('SELECT * FROM event_subscription WHERE id = $1', [id]);

export const lockSubscription = (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> =>
  sql.maybeOne('SELECT * FROM event_subscription WHERE id = $1 FOR UPDATE', [id]);

/** Those that are to be delivered to. */
export const runningSubscriptions = (sql: Queryable): Promise<SubscriptionRow[]> =>
  sql.rows(`SELECT * FROM event_subscription WHERE state <> 'paused'`);

export const listSubscriptions = (
  sql: Queryable,
  wanted: {
    state?: string | undefined;
    externalId?: string | undefined;
    eventType?: string | undefined;
    limit: number;
    after: string | undefined;
  },
): Promise<SubscriptionRow[]> =>
  sql.rows(
    `SELECT * FROM event_subscription
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR external_id = $2)
       AND ($3::text IS NULL OR event_types @> to_jsonb($3::text)) AND id > $4
     ORDER BY id LIMIT $5`,
    [wanted.state ?? null, wanted.externalId ?? null, wanted.eventType ?? null, wanted.after ?? '', wanted.limit + 1],
  );

/** Takes a subscription away with what is known of its deliveries; undefined when there is none. */
export const deleteSubscription = async (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> => {
  const [row] = await sql.rows<SubscriptionRow>('DELETE FROM event_subscription WHERE id = $1 RETURNING *', [id]);
  if (row) await sql.run('DELETE FROM delivery WHERE subscription_id = $1', [id]);
  return row;
};
