import { setTimeout as sleep } from 'node:timers/promises';
import { withoutContext } from '../context.ts';
import type { Database } from '../database/index.ts';
import { newUuid } from '../ids.ts';
import { releaseLease, takeLease } from '../lease.ts';
import type { Logger } from '../telemetry/log.ts';
import { BATCH, publishBatch, type BatchOptions } from './publish-batch.ts';

const LEASE = 'outbox-relay';
const LEASE_MS = 10_000;
/**
 * Batches begin so far apart at least: a batch costs the database, the broker and every consumer about the same,
 * whether of one event or of fifty.
 */
const LINGER_MS = 15;
/** Another process publishes: so long it is not asked again. */
const STANDBY_MS = 2_000;
const MAX_BACKOFF_MS = 5_000;

export interface Relay {
  /** Events were committed, here or elsewhere: publishes them now. */
  wake: () => void;
  /** Finishes the batch in flight, gives the lease back. */
  stop: () => Promise<void>;
  /** Events waiting to be published, for /metrics. */
  backlog: () => Promise<number>;
}

export interface RelayOptions extends BatchOptions {
  log: Logger;
}

/**
 * Publishes a schema's outbox to its topic, in order per aggregate, at least once, whenever it is woken until nothing
 * waits; idle, it asks the database nothing. One relay per schema publishes (a lease row); the others stand by. Rows
 * are deleted after the broker acknowledged them: a crash between the two publishes again, under the same event id.
 * With Kafka away, events wait here and requests go on.
 */
export const createRelay = (options: RelayOptions): Relay => {
  const stopping = new AbortController();
  const lead = leadership(options.database);
  /** Events may wait that no batch has read. */
  let isPending = false;
  let isDraining = false;
  let draining = Promise.resolve();
  let earliest = -Infinity;

  const publishNext = async (): Promise<void> => {
    // Only what comes thick and fast waits: the first event after a quiet moment goes out at once.
    await linger(earliest - performance.now());
    if (stopping.signal.aborted) return;
    const began = performance.now();
    const isLeading = await lead.take();
    // Whoever woke us so far has committed already: this batch reads it.
    isPending = false;
    // The leader finds what this process commits: a standby that asked at every commit would only be in its way.
    if (!isLeading) return;
    isPending = (await publishBatch(options)) >= BATCH;
    earliest = isPending ? -Infinity : began + LINGER_MS;
  };

  const drain = async (): Promise<void> => {
    isDraining = true;
    for (let failures = 0; isPending && !stopping.signal.aborted;) {
      try {
        await publishNext();
        failures = 0;
      } catch (error) {
        isPending = true;
        if (stopping.signal.aborted) break;
        failures += 1;
        const delay = Math.min(MAX_BACKOFF_MS, 100 * 2 ** failures);
        options.log.warn(
          { err: error, retryInMs: delay },
          'events wait in the outbox: publishing failed, trying again',
        );
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    // In the same turn as the last look at `isPending`: no wake can come in between and be missed.
    isDraining = false;
  };

  return {
    wake: () => {
      if (stopping.signal.aborted || lead.isRefused()) return;
      isPending = true;
      if (!isDraining) draining = withoutContext(drain);
    },
    stop: async () => {
      stopping.abort();
      await draining;
      await lead.release();
    },
    backlog: async () =>
      (await options.database.one<{ waiting: number }>('SELECT count(*) AS waiting FROM outbox')).waiting,
  };
};

/** A bare timer: an aborted sleep makes an error with a stack, and this happens at every commit. */
const linger = async (milliseconds: number): Promise<void> => {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
};

/** The lease of one relay, taken when there is something to publish. */
const leadership = (database: Database) => {
  const holder = newUuid();
  let until = -Infinity;
  let refusedUntil = -Infinity;
  return {
    /** True while another process publishes, as far as we know. */
    isRefused: (): boolean => performance.now() < refusedUntil,
    /** Asks the database only when half of the lease is gone: one write in five seconds instead of one a batch. */
    take: async (): Promise<boolean> => {
      const asked = performance.now();
      if (until - asked > LEASE_MS / 2) return true;
      const taken = await takeLease(database, LEASE, holder, LEASE_MS);
      until = taken ? asked + LEASE_MS : -Infinity;
      if (!taken) refusedUntil = asked + STANDBY_MS;
      return taken;
    },
    release: async (): Promise<void> => {
      if (until > -Infinity) await releaseLease(database, LEASE, holder).catch(() => undefined);
    },
  };
};
