import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { DeadLetter } from '../contract/dead-letters.ts';
import type { ReceivedEvent } from '../contract/values.ts';

/** A dead letter with its event as text. */
export interface DeadLetterRow extends Omit<DeadLetter, 'event'> {
  event: string | null;
}

/** Where the dead letter itself lies. */
export interface StoredAt {
  topic: string;
  partition: number;
  offset: string;
}

const NAMES = [
  ...['id', 'state', 'consumer', 'workflowId', 'node', 'subscriptionId', 'attempts', 'error', 'eventId', 'type'],
  ...['subject', 'number', 'event', 'topic', 'replayOf', 'deadLetteredAt', 'updatedAt'],
];
const DEAD_LETTER = `${columns(NAMES)}, group_name AS "group", partition_number AS partition, message_offset::text AS offset`;

export const toDeadLetter = ({ event, ...row }: DeadLetterRow): DeadLetter => ({
  ...row,
  event: event === null ? null : (JSON.parse(event) as ReceivedEvent),
});

/** Stores a dead letter; 0 when it was stored before. */
export const insertDeadLetter = (sql: Queryable, row: DeadLetterRow, at: StoredAt): Promise<number> =>
  sql.run(
    `INSERT INTO dead_letter (stored_topic, stored_partition, stored_offset, id, state, consumer, group_name, workflow_id, node, subscription_id,
       attempts, error, event_id, type, subject, number, event, topic, partition_number, message_offset, replay_of, dead_lettered_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
     ON CONFLICT (stored_topic, stored_partition, stored_offset) DO NOTHING`,
    [
      ...[at.topic, at.partition, at.offset],
      ...[row.id, row.state, row.consumer, row.group, row.workflowId, row.node, row.subscriptionId],
      ...[row.attempts, row.error, row.eventId, row.type, row.subject, row.number, row.event],
      ...[row.topic, row.partition, row.offset, row.replayOf, row.deadLetteredAt, row.updatedAt],
    ],
  );

export const findDeadLetter = (sql: Queryable, id: string): Promise<DeadLetterRow | undefined> =>
  sql.maybeOne(`SELECT ${DEAD_LETTER} FROM dead_letter WHERE id = $1`, [id]);

export const lockDeadLetter = (sql: Queryable, id: string): Promise<DeadLetterRow | undefined> =>
  sql.maybeOne(`SELECT ${DEAD_LETTER} FROM dead_letter WHERE id = $1 FOR UPDATE`, [id]);

export const saveDeadLetterState = (
  sql: Queryable,
  { id, state, updatedAt }: Pick<DeadLetterRow, 'id' | 'state' | 'updatedAt'>,
): Promise<number> =>
  sql.run('UPDATE dead_letter SET state = $2, updated_at = $3 WHERE id = $1', [id, state, updatedAt]);

interface Wanted {
  state?: string | undefined;
  workflowId?: string | undefined;
  subscriptionId?: string | undefined;
  type?: string | undefined;
  subject?: string | undefined;
  since?: string | undefined;
  limit: number;
  before: string | undefined;
}

/** Newest first; one page and one row more. */
export const listDeadLetters = (sql: Queryable, wanted: Wanted): Promise<DeadLetterRow[]> =>
  sql.rows(
    `SELECT ${DEAD_LETTER} FROM dead_letter
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR workflow_id = $2) AND ($3::text IS NULL OR subscription_id = $3)
       AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR subject = $5)
       AND ($6::timestamptz IS NULL OR dead_lettered_at >= $6) AND ($7::text IS NULL OR id < $7)
     ORDER BY id DESC LIMIT $8`,
    [
      ...[wanted.state ?? null, wanted.workflowId ?? null, wanted.subscriptionId ?? null, wanted.type ?? null],
      ...[wanted.subject ?? null, wanted.since ?? null, wanted.before ?? null, wanted.limit + 1],
    ],
  );

/** How many wait for a person, by the topic of their events. */
export const countWaiting = async (sql: Queryable): Promise<Map<string, number>> => {
  const rows = await sql.rows<{ topic: string; count: number }>(
    "SELECT topic, count(*) AS count FROM dead_letter WHERE state = 'waiting' GROUP BY topic",
  );
  return new Map(rows.map(({ topic, count }) => [topic, count]));
};

/** Deletes a batch of dead letters that have not changed since a moment; true when there may be more. */
export const deleteOldDeadLetters = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run('DELETE FROM dead_letter WHERE id IN (SELECT id FROM dead_letter WHERE updated_at < $1 LIMIT $2)', [
    before,
    limit,
  ])) === limit;
