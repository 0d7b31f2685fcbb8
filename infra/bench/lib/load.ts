import type { Account, Accountant } from './account.ts';
import { cpuTimeOf } from './cpu.ts';

/** Result of a load run: operations per second, and milliseconds per operation. */
export interface Measured {
  count: number;
  perSecond: number;
  p50: number;
  p99: number;
  /**
   * Processor milliseconds per operation: the load generator or yardstick itself, the platform's process, PostgreSQL.
   */
  cpu?: { bench: number; platform: number; postgres: number } | undefined;
  account?: Account | undefined;
}

export interface Load {
  /** So many at once, each beginning the next operation when one is done (closed loop). */
  concurrency: number;
  /** Number of operations. */
  total: number;
  work: (index: number) => Promise<unknown>;
  /** The platform's process id, to measure the cost per operation there. */
  pid: number;
  /** Given where the platform does the work, to count what an operation costs on any machine. */
  account?: Accountant | undefined;
}

/** Drives a load to its end. The first failure ends it: a bench of failures measures nothing. */
export const drive = async ({ concurrency, total, work, pid, account }: Load): Promise<Measured> => {
  const times = new Float64Array(total);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) {
      const index = next++;
      const started = performance.now();
      await work(index);
      times[index] = performance.now() - started;
    }
  };
  const counted = await account?.begin();
  const cpu = startCpu(pid);
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - started) / 1000;
  return { ...summarize(times, seconds), cpu: cpu(total), account: await counted?.(total) };
};

/** Counts processor time from now on; the returned function gives it per operation. */
export const startCpu = (pid: number): ((operations: number) => Measured['cpu']) => {
  const [mine, theirs] = [process.cpuUsage(), cpuTimeOf(pid)];
  return (operations) => {
    const [spent, now] = [process.cpuUsage(mine), cpuTimeOf(pid)];
    if (!theirs || !now) return undefined;
    const each = (seconds: number): number => (seconds * 1_000) / operations;
    return {
      bench: each((spent.user + spent.system) / 1e6),
      platform: each(now.own - theirs.own),
      postgres: each(now.below - theirs.below),
    };
  };
};

/** Percentiles by the nearest-rank method. */
export const summarize = (milliseconds: Float64Array, seconds: number): Measured => {
  const sorted = milliseconds.toSorted();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, perSecond: sorted.length / seconds, p50: at(0.5), p99: at(0.99) };
};
