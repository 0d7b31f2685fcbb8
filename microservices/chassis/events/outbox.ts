import type { AuditLine } from '../audit/line.ts';
import { currentContext } from '../context.ts';
import type { Queryable } from '../database/index.ts';
import { newUuid } from '../ids.ts';
import { currentTraceparent } from '../telemetry/tracing.ts';

/** An event on its way into the outbox. */
export interface PendingEvent {
  id: string;
  type: string;
  aggregate: string;
  aggregateId: string;
  payload: unknown;
}

/** Rows that commit with the events: the first response to the idempotency key and the line in the audit log. */
export interface CommitNotes {
  answer?: { caller: string; key: string; answer: unknown };
  audit?: AuditLine;
}

/**
 * Writes a transaction's events, its idempotent answer and its audit line in one statement, one round trip. Each event
 * gets the next sequence number of its aggregate under that aggregate's row lock, so two transactions about one
 * aggregate publish in the order they commit.
 */
export const flushOutbox = async (
  tx: Pick<Queryable, 'run'>,
  events: readonly PendingEvent[],
  notes: CommitNotes = {},
): Promise<void> => {
  if (events.length === 0 && !notes.answer && !notes.audit) return;
  const context = currentContext();
  const rows = storableJson(events.map((event, index) => numbered(event, index, events)));
  if (rows.length > MAX_EVENT_BYTES) refuseLargeEvents(events);
  await tx.run(FLUSH, [
    rows,
    context.correlationId,
    context.causationId ?? null,
    currentTraceparent() ?? null,
    notes.answer?.caller ?? null,
    notes.answer?.key ?? null,
    notes.answer ? storableJson(notes.answer.answer) : null,
    notes.audit ? newUuid() : null,
    notes.audit?.operation ?? null,
    notes.audit?.caller ?? null,
    notes.audit?.address ?? null,
    notes.audit ? storableJson(notes.audit.details) : null,
  ]);
};

/** JSON that jsonb takes: NUL and lone surrogates, legal in JSON and not in jsonb, become the replacement character. */
const storableJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/.test(json)) return json;
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.replaceAll('\u0000', '\ufffd').toWellFormed() : inner,
  );
};

/** Half of what a Kafka broker takes by default (1 MiB a batch): what cannot be published must not be committed. */
export const MAX_EVENT_BYTES = 500_000;

const refuseLargeEvents = (events: readonly PendingEvent[]): void => {
  for (const { type, aggregateId, payload } of events) {
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    if (bytes > MAX_EVENT_BYTES) {
      throw new RangeError(
        `The event ${type} of ${aggregateId} has ${bytes} bytes; ${MAX_EVENT_BYTES} are the most. Put the bulk into the object store and its key into the event.`,
      );
    }
  }
};

/** `behind` counts the events of the same aggregate that follow in this transaction: sequence = last given − behind. */
const numbered = (event: PendingEvent, index: number, events: readonly PendingEvent[]) => ({
  ordinal: index,
  id: event.id,
  type: event.type,
  aggregatetype: event.aggregate,
  aggregateid: event.aggregateId,
  payload: event.payload,
  behind: events.slice(index + 1).filter((later) => later.aggregateId === event.aggregateId).length,
});

// Aggregates are locked in sorted order, so that two flushes never wait for each other in a circle.
const FLUSH = `
WITH new AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS e(ordinal int, id uuid, type text, aggregatetype text, aggregateid text, payload jsonb, behind int)
), counted AS (
  SELECT aggregateid, count(*) AS events FROM new GROUP BY aggregateid ORDER BY aggregateid
), given AS (
  INSERT INTO event_sequence AS s (aggregateid, last)
  SELECT aggregateid, events FROM counted ORDER BY aggregateid
  ON CONFLICT (aggregateid) DO UPDATE SET last = s.last + EXCLUDED.last
  RETURNING aggregateid, last
), answered AS (
  UPDATE idempotency SET answer = $7::jsonb WHERE $6::text IS NOT NULL AND caller = $5 AND key = $6
), audited AS (
  INSERT INTO audit_log (id, operation, caller, address, correlationid, details)
  SELECT $8::uuid, $9, $10, $11, $2, $12::jsonb WHERE $8::uuid IS NOT NULL
)
INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, sequence, correlationid, causationid, traceparent, occurred_at)
SELECT new.id, new.aggregatetype, new.aggregateid, new.type, new.payload, given.last - new.behind, $2, $3, $4, clock_timestamp()
FROM new JOIN given USING (aggregateid)
ORDER BY new.ordinal`;
