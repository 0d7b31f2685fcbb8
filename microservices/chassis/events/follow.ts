import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedMessage, StartOffsets } from '../kafka/consume/options.ts';
import type { Logger } from '../telemetry/log.ts';
import { fromMessage, typeOf, type CommerceEvent } from './envelope.ts';
import type { Flow } from './flow.ts';
import type { Streams } from './streams.ts';

export interface FollowOptions {
  streams: Streams;
  topic: string;
  /** Reads from the events of this moment on. */
  since: () => Date;
  types: readonly string[];
  /** Learns one event; may see one again. One that it throws on is logged and passed over. */
  onEvent: (event: CommerceEvent) => void;
  log: Logger;
}

export interface Following {
  /** Resolves when every event is learned that was there at the beginning, or it was stopped. */
  caughtUp: Promise<void>;
  stop(): Promise<void>;
}

const LOOK_AFTER_MS = 5_000;

/**
 * Lets this one process learn every event of some types, recent ones first and then as they come, to keep in memory: a
 * consumer group of its own, which it forgets at the end. Begins again by itself when Kafka was away.
 */
export const follow = (options: FollowOptions): Following => {
  const group = `follow-${randomUUID()}`;
  const stopping = new AbortController();
  const { signal } = stopping;
  const caughtUp = Promise.withResolvers<void>();
  const goesOn = (async () => {
    while (!signal.aborted) {
      const failed = (err: unknown): void =>
        options.log.warn({ err, topic: options.topic }, 'events cannot be followed; trying again');
      const flow = await begin(options, group, caughtUp.resolve).catch(failed);
      // Not waited for, so that it can be stopped while it joins.
      flow?.started.catch(failed);
      do await sleep(LOOK_AFTER_MS, undefined, { signal }).catch(() => undefined);
      while (flow?.isAlive() && !signal.aborted);
      await flow?.stop(0);
    }
    // A group that cannot be forgotten now is forgotten by the broker later.
    await options.streams.forgetGroup(group).catch(() => undefined);
  })();
  return {
    caughtUp: caughtUp.promise,
    stop: () => {
      stopping.abort();
      caughtUp.resolve();
      return goesOn;
    },
  };
};

/** A flow that is starting. */
const begin = async (options: FollowOptions, group: string, onCaughtUp: () => void): Promise<Flow> => {
  const { streams, topic, types } = options;
  const ends = await streams.offsetsAt([topic], 'latest');
  const startAt = await streams.offsetsAt([topic], options.since());
  const progress = watchProgress(startAt[topic] ?? {}, ends[topic] ?? {}, onCaughtUp);
  return streams.consume({
    group,
    topics: [topic],
    startAt,
    limits: { overall: 1_000, perPartition: 1_000 },
    wants: ({ message, partition }) => {
      const isWanted = types.includes(typeOf(message) ?? '');
      progress.seen(partition, BigInt(message.offset), isWanted);
      return isWanted;
    },
    handle: async (received) => {
      learn(options, received);
      progress.handled(received.partition, BigInt(received.message.offset));
      return 'done';
    },
  });
};

const learn = ({ onEvent, log }: FollowOptions, { topic, partition, message }: ReceivedMessage): void => {
  try {
    onEvent(fromMessage(message));
  } catch (err) {
    log.warn({ err, topic, partition, offset: message.offset }, 'an event could not be followed; it is passed over');
  }
};

type Offsets = StartOffsets[string];

/**
 * Calls back once all that lay between two places of a topic's partitions was seen, and handled where it was wanted.
 */
const watchProgress = (from: Offsets, to: Offsets, onReached: () => void) => {
  const missing = new Map(
    Object.entries(to)
      .filter(([partition, end]) => BigInt(from[Number(partition)] ?? 0) < BigInt(end))
      .map(([partition, end]) => [Number(partition), BigInt(end)]),
  );
  const open = new Set<string>();
  const check = (): void => {
    if (missing.size === 0 && open.size === 0) onReached();
  };
  check();
  return {
    seen: (partition: number, offset: bigint, isWanted: boolean): void => {
      const end = missing.get(partition);
      if (end === undefined) return;
      if (isWanted) open.add(`${partition}/${offset}`);
      if (offset + 1n >= end) missing.delete(partition);
      check();
    },
    handled: (partition: number, offset: bigint): void => {
      if (open.delete(`${partition}/${offset}`)) check();
    },
  };
};
