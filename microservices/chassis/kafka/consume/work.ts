import { setTimeout as sleep } from 'node:timers/promises';
import type { InFlightEntry } from '../in-flight.ts';
import { makeRoom } from './room.ts';
import type { Engine, Item } from './state.ts';

const AGAIN_MS = 1_000;

/** Starts every message that the limits and the order of its key allow. */
export const startAllowed = (engine: Engine): void => {
  if (engine.state !== 'reading') return;
  for (const entry of engine.window.start()) {
    const cut = new AbortController();
    const finished = see(engine, entry, cut.signal).finally(() => {
      engine.tasks.delete(entry);
      startAllowed(engine);
    });
    engine.tasks.set(entry, { cut, finished });
  }
};

/** Handles one message, then lets the next of its key and its partition go on. */
const see = async (engine: Engine, entry: InFlightEntry<Item>, signal: AbortSignal): Promise<void> => {
  const { item } = entry;
  const result = await handle(engine, item, signal);
  // Abandoned work keeps its place, so that the position stays; unless the partition is no longer ours: then its key is
  // free again.
  if (result === 'left' && !item.lost) return;
  item.received = undefined;
  item.weight.bytes -= item.bytes;
  engine.window.finish(entry);
  makeRoom(engine);
  engine.committing.handled();
};

const handle = async ({ options }: Engine, { received }: Item, signal: AbortSignal): Promise<'done' | 'left'> => {
  while (received && !signal.aborted) {
    try {
      return await options.handle(received, signal);
    } catch (error) {
      options.onTrouble('handle', error);
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return 'left';
};
