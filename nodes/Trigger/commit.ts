import type { Consumer } from 'kafkajs';
import type { InFlightWindow } from '../../microservices/chassis/kafka/in-flight.ts';

export interface Committing {
  /** A journey ended: commit at once, or together with those that end now. */
  soon: () => void;
  /** Only events that nobody wanted were passed: no hurry. */
  later: () => void;
  /** What the broker has acknowledged for a partition since it came to us. */
  committed: (partition: string) => bigint | undefined;
  forget: (partition: string) => void;
  /** Commits what is left. */
  stop: () => Promise<void>;
}

const SOON_MS = 100;
const LATER_MS = 2_000;
const AFTER_FAILURE_MS = 1_000;

/** Commits the window's positions: one request at a time, and only what has changed. */
export const startCommitting = (
  consumer: Consumer,
  window: InFlightWindow<unknown>,
  { metadata, onWarning }: { metadata: string; onWarning: (message: string, error: unknown) => void },
): Committing => {
  const acknowledged = new Map<string, bigint>();
  let planned: { at: number; timer: ReturnType<typeof setTimeout> } | undefined;
  let flight: Promise<void> | undefined;
  let stopped = false;

  // kafkajs drops commits silently while it is not connected: only this event says that one arrived.
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    for (const { topic, partitions } of payload.topics) {
      for (const { partition, offset } of partitions) acknowledged.set(`${topic}/${partition}`, BigInt(String(offset)));
    }
  });

  const changed = () =>
    window.partitions().flatMap((name) => {
      const position = window.position(name);
      if (position === undefined || acknowledged.get(name) === position) return [];
      const slash = name.lastIndexOf('/');
      return [
        { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)), offset: String(position), metadata },
      ];
    });

  const plan = (delayMs: number): void => {
    const at = Date.now() + delayMs;
    if (stopped || (planned && planned.at <= at)) return;
    clearTimeout(planned?.timer);
    planned = { at, timer: setTimeout(() => void commit(), delayMs) };
  };

  const commit = async (): Promise<void> => {
    clearTimeout(planned?.timer);
    planned = undefined;
    await flight;
    const offsets = changed();
    if (offsets.length === 0) return;
    flight = consumer.commitOffsets(offsets).catch((error: unknown) => {
      onWarning('Offsets could not be committed; they will be, with the next ones', error);
    });
    await flight;
    flight = undefined;
    if (changed().length > 0) plan(AFTER_FAILURE_MS);
  };

  return {
    soon: () => plan(SOON_MS),
    later: () => plan(LATER_MS),
    committed: (partition) => acknowledged.get(partition),
    forget: (partition) => acknowledged.delete(partition),
    stop: async () => {
      stopped = true;
      await commit();
    },
  };
};
