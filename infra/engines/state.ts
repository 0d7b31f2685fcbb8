import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended, RunningEngine } from './engine.ts';

/** Who keeps an engine running, and where it answers. */
export interface Kept extends Pick<RunningEngine, 'url' | 'credentials'> {
  /** The keeper's process; the engine ends with it. */
  keeper: number;
  startedAt: string;
}

/** An engine that ended unasked. */
export interface Died extends Ended {
  at: string;
}

const fileIn = (folder: string): string => join(folder, 'running.json');
const deathIn = (folder: string): string => join(folder, 'died.json');

export const writeKept = async (folder: string, kept: Kept): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await forgetDied(folder);
  // URLs hold passwords.
  await writeFile(fileIn(folder), JSON.stringify(kept, null, 2), { mode: 0o600 });
};

export const forgetKept = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });

/** In place of what ran there. */
export const writeDied = async (folder: string, died: Died): Promise<void> => {
  await writeFile(deathIn(folder), JSON.stringify(died, null, 2), { mode: 0o600 });
  await forgetKept(folder);
};

export const forgetDied = (folder: string): Promise<void> => rm(deathIn(folder), { force: true });

/** An engine that ended unexpectedly on a folder and has not been started again since. */
export const readDied = async (folder: string): Promise<Died | undefined> => {
  const text = await readFile(deathIn(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Died);
};

/** The engine that runs on a folder; undefined also when its keeper was killed. */
export const readKept = async (folder: string): Promise<Kept | undefined> => {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Kept;
  return (await isKeeper(kept.keeper)) ? kept : undefined;
};

/** Asks the keeper to end its engine, and waits until both are gone. */
export const endKept = async ({ keeper }: Kept): Promise<void> => {
  process.kill(keeper, 'SIGTERM');
  while (await isKeeper(keeper)) await sleep(50);
};

/** The number may have been given to another program since: where /proc tells what runs, it must be a keeper. */
const isKeeper = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' && process.platform === 'linux' ? '' : 'keeper.ts',
  );
  return command.includes('keeper.ts');
};
