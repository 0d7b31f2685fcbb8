import type { Queryable } from '../../chassis/database/index.ts';
import type { NotificationRow } from './notifications.ts';

export const BUCKETS = 4;

/**
 * Claims what is due in a bucket, oldest first, until `until`: a process that dies loses its claims, not the messages.
 * Others skip claimed ones.
 */
export const claimDue = (
  database: Queryable,
  bucket: number,
  now: Date,
  until: Date,
  limit: number,
): Promise<NotificationRow[]> =>
  database.rows<NotificationRow>(
    `UPDATE notification SET claimed_until = $3, attempts = attempts + 1
     WHERE id IN (
       SELECT id FROM notification
       WHERE bucket = $1 AND state = 'queued' AND send_after <= $2 AND (claimed_until IS NULL OR claimed_until < $2)
       ORDER BY send_after LIMIT $4 FOR UPDATE SKIP LOCKED
     )
     RETURNING *`,
    [bucket, now, until, limit],
  );

/** Deletes old messages that no longer wait; true when there may be more. */
export const deleteOld = async (database: Queryable, before: Date, limit: number): Promise<boolean> => {
  const deleted = await database.run(
    `DELETE FROM notification WHERE id IN (
       SELECT id FROM notification WHERE created_at < $1 AND state <> 'queued' ORDER BY created_at, id LIMIT $2
     )`,
    [before, limit],
  );
  const forgotten = await database.run(
    'DELETE FROM dev_inbox WHERE id IN (SELECT id FROM dev_inbox WHERE received_at < $1 ORDER BY received_at, id LIMIT $2)',
    [before, limit],
  );
  return deleted === limit || forgotten === limit;
};
