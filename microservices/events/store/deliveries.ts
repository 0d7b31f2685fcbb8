import type { Queryable } from '../../chassis/database/index.ts';
import type { Delivery, DeliveryState } from '../contract/values.ts';

interface DeliveryRow {
  id: string;
  event_id: string;
  type: string | null;
  subject: string | null;
  topic: string;
  partition_number: number;
  message_offset: number;
  state: DeliveryState;
  attempts: number;
  status: number | null;
  error: string | null;
  first_failed_at: string;
  updated_at: string;
}

const toDelivery = (row: DeliveryRow): Delivery & { rowId: string } => ({
  rowId: row.id,
  eventId: row.event_id,
  type: row.type,
  subject: row.subject,
  topic: row.topic,
  partition: row.partition_number,
  offset: String(row.message_offset),
  state: row.state,
  attempts: row.attempts,
  status: row.status,
  error: row.error,
  firstFailedAt: row.first_failed_at,
  updatedAt: row.updated_at,
});

/** Writes down how a delivery stands; `id` is for its first time. Does nothing when its subscription is gone. */
export const saveDelivery = (
  sql: Queryable,
  subscriptionId: string,
  id: string,
  delivery: Omit<Delivery, 'firstFailedAt'>,
): Promise<number> =>
  sql.run(
    `INSERT INTO delivery (subscription_id, topic, partition_number, message_offset, id, event_id, type, subject, state, attempts, status, error,
       first_failed_at, updated_at)
     SELECT s.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13 FROM event_subscription s WHERE s.id = $1
     ON CONFLICT (subscription_id, topic, partition_number, message_offset) DO UPDATE SET state = EXCLUDED.state,
       attempts = EXCLUDED.attempts, status = EXCLUDED.status, error = EXCLUDED.error, updated_at = EXCLUDED.updated_at`,
    [
      subscriptionId,
      delivery.topic,
      delivery.partition,
      delivery.offset,
      id,
      delivery.eventId,
      delivery.type,
      delivery.subject,
      delivery.state,
      delivery.attempts,
      delivery.status,
      delivery.error,
      delivery.updatedAt,
    ],
  );

export const listDeliveries = async (
  sql: Queryable,
  wanted: { subscriptionId: string; state?: string | undefined; limit: number; before: string | undefined },
): Promise<(Delivery & { rowId: string })[]> =>
  (
    await sql.rows<DeliveryRow>(
      `SELECT * FROM delivery WHERE subscription_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [wanted.subscriptionId, wanted.state ?? null, wanted.before ?? null, wanted.limit + 1],
    )
  ).map(toDelivery);

/** Deletes a bounded number of what was last touched before a moment; true when there may be more. */
export const deleteOldDeliveries = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run(
    `DELETE FROM delivery WHERE (subscription_id, topic, partition_number, message_offset) IN
       (SELECT subscription_id, topic, partition_number, message_offset FROM delivery WHERE updated_at < $1 LIMIT $2)`,
    [before, limit],
  )) === limit;
