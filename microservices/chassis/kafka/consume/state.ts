import type { Consumer } from 'kafkajs';
import type { InFlightEntry, InFlightWindow } from '../in-flight.ts';
import type { Committing } from './commit.ts';
import type { ConsumeOptions, ReceivedMessage } from './options.ts';

/** A message in the window. */
export interface Item {
  /**
   * Undefined once it is handled: a finished message may have to wait behind a slower one, and its memory is free then.
   */
  received: ReceivedMessage | undefined;
  bytes: number;
  weight: Weight;
  /** Its partition was taken away. */
  lost: boolean;
}

/** The unhandled bytes of one partition, while it is ours. */
export interface Weight {
  bytes: number;
}

/** One running consumer. Partitions go by name: "commerce.orders/3". */
export interface Engine {
  options: ConsumeOptions;
  consumer: Consumer;
  window: InFlightWindow<Item>;
  committing: Committing;
  /**
   * "rebalancing" also while the connection is lost: nothing is taken in and nothing starts until the group was joined
   * again.
   */
  state: 'beginning' | 'reading' | 'rebalancing' | 'stopping';
  memberId: string;
  /** The present membership of the group; undefined while it rebalances or the connection is lost. */
  membership: object | undefined;
  assigned: Set<string>;
  /** Partitions of which the group's committed offset must be looked at before anything of them goes on. */
  unchecked: Set<string>;
  paused: Set<string>;
  /** The first offset that was read of a partition. */
  begun: Map<string, bigint>;
  weights: Map<string, Weight>;
  /** The messages that are handled right now. */
  tasks: Map<InFlightEntry<Item>, { cut: AbortController; finished: Promise<void> }>;
}

export const nameOf = (topic: string, partition: number): string => `${topic}/${partition}`;

export const partsOf = (name: string): { topic: string; partition: number } => {
  const slash = name.lastIndexOf('/');
  return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)) };
};

/** The offset to begin a partition with while the group has none. */
export const startOf = ({ startAt }: ConsumeOptions, name: string): bigint => {
  const { topic, partition } = partsOf(name);
  return BigInt(startAt?.[topic]?.[partition] ?? 0);
};

/** Forgets a partition that was taken away, or whose offsets are no longer those that were read. */
export const letGo = (engine: Engine, name: string): void => {
  for (const entry of engine.window.forget(name)) {
    entry.item.lost = true;
    engine.tasks.get(entry)?.cut.abort();
  }
  engine.committing.forget(name);
  engine.begun.delete(name);
  engine.weights.delete(name);
  engine.unchecked.delete(name);
};
