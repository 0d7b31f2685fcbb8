import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../process/progress.ts';
import { answers } from './answers.ts';
import type { Engine } from './engine.ts';
import type { KeeperMessage } from './keeper.ts';
import { memoryOf } from './memory.ts';
import { endKept, forgetDied, readDied, readKept, type Died, type Kept } from './state.ts';

const keeperFile = fileURLToPath(new URL('keeper.ts', import.meta.url));
const folderOf = (data: string, { name }: Engine): string => join(data, name);

export interface Up {
  engine: Engine;
  kept: Kept;
}

/**
 * Starts what does not run yet, side by side; returns all of them. When one fails, those of this call are ended again,
 * and its words are thrown.
 */
export const up = async (engines: readonly Engine[], data: string, progress: Progress): Promise<Up[]> => {
  const mine: ChildProcess[] = [];
  // Whatever ends us before all are up, Ctrl-C too, leaves nothing half started.
  const endMine = (): void => mine.forEach((keeper) => keeper.kill('SIGTERM'));
  const interrupted = (): void => {
    endMine();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    const started = engines.map(async (engine) => {
      const folder = folderOf(data, engine);
      const before = await readKept(folder);
      if (before) progress.done(engine.name, `runs already at ${before.url}`);
      else await startKeeper(engine, folder, progress, (keeper) => mine.push(keeper));
      const kept = before ?? (await readKept(folder));
      if (!kept) throw new Error(await endedEarly(engine, folder));
      return { engine, kept };
    });
    return await Promise.all(started);
  } catch (error) {
    endMine();
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
    mine.forEach((keeper) => keeper.unref());
  }
};

const endedEarly = async ({ title }: Engine, folder: string): Promise<string> => {
  const died = await readDied(folder);
  return `${title} ended right after its start${died ? ` (${died.how}): ${died.lastLines}` : '.'}`;
};

const startKeeper = async (
  { name }: Engine,
  folder: string,
  progress: Progress,
  onStart: (keeper: ChildProcess) => void,
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  // Of a session of its own, so that it outlives this terminal.
  const keeper = spawn(process.execPath, [keeperFile, name, folder], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  onStart(keeper);
  await new Promise<void>((resolve, reject) => {
    keeper.on('message', (message: KeeperMessage) => {
      if ('say' in message) progress.say(message.say);
      else if ('done' in message) progress.done(message.done, message.where);
      else if ('failed' in message) reject(new Error(message.failed));
      else {
        progress.done(name, message.running);
        resolve();
      }
    });
    keeper.once('error', reject);
    keeper.once('exit', (code) =>
      reject(new Error(`The keeper of ${name} ended with code ${code} before it was ready.`)),
    );
  });
};

/** Ends what runs of these engines; returns their names. */
export const down = async (engines: readonly Engine[], data: string, progress: Progress): Promise<string[]> => {
  const ended = engines.map(async (engine) => {
    const folder = folderOf(data, engine);
    const kept = await readKept(folder);
    await forgetDied(folder);
    if (!kept) return [];
    await endKept(kept);
    progress.done(engine.name, 'ended');
    return [engine.name];
  });
  return (await Promise.all(ended)).flat();
};

/**
 * A line for each engine: whether it runs, where, whether it answers, since when and with how much memory; of one that
 * died, how, and its last output.
 */
export const status = async (engines: readonly Engine[], data: string): Promise<string[]> =>
  Promise.all(
    engines.map(async (engine) => {
      const head = `${engine.name.padEnd(11)}${engine.title.padEnd(28)}`;
      const folder = folderOf(data, engine);
      const kept = await readKept(folder);
      if (!kept) return `${head}${inWords(await readDied(folder))}`;
      const [memory, alive] = [await memoryOf(kept.keeper), await answers(kept.url)];
      const state = alive ? 'answers' : `does not answer; see server.log in ${folder}`;
      return `${head}${kept.url}  ${state}, process ${kept.keeper}, ${memory} MB, since ${kept.startedAt}`;
    }),
  );

const SHOWN_LINES = 5;

const inWords = (died: Died | undefined): string => {
  if (!died) return 'does not run';
  const shown = died.lastLines.split('\n').slice(-SHOWN_LINES);
  return [`died at ${died.at} (${died.how}); its last output:`, ...shown.map((line) => `    ${line}`)].join('\n');
};
