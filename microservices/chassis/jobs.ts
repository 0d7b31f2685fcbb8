import type { Database, Queryable } from './database/index.ts';
import { newUuid } from './ids.ts';
import { releaseLease, takeLease, takeLeases, type WantedLease } from './lease.ts';
import type { Logger } from './telemetry/log.ts';

/** Something a service does by the clock: expire reservations, forget old answers. */
export interface Job {
  name: string;
  everyMs: number;
  /** Does a bounded piece of work; true when there is more to do at once. Must be safe to repeat and to be cut off. */
  run: () => Promise<boolean | void>;
}

export interface RunningJobs {
  /** Waits for the runs in flight and gives the leases back. */
  stop(): Promise<void>;
}

/** The jobs of a process. */
export interface Jobs {
  /** Runs the jobs of one service from now on. */
  add(service: { database: Database; jobs: readonly Job[]; log: Logger }): RunningJobs;
}

interface Scheduled {
  job: Job;
  database: Database;
  log: Logger;
  dueAt: number;
  /** Ours until then, by this process's clock. */
  leasedUntil: number;
  running?: Promise<void> | undefined;
}

const MIN_LEASE_MS = 30_000;
/** Jobs that run every second or less often are due at whole seconds, so that their leases are taken together. */
const GRID_MS = 1_000;

/**
 * Starts the loop that runs the jobs of all services of a process: each in one process at a time (a lease row per job),
 * again after `everyMs`, at once while there is more to do. The leases of all jobs that are due are taken in one
 * statement, and kept until half of their time is gone. `database` may write the table `lease` of every schema.
 */
export const startJobs = ({ database }: { database: Queryable }): Jobs => {
  const holder = newUuid();
  const scheduled = new Set<Scheduled>();
  let timer: NodeJS.Timeout | undefined;

  const plan = (): void => {
    clearTimeout(timer);
    const next = Math.min(...[...scheduled].filter(({ running }) => !running).map(({ dueAt }) => dueAt));
    if (next < Infinity) timer = setTimeout(runDue, Math.max(0, next - Date.now()));
  };

  const runDue = (): void => {
    const now = Date.now();
    const due = [...scheduled].filter(({ dueAt, running }) => !running && dueAt <= now);
    const schemas = [...new Set([...scheduled].map((entry) => entry.database.schema))];
    const leased = holdLeases(database, { due, schemas, holder });
    for (const entry of due) {
      entry.running = leased
        .then(() => run(entry))
        .then((hasMore) => {
          entry.running = undefined;
          entry.dueAt = hasMore ? Date.now() : timeAfter(Date.now() + entry.job.everyMs, entry.job);
          plan();
        });
    }
    plan();
  };

  return {
    add: ({ database: own, jobs, log }) => {
      const entries = jobs.map((job): Scheduled => ({
        job,
        database: own,
        log,
        dueAt: job.everyMs < GRID_MS ? Date.now() : timeAfter(Date.now() + GRID_MS, job),
        leasedUntil: -Infinity,
      }));
      for (const entry of entries) scheduled.add(entry);
      plan();
      return {
        stop: async () => {
          for (const entry of entries) scheduled.delete(entry);
          plan();
          for (const { running } of entries) await running;
          await Promise.all(entries.map((entry) => giveBack(entry, holder)));
        },
      };
    },
  };
};

/** The moment itself, or the whole second before it. */
const timeAfter = (moment: number, { everyMs }: Job): number =>
  everyMs < GRID_MS ? moment : moment - (moment % GRID_MS);

const leaseOf = ({ job, database }: Scheduled): WantedLease => ({
  schema: database.schema,
  name: `job:${job.name}`,
  milliseconds: Math.max(MIN_LEASE_MS, 2 * job.everyMs),
});

/** Makes sure of the leases of jobs that are due, where half of their time is gone. */
const holdLeases = async (
  database: Queryable,
  { due, schemas, holder }: { due: readonly Scheduled[]; schemas: readonly string[]; holder: string },
): Promise<void> => {
  const asked = Date.now();
  const wanted = due.filter((entry) => entry.leasedUntil - asked < leaseOf(entry).milliseconds / 2);
  if (wanted.length === 0) return;
  const key = ({ schema, name }: Pick<WantedLease, 'schema' | 'name'>): string => `${schema} ${name}`;
  const taken = await takeLeases(database, schemas, wanted.map(leaseOf), holder)
    // One schema that cannot be written must not keep the others' jobs from running.
    .catch(() => takeOneByOne(wanted, holder));
  const names = new Set(taken.map(key));
  for (const entry of wanted)
    entry.leasedUntil = names.has(key(leaseOf(entry))) ? asked + leaseOf(entry).milliseconds : -Infinity;
};

const takeOneByOne = async (wanted: readonly Scheduled[], holder: string): Promise<WantedLease[]> => {
  const taken = await Promise.all(
    wanted.map(async (entry) => {
      const lease = leaseOf(entry);
      const isTaken = await takeLease(entry.database, lease.name, holder, lease.milliseconds).catch(
        (error: unknown) => (warn(entry, error), false),
      );
      return isTaken ? [lease] : [];
    }),
  );
  return taken.flat();
};

/** Runs a job whose lease is ours; true when there is more to do. */
const run = async (entry: Scheduled): Promise<boolean> => {
  if (entry.leasedUntil < Date.now()) return false;
  try {
    return (await entry.job.run()) === true;
  } catch (error) {
    warn(entry, error);
    return false;
  }
};

const warn = ({ job, log }: Scheduled, error: unknown): void =>
  log.warn({ err: error, job: job.name }, 'a job failed and will be tried again');

const giveBack = async (entry: Scheduled, holder: string): Promise<void> => {
  if (entry.leasedUntil > -Infinity)
    await releaseLease(entry.database, leaseOf(entry).name, holder).catch(() => undefined);
};
