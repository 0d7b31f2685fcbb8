import type { Consumer } from 'kafkajs';
import type { InFlightWindow } from '../in-flight.ts';
import type { ConsumeOptions } from './options.ts';
import { nameOf, partsOf } from './state.ts';

export interface Committing {
  /** A message was handled: commit soon, together with those that end now. */
  handled: () => void;
  /** Only messages that nobody wanted were passed. */
  skipped: () => void;
  /** The position that the broker acknowledged for a partition since it came to us. */
  committed: (partition: string) => bigint | undefined;
  forget: (partition: string) => void;
  /** Commits what is left. */
  stop: () => Promise<void>;
}

const AFTER_FAILURE_MS = 1_000;

type Options = Pick<ConsumeOptions, 'commitAfter' | 'metadata' | 'beforeCommit' | 'onTrouble'>;

/**
 * Commits the window's positions of the partitions that `isOurs` allows: one request at a time, and only what has
 * changed.
 */
export const startCommitting = (
  consumer: Consumer,
  window: InFlightWindow<unknown>,
  isOurs: (partition: string) => boolean,
  options: Options,
): Committing => {
  const acknowledged = new Map<string, bigint>();
  let planned: { at: number; timer: ReturnType<typeof setTimeout> } | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  // kafkajs drops commits silently while it is not connected: only this event says that one arrived.
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    for (const { topic, partitions } of payload.topics) {
      for (const { partition, offset } of partitions)
        acknowledged.set(nameOf(topic, partition), BigInt(String(offset)));
    }
  });

  const changed = () =>
    window.partitions().flatMap((name) => {
      const position = window.position(name);
      return position === undefined || acknowledged.get(name) === position || !isOurs(name) ? [] : [{ name, position }];
    });

  const plan = (delayMs: number): void => {
    const at = Date.now() + delayMs;
    if (stopped || (planned && planned.at <= at)) return;
    clearTimeout(planned?.timer);
    planned = { at, timer: setTimeout(() => void commit(), delayMs) };
  };

  const commitChanged = async (): Promise<void> => {
    const positions = changed();
    if (positions.length === 0) return;
    try {
      await options.beforeCommit?.();
      const offsets = positions
        .filter(({ name }) => isOurs(name))
        .map(({ name, position }) => ({
          ...partsOf(name),
          offset: String(position),
          metadata: options.metadata ?? null,
        }));
      if (offsets.length > 0) await consumer.commitOffsets(offsets);
    } catch (error) {
      options.onTrouble('commit', error);
    }
    if (changed().length > 0) plan(AFTER_FAILURE_MS);
  };

  const commit = (): Promise<void> => {
    clearTimeout(planned?.timer);
    planned = undefined;
    running = running.then(commitChanged);
    return running;
  };

  return {
    handled: () => plan(options.commitAfter.handled),
    skipped: () => plan(options.commitAfter.skipped),
    committed: (partition) => acknowledged.get(partition),
    forget: (partition) => acknowledged.delete(partition),
    stop: () => {
      stopped = true;
      return commit();
    },
  };
};
