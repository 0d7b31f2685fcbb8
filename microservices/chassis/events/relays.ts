import { isUnavailable, type Queryable } from '../database/index.ts';
import type { Logger } from '../telemetry/log.ts';
import { createRelay, type Relay, type RelayOptions } from './relay.ts';

/** Time until commits of other processes, or of this one before a crash, are found. */
const POLL_MS = 1_000;
/** Services start one after the other: their first look is taken together. */
const FIRST_POLL_MS = 50;

/** The relays of a process, one a schema. */
export interface Relays {
  /** Starts to publish a schema's outbox. */
  add(options: RelayOptions): Relay;
  /** Ends the polling; each relay is stopped by itself. */
  stop(): Promise<void>;
}

/**
 * Starts the loop that looks for events in the outboxes of all services of a process: one query a second, however many
 * services there are. A commit in this process wakes its relay without it. `database` may read every schema; its search
 * path does not matter.
 */
export const startRelays = ({ database, log }: { database: Queryable; log: Logger }): Relays => {
  const relays = new Map<string, Relay>();
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | undefined;
  let isStopped = false;

  const pollIn = (milliseconds: number): void => {
    clearTimeout(timer);
    if (isStopped || relays.size === 0) return;
    timer = setTimeout(() => {
      polling = wakeWaiting(database, relays, log).finally(() => pollIn(POLL_MS));
    }, milliseconds);
  };

  return {
    add: (options) => {
      const { schema } = options.database;
      const relay = createRelay(options);
      relays.set(schema, relay);
      pollIn(FIRST_POLL_MS);
      return {
        ...relay,
        stop: () => {
          if (relays.get(schema) === relay) relays.delete(schema);
          return relay.stop();
        },
      };
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await polling;
    },
  };
};

const wakeWaiting = async (database: Queryable, relays: ReadonlyMap<string, Relay>, log: Logger): Promise<void> => {
  try {
    const waiting = await database.rows<{ schema: string }>(headsOf([...relays.keys()]));
    for (const { schema } of waiting) relays.get(schema)?.wake();
  } catch (error) {
    log.warn({ err: error }, 'looking for events in the outboxes failed, trying again');
    // One schema that cannot be read must not keep the others waiting: each relay looks by itself.
    if (!isUnavailable(error)) for (const relay of relays.values()) relay.wake();
  }
};

// By position, so that the index passes over the dead rows of a busy hour.
const headsOf = (schemas: readonly string[]): string =>
  schemas
    .toSorted()
    .map(
      (schema) =>
        `SELECT '${schema}' AS schema FROM (SELECT position FROM ${schema}.outbox ORDER BY position LIMIT 1) AS head`,
    )
    .join('\nUNION ALL ');
