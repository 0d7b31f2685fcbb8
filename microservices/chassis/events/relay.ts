import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import type { Database } from '../database/index.ts';
import { newUuid } from '../ids.ts';
import { takeLease, releaseLease } from '../lease.ts';
import type { Logger } from '../telemetry/log.ts';
import { toMessage, type CommerceEvent } from './envelope.ts';

const LEASE = 'outbox-relay';
const LEASE_MS = 10_000;
const BATCH = 500;
const POLL_MS = 1_000;
/** Batches begin so far apart at least: a batch costs the database, the broker and every consumer about the same, whether of one event or of fifty. */
const LINGER_MS = 15;
const STANDBY_MS = 2_000;
const MAX_BACKOFF_MS = 5_000;
const MAX_REQUEST_BYTES = 700_000;
/** What a message weighs besides its value: the CloudEvents headers and the key, generously. */
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

export interface Relay {
  /** A commit in this process appended events: publish now instead of at the next poll. */
  wake: () => void;
  /** Finishes the batch in flight, gives the lease back. */
  stop: () => Promise<void>;
  /** Events waiting to be published, for /metrics. */
  backlog: () => Promise<number>;
}

export interface RelayOptions {
  database: Database;
  producer: Producer;
  topic: string;
  source: string;
  log: Logger;
  onPublished?: (events: number) => void;
}

/**
 * Publishes a schema's outbox to its topic, in order per aggregate, at least once. One relay per schema is live (a lease
 * row); the others stand by. Rows are deleted after the broker acknowledged them: a crash between the two publishes
 * again, under the same event id. With Kafka away, events wait here and requests go on.
 */
export const startRelay = (options: RelayOptions): Relay => {
  const holder = newUuid();
  const stopping = new AbortController();
  let wakeUp: () => void = () => undefined;
  let awake = false;

  const nap = async (milliseconds: number): Promise<void> => {
    if (awake || stopping.signal.aborted) {
      awake = false;
      return;
    }
    // A bare timer: an aborted sleep makes an error with a stack, and this happens at every commit.
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wakeUp = () => undefined;
    awake = false;
  };

  /** Only what comes thick and fast waits: the first event after a quiet moment goes out at once. */
  const linger = async (milliseconds: number): Promise<void> => {
    if (milliseconds > 0 && !stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, milliseconds));
  };

  let leadingUntil = -Infinity;
  /** Asks the database only when half of the lease is gone: one write in five seconds instead of one a batch. */
  const isLeading = async (): Promise<boolean> => {
    const asked = performance.now();
    if (leadingUntil - asked > LEASE_MS / 2) return true;
    const taken = await takeLease(options.database, LEASE, holder, LEASE_MS);
    leadingUntil = taken ? asked + LEASE_MS : -Infinity;
    return taken;
  };

  const loop = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        if (await isLeading()) {
          const began = performance.now();
          // Whoever woke us so far has committed already: this batch has it.
          awake = false;
          const published = await publishBatch(options);
          if (published < BATCH) {
            await nap(POLL_MS);
            await linger(began + LINGER_MS - performance.now());
          }
        } else {
          // Commits of this process wake the leader's poll, not us: a standby that asked at every commit would only be in its way.
          await sleep(STANDBY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        failures += 1;
        const delay = Math.min(MAX_BACKOFF_MS, 100 * 2 ** failures);
        options.log.warn(
          { err: error, retryInMs: delay },
          'events wait in the outbox: publishing failed, trying again',
        );
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const finished = loop();

  return {
    wake: () => {
      awake = true;
      wakeUp();
    },
    stop: async () => {
      stopping.abort();
      wakeUp();
      await finished;
      await releaseLease(options.database, LEASE, holder).catch(() => undefined);
    },
    backlog: async () =>
      (await options.database.one<{ waiting: number }>('SELECT count(*) AS waiting FROM outbox')).waiting,
  };
};

/**
 * Publishes the oldest events. Whole aggregates are taken, lowest sequence first, because positions of one aggregate may
 * be out of order where sequences are cached per connection (YugabyteDB).
 */
const publishBatch = async ({ database, producer, topic, source, onPublished }: RelayOptions): Promise<number> => {
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

// Nobody waits for this commit to reach the disk: should a power cut undo it, the events go out again under the same ids.
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
