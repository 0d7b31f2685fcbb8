/**
 * Keeps one engine running after `npm run engines -- up` has ended: `node keeper.ts NAME FOLDER`. It tells its parent,
 * as long as that listens, what happens; on SIGTERM it ends the engine cleanly. However it ends, the engine ends with
 * it; when the engine ends unasked, the keeper writes down how, and ends too.
 */
import { enginesNamed } from './all.ts';
import type { RunningEngine } from './engine.ts';
import { forgetKept, writeDied, writeKept } from './state.ts';

/** The message of a keeper to the process that started it. */
export type KeeperMessage =
  { say: string } | { done: string; where: string } | { running: string } | { failed: string };

const [name = '', folder = ''] = process.argv.slice(2);
const tell = (message: KeeperMessage): void => {
  if (process.connected) process.send?.(message);
};
const progress = {
  say: (line: string) => tell({ say: line }),
  done: (done: string, where = '') => tell({ done, where }),
};

let asked = false;
let end: () => Promise<void> = async () => undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    asked = true;
    void end()
      .then(() => forgetKept(folder))
      .then(() => process.exit(0));
  });

const watch = async (running: RunningEngine): Promise<void> => {
  const ended = await running.ended;
  if (asked) return;
  const at = new Date().toISOString();
  // An engine of several processes has others left.
  await running.stop();
  await writeDied(folder, { ...ended, at });
  process.exit(1);
};

try {
  const [engine] = enginesNamed([name]);
  if (!engine) throw new Error('The first argument names no engine.');
  const running = await engine.start({ folder, progress });
  end = () => running.stop();
  const { url, credentials } = running;
  const startedAt = new Date().toISOString();
  await writeKept(folder, { url, startedAt, ...(credentials ? { credentials } : {}) });
  tell({ running: url });
  process.disconnect();
  void watch(running);
  // Nothing else holds this process when the engine's pipes are quiet.
  setInterval(() => undefined, 2 ** 30);
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
