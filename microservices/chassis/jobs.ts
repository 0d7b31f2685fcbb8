import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database/index.ts';
import { newUuid } from './ids.ts';
import { releaseLease, takeLease } from './lease.ts';
import type { Logger } from './telemetry/log.ts';

/** Something a service does by the clock: expire reservations, forget old answers. */
export interface Job {
  name: string;
  everyMs: number;
  /** Does a bounded piece of work; true when there is more to do at once. Must be safe to repeat and to be cut off. */
  run: () => Promise<boolean | void>;
}

export interface RunningJobs {
  stop(): Promise<void>;
}

/** Runs each job in one process at a time (a lease row per job), again after `everyMs`, at once while there is more to do. */
export const startJobs = (database: Database, jobs: readonly Job[], log: Logger): RunningJobs => {
  const holder = newUuid();
  const stopping = new AbortController();
  const finished = jobs.map((job) => loop(database, job, holder, stopping.signal, log));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(finished);
      await Promise.all(jobs.map((job) => releaseLease(database, leaseOf(job), holder).catch(() => undefined)));
    },
  };
};

const leaseOf = (job: Job): string => `job:${job.name}`;

const loop = async (database: Database, job: Job, holder: string, signal: AbortSignal, log: Logger): Promise<void> => {
  while (!signal.aborted) {
    let more: boolean | void = false;
    try {
      if (await takeLease(database, leaseOf(job), holder, Math.max(30_000, 2 * job.everyMs))) more = await job.run();
    } catch (error) {
      log.warn({ err: error, job: job.name }, 'a job failed and will be tried again');
    }
    if (!more) await sleep(job.everyMs, undefined, { signal }).catch(() => undefined);
  }
};
