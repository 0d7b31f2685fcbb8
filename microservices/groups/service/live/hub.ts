import { isLive, type Counters } from './counters.ts';

/** Somebody who looks at a team. */
export interface Watcher {
  /** Is told at each round, also where nothing changed. */
  tell: (counters: Counters) => void;
  /** Is told no more. */
  end: () => void;
}

interface HubOptions {
  read: (code: string) => Promise<Counters | undefined>;
  /** Milliseconds between two rounds. */
  everyMs: number;
  /** Watchers at most. */
  most: number;
  onError: (error: unknown) => void;
}

export interface Hub {
  /** False when there are as many watchers as there may be. */
  add: (code: string, watcher: Watcher) => boolean;
  remove: (code: string, watcher: Watcher) => void;
  /** Ends all watchers. */
  stop: () => Promise<void>;
}

/** Teams that are read at once: requests of customers come first. */
const AT_ONCE = 8;

/** Reads each team that is watched once a round, however many watch it, and nothing while nobody watches. */
export const createHub = ({ read, everyMs, most, onError }: HubOptions): Hub => {
  const watched = new Map<string, Set<Watcher>>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let count = 0;

  const remove = (code: string, watcher: Watcher): void => {
    const watchers = watched.get(code);
    if (!watchers?.delete(watcher)) return;
    count -= 1;
    if (watchers.size === 0) watched.delete(code);
  };
  const endAll = (code: string): void => {
    for (const watcher of watched.get(code) ?? []) {
      remove(code, watcher);
      watcher.end();
    }
  };
  const tellOf = async (code: string): Promise<void> => {
    const counters = await read(code);
    for (const watcher of watched.get(code) ?? []) if (counters) watcher.tell(counters);
    if (!counters || !isLive(counters)) endAll(code);
  };
  const round = async (): Promise<void> => {
    const codes = [...watched.keys()];
    for (let from = 0; from < codes.length; from += AT_ONCE)
      await Promise.all(codes.slice(from, from + AT_ONCE).map((code) => tellOf(code).catch(onError)));
    timer = undefined;
    schedule();
  };
  const schedule = (): void => {
    if (timer === undefined && watched.size > 0)
      timer = setTimeout(() => {
        running = round();
      }, everyMs).unref();
  };

  return {
    add: (code, watcher) => {
      if (count >= most) return false;
      watched.set(code, (watched.get(code) ?? new Set()).add(watcher));
      count += 1;
      schedule();
      return true;
    },
    remove,
    stop: async () => {
      for (const code of [...watched.keys()]) endAll(code);
      clearTimeout(timer);
      timer = undefined;
      await running;
    },
  };
};
