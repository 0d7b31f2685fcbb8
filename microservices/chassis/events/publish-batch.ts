import type { Producer } from 'kafkajs';
import type { Database } from '../database/index.ts';
import { toMessage, type CommerceEvent } from './envelope.ts';

/** At most this many of the oldest events decide which aggregates a batch takes. */
export const BATCH = 500;
const MAX_REQUEST_BYTES = 700_000;
/** Bytes of a message besides its value: the CloudEvents headers and the key, generously. */
const HEADERS_BYTES = 600;

interface OutboxRow {
  position: number;
  id: string;
  aggregatetype: string;
  aggregateid: string;
  type: string;
  payload: unknown;
  sequence: number;
  correlationid: string;
  causationid: string | null;
  traceparent: string | null;
  occurred_at: string;
}

export interface BatchOptions {
  database: Database;
  producer: Producer;
  topic: string;
  source: string;
  onPublished?: (events: number) => void;
}

/**
 * Publishes the oldest events of an outbox, deletes them there and returns how many they were. Whole aggregates are
 * taken, lowest sequence first, because positions of one aggregate may be out of order where sequences are cached per
 * connection (YugabyteDB).
 */
export const publishBatch = async ({
  database,
  producer,
  topic,
  source,
  onPublished,
}: BatchOptions): Promise<number> => {
  const rows = await database.rows<OutboxRow>(PICK, [BATCH]);
  for (const { positions, messages } of portions(rows, source)) {
    await producer.send({ topic, acks: -1, messages });
    await database.run(DELETE_PUBLISHED, [positions]);
    onPublished?.(positions.length);
  }
  return rows.length;
};

interface Portion {
  positions: number[];
  messages: ReturnType<typeof toMessage>[];
}

/** Parts of a batch that each fit into what a broker takes at once (1 MiB by default), in order. */
const portions = (rows: readonly OutboxRow[], source: string): Portion[] => {
  const parts: Portion[] = [];
  let size = Infinity;
  for (const row of rows) {
    const message = toMessage(toEvent(row, source));
    const bytes = Buffer.byteLength(message.value) + HEADERS_BYTES;
    if (size + bytes > MAX_REQUEST_BYTES) {
      parts.push({ positions: [], messages: [] });
      size = 0;
    }
    size += bytes;
    parts.at(-1)?.positions.push(row.position);
    parts.at(-1)?.messages.push(message);
  }
  return parts;
};

// Nobody waits for this commit to reach the disk: should a power cut undo it, the events go out again under the same
// ids.
const DELETE_PUBLISHED = `
WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
DELETE FROM outbox USING relaxed WHERE position = ANY($1)`;

const PICK = `
WITH oldest AS (SELECT aggregateid FROM outbox ORDER BY position LIMIT $1)
SELECT * FROM outbox WHERE aggregateid IN (SELECT DISTINCT aggregateid FROM oldest)
ORDER BY sequence, position LIMIT 2 * $1`;

const toEvent = (row: OutboxRow, source: string): CommerceEvent => ({
  id: row.id,
  type: row.type,
  source,
  subject: row.aggregateid,
  time: row.occurred_at,
  sequence: row.sequence,
  correlationid: row.correlationid,
  dataschema: `/events/schemas/${row.type}`,
  ...(row.causationid ? { causationid: row.causationid } : {}),
  ...(row.traceparent ? { traceparent: row.traceparent } : {}),
  data: row.payload,
});
