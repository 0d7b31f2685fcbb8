import { setTimeout as sleep } from 'node:timers/promises';
import type { Flow } from '../../../chassis/events/flow.ts';
import type { Context } from '../../context.ts';

const AGAIN_MS = 5_000;
const LOOK_MS = 5_000;

/** Keeps a flow running until it is stopped: one that ends or shows no sign of life is followed by another. */
export const keepFlowing = (
  { log }: Pick<Context, 'log'>,
  open: () => Flow,
  complaint: string,
): { stop: () => Promise<void> } => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const flow = open();
        await Promise.race([flow.started, aborted(signal)]);
        while (!signal.aborted && flow.isAlive()) await nap(LOOK_MS, signal);
        await flow.stop(0);
      } catch (err) {
        log.warn({ err }, complaint);
        await nap(AGAIN_MS, signal);
      }
    }
  };
  const finished = follow();
  return {
    stop: async () => {
      stopping.abort();
      await finished;
    },
  };
};

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));

const nap = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
