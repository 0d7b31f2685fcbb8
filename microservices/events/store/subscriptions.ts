import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { StartOffsets } from '../../chassis/kafka/consume/options.ts';
import type { EventSubscription } from '../contract/subscriptions.ts';

export interface SubscriptionRow extends EventSubscription {
  /** By topic and partition, the first offset while the consumer group has none of its own. */
  startOffsets: StartOffsets;
  secret: string;
  previousSecret: string | null;
  previousEndsAt: string | null;
}

const NAMES = [
  'id',
  'state',
  'pausedBecause',
  'url',
  'eventTypes',
  'filter',
  'startFrom',
  'startAt',
  'startOffsets',
  'maxInFlight',
  'maxAttempts',
  'deadlineSeconds',
  'externalId',
  'secret',
  'previousSecret',
  'previousEndsAt',
  'version',
  'createdAt',
  'updatedAt',
  'endsAt',
  'deleteWhenPausedDays',
] as const satisfies (keyof SubscriptionRow)[];

const SUBSCRIPTION = columns(NAMES);

/** A subscription in the form of the contract: without secrets and internals. */
export const toSubscription = ({
  startOffsets: _startOffsets,
  secret: _secret,
  previousSecret: _previousSecret,
  previousEndsAt: _previousEndsAt,
  ...subscription
}: SubscriptionRow): EventSubscription => subscription;

const valuesOf = (row: SubscriptionRow) =>
  NAMES.map((name) => {
    const value = row[name];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });

/** How many there are. Until the transaction ends nobody else can count, so that the number stands. */
export const countSubscriptions = async (tx: Queryable): Promise<number> => {
  await tx.run('INSERT INTO subscription_turn (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id');
  return (await tx.one<{ count: number }>('SELECT count(*) AS count FROM event_subscription')).count;
};

export const insertSubscription = (sql: Queryable, row: SubscriptionRow): Promise<number> =>
  sql.run(
    `INSERT INTO event_subscription (id, state, paused_because, url, event_types, filter, start_from, start_at, start_offsets,
       max_in_flight, max_attempts, deadline_seconds, external_id, secret, previous_secret, previous_ends_at, version, created_at, updated_at,
       ends_at, delete_when_paused_days)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    valuesOf(row),
  );

export const saveSubscription = (sql: Queryable, row: SubscriptionRow): Promise<number> =>
  sql.run(
    `UPDATE event_subscription SET state = $2, paused_because = $3, url = $4, event_types = $5::jsonb, filter = $6::jsonb, start_from = $7,
       start_at = $8, start_offsets = $9::jsonb, max_in_flight = $10, max_attempts = $11, deadline_seconds = $12, external_id = $13,
       secret = $14, previous_secret = $15, previous_ends_at = $16, version = $17, created_at = $18, updated_at = $19, ends_at = $20,
       delete_when_paused_days = $21
     WHERE id = $1`,
    valuesOf(row),
  );

export const findSubscription = (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> =>
  sql.maybeOne(`SELECT ${SUBSCRIPTION} FROM event_subscription WHERE id = $1`, [id]);

export const lockSubscription = (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> =>
  sql.maybeOne(`SELECT ${SUBSCRIPTION} FROM event_subscription WHERE id = $1 FOR UPDATE`, [id]);

/** All that are not paused. */
export const runningSubscriptions = (sql: Queryable): Promise<SubscriptionRow[]> =>
  sql.rows(`SELECT ${SUBSCRIPTION} FROM event_subscription WHERE state <> 'paused'`);

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
    `SELECT ${SUBSCRIPTION} FROM event_subscription
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR external_id = $2)
       AND ($3::text IS NULL OR event_types @> to_jsonb($3::text)) AND id > $4
     ORDER BY id LIMIT $5`,
    [wanted.state ?? null, wanted.externalId ?? null, wanted.eventType ?? null, wanted.after ?? '', wanted.limit + 1],
  );

/**
 * Subscriptions that are to be deleted by now, so many at most: those that end, and those that were paused for too
 * long.
 */
export const endedSubscriptions = async (sql: Queryable, now: Date, limit: number): Promise<string[]> =>
  (
    await sql.rows<{ id: string }>(
      `SELECT id FROM event_subscription
       WHERE ends_at <= $1 OR (state = 'paused' AND updated_at <= $1::timestamptz - delete_when_paused_days * interval '1 day')
       ORDER BY id LIMIT $2`,
      [now, limit],
    )
  ).map(({ id }) => id);

/** Deletes a subscription with its deliveries; undefined when there is none. */
export const deleteSubscription = async (sql: Queryable, id: string): Promise<SubscriptionRow | undefined> => {
  const row = await sql.maybeOne<SubscriptionRow>(
    `DELETE FROM event_subscription WHERE id = $1 RETURNING ${SUBSCRIPTION}`,
    [id],
  );
  if (row) await sql.run('DELETE FROM delivery WHERE subscription_id = $1', [id]);
  return row;
};
