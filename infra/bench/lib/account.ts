import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { BenchPlatform } from './platform.ts';

/** Costs of one operation that do not depend on the machine. */
export interface Account {
  /** How often operations waited for PostgreSQL, and statements they sent. */
  roundTrips: number;
  statements: number;
  /** Bytes that PostgreSQL wrote to its log, with the pages that it copies there after a checkpoint. */
  walBytes: number;
  /** Writes of the platform's process, to sockets and files; undefined where there is no /proc (macOS). */
  writes: number | undefined;
}

export interface Accountant {
  /** Counts from now on; the returned function gives the costs per operation. */
  begin(): Promise<(operations: number) => Promise<Account>>;
  close(): Promise<void>;
}

const COST = /^database_(round_trips|statements)_total\{[^}]*\} (\d+)$/gm;

/** Counts what a platform does, with everything that goes on in the background: relay, jobs, consumers. */
export const openAccount = async (platform: BenchPlatform): Promise<Accountant> => {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const walBytes = async (): Promise<number> => {
    const { rows } = await client.query<{ bytes: number }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
    );
    return rows[0]?.bytes ?? 0;
  };
  const now = async (): Promise<Account> => ({
    ...(await costsOf(platform)),
    walBytes: await walBytes(),
    writes: await writesOf(platform.pid),
  });
  return {
    begin: async () => {
      const before = await now();
      return async (operations) => {
        const after = await now();
        const each = (count: (account: Account) => number): number => (count(after) - count(before)) / operations;
        return {
          roundTrips: each(({ roundTrips }) => roundTrips),
          statements: each(({ statements }) => statements),
          walBytes: each((account) => account.walBytes),
          writes: before.writes === undefined ? undefined : each(({ writes = 0 }) => writes),
        };
      };
    },
    close: () => client.end(),
  };
};

/** Of all operations since the start, as the metrics say. */
const costsOf = async ({ url, adminKey }: BenchPlatform): Promise<{ roundTrips: number; statements: number }> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${adminKey}` } });
  const found = [...(await response.text()).matchAll(COST)];
  const sum = (of: string): number =>
    found.reduce((all, [, what, count]) => all + (what === of ? Number(count) : 0), 0);
  return { roundTrips: sum('round_trips'), statements: sum('statements') };
};

/** proc(5): `syscw` in /proc/PID/io is the number of write system calls. */
const writesOf = async (pid: number): Promise<number | undefined> => {
  const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  const count = /^syscw: (\d+)$/m.exec(io)?.[1];
  return count === undefined ? undefined : Number(count);
};
