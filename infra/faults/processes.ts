import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const root = new URL('../../', import.meta.url).pathname;

/** A process of ours that a fault test may kill at any instant. */
export interface Victim {
  pid: number;
  /** The end of its error output, for the report when it ends unexpectedly. */
  errors(): string;
  /** kill -9: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  isAlive(): boolean;
}

/** Starts a TypeScript entry of the repository as its own process; ready when `ready` answers true. */
export const startProcess = async (
  entry: string,
  args: readonly string[],
  ready: () => Promise<boolean>,
): Promise<Victim> => {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'fatal' },
  });
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errorOutput = (errorOutput + chunk).slice(-4_000)));
  const victim = asVictim(child, () => errorOutput);
  for (let waited = 0; !(await ready()); waited += 25) {
    if (!victim.isAlive())
      throw new Error(`${entry} ended with code ${child.exitCode} before it was ready: ${errorOutput}`);
    if (waited > 60_000) throw new Error(`${entry} was not ready after 60 s: ${errorOutput}`);
    await sleep(25);
  }
  return victim;
};

/** Whatever ends this run, nothing that it started goes on. */
const started = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

const asVictim = (child: ChildProcess, errors: () => string): Victim => {
  started.add(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => started.delete(child));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    errors,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
  };
};
