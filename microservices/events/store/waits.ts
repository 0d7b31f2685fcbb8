import { columns } from '../../chassis/database/columns.ts';
import type { EventFilter } from '../../chassis/contract/event-filter.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Wait, WaitState } from '../contract/journey-values.ts';
import type { ReceivedEvent } from '../contract/values.ts';

/** A wait as it is stored. */
export interface WaitRow {
  id: string;
  step: string;
  state: WaitState;
  outcome: 'came' | 'timed_out' | null;
  eventTypes: string[];
  value: string;
  field: string | null;
  filter: EventFilter | null;
  since: string;
  notEventId: string | null;
  /** JSON text: jsonb refuses what JSON allows (\u0000). */
  event: string | null;
  deadline: string;
  workflowId: string;
  executionId: string;
  node: string | null;
  resumeUrl: string;
  secret: string;
  attempts: number;
  /** How often in a row n8n could not run the execution. */
  refusals: number;
  note: string | null;
  createdAt: string;
  settledAt: string | null;
}

const NAMES = [
  ...(['id', 'step', 'state', 'outcome', 'eventTypes', 'value', 'field', 'filter', 'event', 'deadline'] as const),
  ...(['since', 'notEventId'] as const),
  ...([
    'workflowId',
    'executionId',
    'node',
    'resumeUrl',
    'secret',
    'attempts',
    'refusals',
    'note',
    'createdAt',
  ] as const),
  'settledAt',
] satisfies (keyof WaitRow)[];
const WAIT = columns(NAMES);

export const toWait = (row: WaitRow): Wait => ({
  id: row.id,
  state: row.state,
  outcome: row.outcome,
  eventTypes: row.eventTypes,
  value: row.value,
  event: row.event === null ? null : (JSON.parse(row.event) as ReceivedEvent),
  deadline: row.deadline,
  journey: { workflowId: row.workflowId, executionId: row.executionId, node: row.node },
  note: row.note,
  createdAt: row.createdAt,
  settledAt: row.settledAt,
});

/**
 * Writes a wait, or hands the one that this step had to the execution that asks now. Returns what is stored, locked.
 */
export const putWait = (tx: Queryable, wanted: WaitRow): Promise<WaitRow> =>
  tx.one<WaitRow>(
    `INSERT INTO event_wait AS w (id, step, state, event_types, value, field, filter, since, not_event_id, deadline, workflow_id, execution_id, node, resume_url, secret, attempts,
       created_at, updated_at)
     VALUES ($1, $2, 'waiting', $3::jsonb, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15)
     ON CONFLICT (step) DO UPDATE SET execution_id = EXCLUDED.execution_id, resume_url = EXCLUDED.resume_url, secret = EXCLUDED.secret,
       node = EXCLUDED.node, updated_at = EXCLUDED.updated_at
     RETURNING ${WAIT}`,
    [
      wanted.id,
      wanted.step,
      JSON.stringify(wanted.eventTypes),
      wanted.value,
      wanted.field,
      wanted.filter === null ? null : JSON.stringify(wanted.filter),
      wanted.since,
      wanted.notEventId,
      wanted.deadline,
      wanted.workflowId,
      wanted.executionId,
      wanted.node,
      wanted.resumeUrl,
      wanted.secret,
      wanted.createdAt,
    ],
  );

export const findWait = (sql: Queryable, id: string): Promise<WaitRow | undefined> =>
  sql.maybeOne<WaitRow>(`SELECT ${WAIT} FROM event_wait WHERE id = $1`, [id]);

export const lockWait = (tx: Queryable, id: string): Promise<WaitRow | undefined> =>
  tx.maybeOne<WaitRow>(`SELECT ${WAIT} FROM event_wait WHERE id = $1 FOR UPDATE`, [id]);

/** Newest first; one page and one row more. */
export const listWaits = (
  sql: Queryable,
  wanted: {
    state?: string | undefined;
    workflowId?: string | undefined;
    value?: string | undefined;
    before: string | undefined;
    limit: number;
  },
): Promise<WaitRow[]> =>
  sql.rows<WaitRow>(
    `SELECT ${WAIT} FROM event_wait WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR workflow_id = $2)
       AND ($3::text IS NULL OR value = $3) AND ($4::text IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`,
    [wanted.state ?? null, wanted.workflowId ?? null, wanted.value ?? null, wanted.before ?? null, wanted.limit + 1],
  );

/** The waits for one of these values, locked. */
export const lockWaitsFor = (tx: Queryable, values: readonly string[]): Promise<WaitRow[]> =>
  tx.rows<WaitRow>(
    `SELECT ${WAIT} FROM event_wait WHERE state = 'waiting' AND value = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    [[...values]],
  );

/** An event for each wait that it ends. */
export interface Arrival {
  id: string;
  event: string;
}

/** Settles waits whose event came; they are to be resumed at once. Not one that was settled before. */
export const settleArrived = async (tx: Queryable, arrivals: readonly Arrival[], now: Date): Promise<void> => {
  await tx.run(
    `UPDATE event_wait SET state = 'settled', outcome = 'came', event = a.event, settled_at = $3, next_attempt_at = $3, updated_at = $3
     FROM unnest($1::text[], $2::text[]) AS a(id, event) WHERE event_wait.id = a.id AND state = 'waiting'`,
    [arrivals.map(({ id }) => id), arrivals.map(({ event }) => event), now],
  );
};

/** Settles a wait that waits, as if its time were up. */
export const settleGivenUp = (tx: Queryable, id: string, now: Date): Promise<WaitRow> =>
  tx.one<WaitRow>(
    `UPDATE event_wait SET state = 'settled', outcome = 'timed_out', settled_at = $2, next_attempt_at = $2, updated_at = $2
     WHERE id = $1 AND state = 'waiting' RETURNING ${WAIT}`,
    [id, now],
  );

/** Settles waits whose time is up, a batch at a time. Returns how many. */
export const settleOverdue = (sql: Queryable, now: Date, limit: number): Promise<number> =>
  sql.run(
    `UPDATE event_wait SET state = 'settled', outcome = 'timed_out', settled_at = $1, next_attempt_at = $1, updated_at = $1
     WHERE state = 'waiting' AND id IN (SELECT id FROM event_wait WHERE state = 'waiting' AND deadline <= $1 ORDER BY deadline LIMIT $2
       FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  );

/** Takes waits that are to be resumed now; nobody else takes them until `until`. */
export const takeDue = (sql: Queryable, now: Date, until: Date, limit: number): Promise<WaitRow[]> =>
  sql.rows<WaitRow>(
    `UPDATE event_wait SET attempts = attempts + 1, next_attempt_at = $2 WHERE id IN (
       SELECT id FROM event_wait WHERE state = 'settled' AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING ${WAIT}`,
    [now, until, limit],
  );

/** Writes the end of a resumption, or when it is tried again. */
export const saveResumption = async (
  sql: Queryable,
  id: string,
  given: { state: WaitState; note: string | null; refusals?: number; nextAttemptAt: Date | null },
  now: Date,
): Promise<void> => {
  await sql.run(
    `UPDATE event_wait SET state = $2, note = $3, refusals = $4, next_attempt_at = $5, updated_at = $6 WHERE id = $1 AND state = 'settled'`,
    [id, given.state, given.note, given.refusals ?? 0, given.nextAttemptAt, now],
  );
};

/** Marks a wait as answered in the request that asked for it: nothing has to be resumed. */
export const markAnswered = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run(`UPDATE event_wait SET state = 'resumed', next_attempt_at = NULL WHERE id = $1 AND state = 'settled'`, [
    id,
  ]);
};

/** Deletes a batch of waits that ended before a moment; true when there may be more. */
export const deleteOldWaits = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run(
    `DELETE FROM event_wait WHERE id IN (SELECT id FROM event_wait WHERE state IN ('resumed', 'failed', 'gone') AND updated_at < $1 LIMIT $2)`,
    [before, limit],
  )) === limit;
