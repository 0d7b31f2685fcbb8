import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Delivery } from '../contract/values.ts';

/** A delivery under the id that pages go by. */
export interface DeliveryRow extends Delivery {
  id: string;
}

const NAMES = ['id', 'eventId', 'type', 'subject', 'topic', 'state', 'attempts', 'status', 'error', 'firstFailedAt'];
const DELIVERY = `${columns([...NAMES, 'updatedAt'])}, partition_number AS partition, message_offset::text AS offset`;

/** Writes the state of a delivery; `id` is used the first time. Does nothing when its subscription was deleted. */
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

/** Newest first; one page and one row more. */
export const listDeliveries = (
  sql: Queryable,
  wanted: { subscriptionId: string; state?: string | undefined; limit: number; before: string | undefined },
): Promise<DeliveryRow[]> =>
  sql.rows<DeliveryRow>(
    `SELECT ${DELIVERY} FROM delivery
     WHERE subscription_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [wanted.subscriptionId, wanted.state ?? null, wanted.before ?? null, wanted.limit + 1],
  );

/** Deletes a batch of deliveries that have not changed since a moment; true when there may be more. */
export const deleteOldDeliveries = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run(
    `DELETE FROM delivery WHERE (subscription_id, topic, partition_number, message_offset) IN
       (SELECT subscription_id, topic, partition_number, message_offset FROM delivery WHERE updated_at < $1 LIMIT $2)`,
    [before, limit],
  )) === limit;
