import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, isRunning, startOf } from '../local/running-process.ts';
import type { Ended, RunningEngine } from './engine.ts';

/** Who keeps an engine running, and where it answers. */
export interface Kept extends Pick<RunningEngine, 'url' | 'credentials'> {
  /** The keeper's process; the engine ends with it. */
  keeper: number;
  /** When that process started, as the system writes it. Notes of older versions are without. */
  keeperStart?: string;
  startedAt: string;
}

/** An engine that ended unasked. */
export interface Died extends Ended {
  at: string;
}

const fileIn = (folder: string): string => join(folder, 'running.json');
const deathIn = (folder: string): string => join(folder, 'died.json');

/** Notes an engine that this process keeps. */
export const writeKept = async (folder: string, engine: Omit<Kept, 'keeper' | 'keeperStart'>): Promise<void> => {
  const kept: Kept = { keeper: process.pid, keeperStart: await startOf(process.pid), ...engine };
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
  return (await isKept(kept)) ? kept : undefined;
};

/** Asks the keeper to end its engine, and waits until both are gone. */
export const endKept = async (kept: Kept): Promise<void> => {
  process.kill(kept.keeper, 'SIGTERM');
  while (await isKept(kept)) await sleep(50);
};

/**
 * The number may have been given to another program since, even to another keeper, which did not start when this one
 * did.
 */
const isKept = async ({ keeper, keeperStart }: Kept): Promise<boolean> => {
  if (!isRunning(keeper)) return false;
  return keeperStart === undefined
    ? (await commandOf(keeper)).includes('keeper.ts')
    : keeperStart === (await startOf(keeper));
};
