import type { Queryable } from '../../chassis/database/index.ts';

/** A dead letter that staff were not told about yet. */
export interface Untold {
  id: string;
  consumer: string;
  type: string | null;
  subject: string | null;
  number: string | null;
  node: string | null;
  error: string;
}

/**
 * The oldest dead letters that staff have to be told about, so many at most, of consumers about which they were told
 * nothing since a moment. Those that somebody has dealt with already need no message.
 */
export const untoldDeadLetters = (sql: Queryable, since: Date, limit: number): Promise<Untold[]> =>
  sql.rows(
    `SELECT letter.id, letter.consumer_name AS consumer, type, subject, number, node, error
     FROM (SELECT *, coalesce(workflow_id, subscription_id, group_name) AS consumer_name FROM dead_letter WHERE told_at IS NULL) AS letter
     LEFT JOIN staff_told AS told ON told.consumer = letter.consumer_name
     WHERE letter.state = 'waiting' AND (told.told_at IS NULL OR told.told_at < $1)
     ORDER BY letter.id LIMIT $2`,
    [since, limit],
  );

/** Remembers that staff were told. */
export const saveTold = async (sql: Queryable, consumer: string, ids: readonly string[], now: Date): Promise<void> => {
  await sql.run('UPDATE dead_letter SET told_at = $2 WHERE id = ANY($1)', [ids, now]);
  await sql.run(
    `INSERT INTO staff_told (consumer, told_at) VALUES ($1, $2)
     ON CONFLICT (consumer) DO UPDATE SET told_at = EXCLUDED.told_at`,
    [consumer, now],
  );
};
