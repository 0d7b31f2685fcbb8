import type { Database } from './database/index.ts';
import type { Relay } from './events/relay.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import type { Job } from './jobs.ts';

interface HousekeepingOptions {
  database: Database;
  relay: Pick<Relay, 'backlog'>;
  onBacklog: (events: number) => void;
  /** Called each time, to look after what a process left that died. */
  onLook: () => void;
  /** Deletes some expired key-value pairs; true when there are more. */
  removeExpired: () => Promise<boolean> | undefined;
}

/**
 * The job that every service has: forgets old answers and events, counts the events that wait, deletes expired
 * key-value pairs.
 */
export const housekeeping = ({ database, relay, onBacklog, onLook, removeExpired }: HousekeepingOptions): Job => ({
  name: 'housekeeping',
  everyMs: 60_000,
  run: async () => {
    await forgetOldAnswers(database);
    onLook();
    onBacklog(await relay.backlog());
    return removeExpired();
  },
});
