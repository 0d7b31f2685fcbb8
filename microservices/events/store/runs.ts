import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { JourneyReport } from '../../chassis/events/journey-report.ts';
import type { JourneyMetrics, JourneyRun } from '../contract/journey-metrics.ts';

const NAMES = [
  ...(['workflowId', 'workflowName', 'eventId', 'eventType', 'subject', 'customerId', 'state', 'attempts'] as const),
  ...(['failedNode', 'startedAt', 'updatedAt', 'convertedAt'] as const),
] satisfies (keyof JourneyRun)[];
const RUN = columns(NAMES);

/**
 * Writes the last reports of journeys, one each. A report that is older than what is known says nothing. Returns those
 * that changed a state, with the state of before.
 */
export const saveReports = async (
  tx: Queryable,
  reports: readonly JourneyReport[],
): Promise<Map<JourneyReport, string | null>> => {
  const changed = new Map<JourneyReport, string | null>();
  for (const report of reports) {
    const { event } = report;
    const before = await tx.maybeOne<{ state: string }>(
      'SELECT state FROM journey_run WHERE workflow_id = $1 AND event_id = $2 FOR UPDATE',
      [report.workflowId, event.id],
    );
    const saved = await tx.run(
      `INSERT INTO journey_run AS known (workflow_id, event_id, workflow_name, event_type, subject, customer_id, state, attempts, failed_node,
         started_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
       ON CONFLICT (workflow_id, event_id) DO UPDATE SET state = EXCLUDED.state, attempts = EXCLUDED.attempts,
         failed_node = EXCLUDED.failed_node, workflow_name = EXCLUDED.workflow_name, updated_at = EXCLUDED.updated_at
       WHERE known.updated_at <= EXCLUDED.updated_at`,
      [
        report.workflowId,
        event.id,
        report.workflowName,
        event.type,
        event.subject,
        event.customerId,
        report.state,
        report.attempts,
        report.failedNode,
        report.at,
      ],
    );
    if (saved > 0 && before?.state !== report.state) changed.set(report, before?.state ?? null);
  }
  return changed;
};

/**
 * The state of a journey by its report and its waits, which know more of two cases: one that is reported parked may
 * have been resumed and ended already, and a push that was acknowledged may have been parked.
 */
export const stateByWaits = async (
  tx: Queryable,
  { state, workflowId, event }: JourneyReport,
): Promise<JourneyReport['state']> => {
  if (state !== 'waiting' && state !== 'succeeded') return state;
  const waits = await tx.rows<{ state: string }>(
    'SELECT state FROM event_wait WHERE workflow_id = $1 AND not_event_id = $2 ORDER BY id',
    [workflowId, event.id],
  );
  if (waits.some((wait) => wait.state === 'waiting' || wait.state === 'settled')) return 'waiting';
  const last = waits.at(-1)?.state;
  return state === 'succeeded' || last === undefined ? state : last === 'resumed' ? 'succeeded' : 'failed';
};

/** Ends a journey that was parked and has been resumed, unless it is parked again. Returns it when it ended now. */
export const endResumed = (
  tx: Queryable,
  { workflowId, eventId, executionId }: { workflowId: string; eventId: string; executionId: string },
  state: 'succeeded' | 'failed',
  now: Date,
): Promise<JourneyRun | undefined> =>
  tx.maybeOne<JourneyRun>(
    `UPDATE journey_run SET state = $4, updated_at = $5 WHERE workflow_id = $1 AND event_id = $2 AND state = 'waiting'
       AND NOT EXISTS (SELECT FROM event_wait w WHERE w.workflow_id = $1 AND w.execution_id = $3 AND w.state IN ('waiting', 'settled'))
     RETURNING ${RUN}`,
    [workflowId, eventId, executionId, state, now],
  );

/** An order of a customer, placed at a moment. */
export interface Conversion {
  customerId: string;
  orderId: string;
  at: string;
}

/**
 * Counts orders as conversions of what the customers went through before: journeys about something else, and branches
 * of splits.
 */
export const saveConversions = async (
  tx: Queryable,
  orders: readonly Conversion[],
  windowDays: number,
): Promise<void> => {
  if (orders.length === 0) return;
  const values = [
    orders.map(({ customerId }) => customerId),
    orders.map(({ orderId }) => orderId),
    orders.map(({ at }) => at),
    windowDays,
  ];
  await tx.run(
    `UPDATE journey_run r SET converted_at = o.at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS o(customer, id, at)
     WHERE r.customer_id = o.customer AND r.converted_at IS NULL AND r.subject <> o.id AND r.started_at < o.at
       AND r.started_at > o.at - make_interval(days => $4::int)`,
    values,
  );
  await tx.run(
    `UPDATE split_assignment s SET converted_at = o.at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS o(customer, id, at)
     WHERE s.subject = o.customer AND s.converted_at IS NULL AND s.assigned_at < o.at
       AND s.assigned_at > o.at - make_interval(days => $4::int)`,
    values,
  );
};

/** Newest first; one page and one row more. */
export const listRuns = (
  sql: Queryable,
  wanted: {
    workflowId?: string | undefined;
    state?: string | undefined;
    subject?: string | undefined;
    before: [startedAt: string, eventId: string] | undefined;
    limit: number;
  },
): Promise<JourneyRun[]> =>
  sql.rows<JourneyRun>(
    `SELECT ${RUN} FROM journey_run WHERE ($1::text IS NULL OR workflow_id = $1) AND ($2::text IS NULL OR state = $2)
       AND ($3::text IS NULL OR subject = $3 OR customer_id = $3)
       AND ($4::timestamptz IS NULL OR (started_at, event_id) < ($4::timestamptz, $5::text))
     ORDER BY started_at DESC, event_id DESC LIMIT $6`,
    [
      wanted.workflowId ?? null,
      wanted.state ?? null,
      wanted.subject ?? null,
      wanted.before?.[0] ?? null,
      wanted.before?.[1] ?? null,
      wanted.limit + 1,
    ],
  );

/** The numbers of each workflow over journeys that began since a moment. */
export const countRuns = async (
  sql: Queryable,
  since: Date,
  workflowId: string | undefined,
): Promise<JourneyMetrics[]> => {
  const values = [since, workflowId ?? null];
  const counted = await sql.rows<Omit<JourneyMetrics, 'failures'>>(
    `SELECT workflow_id AS "workflowId", max(workflow_name) AS "workflowName", count(*) AS entered,
       count(*) FILTER (WHERE state = 'started') AS running, count(*) FILTER (WHERE state = 'waiting') AS waiting,
       count(*) FILTER (WHERE state = 'succeeded') AS succeeded, count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) FILTER (WHERE state = 'buried') AS buried, count(converted_at) AS converted, max(started_at) AS "lastStartedAt"
     FROM journey_run WHERE started_at >= $1 AND ($2::text IS NULL OR workflow_id = $2) GROUP BY workflow_id ORDER BY workflow_id`,
    values,
  );
  const failures = await sql.rows<{ workflowId: string; node: string; count: number }>(
    `SELECT workflow_id AS "workflowId", failed_node AS node, count(*) AS count FROM journey_run
     WHERE started_at >= $1 AND ($2::text IS NULL OR workflow_id = $2) AND failed_node IS NOT NULL
     GROUP BY workflow_id, failed_node ORDER BY count(*) DESC, failed_node LIMIT 500`,
    values,
  );
  return counted.map((one) => ({
    ...one,
    failures: failures
      .filter((failure) => failure.workflowId === one.workflowId)
      .map(({ node, count }) => ({ node, count })),
  }));
};

/** Deletes a batch of journeys that have not changed since a moment; true when there may be more. */
export const deleteOldRuns = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run(
    `DELETE FROM journey_run WHERE (workflow_id, event_id) IN
       (SELECT workflow_id, event_id FROM journey_run WHERE updated_at < $1 LIMIT $2)`,
    [before, limit],
  )) === limit;
