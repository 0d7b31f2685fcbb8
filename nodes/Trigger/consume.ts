import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import {
  createInFlightWindow,
  type InFlightEntry,
  type InFlightLimits,
  type InFlightWindow,
} from '../../microservices/chassis/contract/in-flight.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import { startCommitting, type Committing } from './commit.ts';
import type { StartOffset } from './start-position.ts';
import { asError, atMost } from './time.ts';

/** A message that a workflow waits for. */
export interface Received {
  topic: string;
  partition: number;
  message: KafkaMessage;
  /** Aborted when its partition was taken away or the trigger stops: no new attempt is begun. */
  signal: AbortSignal;
}

export interface ConsumeOptions {
  kafka: Kafka;
  group: string;
  topics: readonly string[];
  types: ReadonlySet<string>;
  limits: InFlightLimits;
  /** Offsets to begin at, where the group's own do not count; set before the first message is taken. */
  begin: readonly StartOffset[];
  /** Stands beside every committed offset. */
  metadata: string;
  /** Sees a message through. "finished" lets its offset go; "left" keeps it for the next who reads the partition. */
  handle: (received: Received) => Promise<'finished' | 'left'>;
  /** The broker answered: a fetch, a heartbeat, a commit, a join. */
  onSign: () => void;
  /** kafkajs gave up for good. */
  onEnd: (error: Error) => void;
  onWarning: (message: string, error: unknown) => void;
}

export interface Consuming {
  /** No new journey begins; waits for those that run, but not longer than `drainMs`; commits; leaves the group. */
  stop: (drainMs: number) => Promise<void>;
  unfinished: () => number;
}

const SESSION_TIMEOUT_MS = 20_000;
/** How long an idle fetch is held, and so how long a paused consumer takes to notice that it may go on. */
const MAX_WAIT_MS = 1_000;
const MAX_BYTES_PER_PARTITION = 256 * 1024;
const STOP_MS = 5_000;
const BEGIN_AGAIN_MS = 500;
const BEGIN_TRIES = 60;

interface Reading {
  options: ConsumeOptions;
  consumer: Consumer;
  window: InFlightWindow<Received>;
  committing: Committing;
  /** What aborts the journeys of a partition. */
  leases: Map<string, AbortController>;
  /** The first offset that was read of a partition. */
  begun: Map<string, bigint>;
  /** "paused" while the group rebalances or the connection is lost: what is taken in waits. */
  state: 'beginning' | 'reading' | 'paused' | 'stopping';
  /** The messages that are seen through right now. */
  active: Set<Promise<void>>;
}

/**
 * Reads the topics as one consumer group. A batch is taken into the window and the fetch goes on at once, so that a slow journey holds up neither other
 * partitions nor the heartbeats; a partition without room is paused. Offsets are committed up to the last event before which all are finished.
 */
export const consume = async (options: ConsumeOptions): Promise<Consuming> => {
  const consumer = options.kafka.consumer({
    groupId: options.group,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 3_000,
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    allowAutoTopicCreation: false,
    retry: {
      initialRetryTime: 200,
      maxRetryTime: 5_000,
      retries: 10,
      restartOnFailure: async () => reading.state !== 'stopping',
    },
  });
  const window = createInFlightWindow<Received>(options.limits);
  const reading: Reading = {
    options,
    consumer,
    window,
    committing: startCommitting(consumer, window, options),
    leases: new Map(),
    begun: new Map(),
    state: 'beginning',
    active: new Set(),
  };
  listen(reading);
  await consumer.connect();
  // Where retention has removed what we would read next, go on with what is left of it, never behind it.
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
  const joined = consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 1,
    eachBatch: (payload) => takeIn(reading, payload),
  });
  const ready = joined.then(() => begin(reading)).catch((error: unknown) => options.onEnd(asError(error)));
  return { stop: (drainMs) => stop(reading, ready, drainMs), unfinished: () => window.unfinished() };
};

const listen = (reading: Reading): void => {
  const { consumer, options } = reading;
  const { events } = consumer;
  for (const sign of [events.FETCH, events.HEARTBEAT, events.COMMIT_OFFSETS]) consumer.on(sign, options.onSign);
  consumer.on(events.REBALANCING, () => pauseStarting(reading));
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    options.onSign();
    keepAssigned(reading, payload.memberAssignment);
  });
  consumer.on(events.CRASH, ({ payload }) => {
    pauseStarting(reading);
    if (!payload.restart && reading.state !== 'stopping') options.onEnd(payload.error);
  });
};

const pauseStarting = (reading: Reading): void => {
  if (reading.state === 'reading') reading.state = 'paused';
};

/** After a join: what was taken from us is let go, what is left goes on where it was. */
const keepAssigned = (reading: Reading, assignment: Record<string, number[]>): void => {
  const assigned = new Set(
    Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((number) => `${topic}/${number}`)),
  );
  for (const partition of reading.window.partitions()) if (!assigned.has(partition)) letGo(reading, partition);
  if (reading.state === 'stopping') return;
  reading.consumer.resume(Object.keys(assignment).map((topic) => ({ topic })));
  if (reading.state !== 'paused') return;
  reading.state = 'reading';
  startWhatMay(reading);
};

const letGo = (reading: Reading, partition: string): void => {
  reading.window.forget(partition);
  reading.committing.forget(partition);
  reading.leases.get(partition)?.abort();
  reading.leases.delete(partition);
  reading.begun.delete(partition);
};

/** Sets the group to where it has to begin; only then messages are taken in. */
const begin = async (reading: Reading): Promise<void> => {
  const { consumer, options, committing } = reading;
  const isSet = ({ topic, partition, offset }: StartOffset): boolean =>
    committing.committed(`${topic}/${partition}`) === BigInt(offset);
  for (let tries = 0; reading.state === 'beginning' && !options.begin.every(isSet); tries += 1) {
    if (tries > 0) await sleep(BEGIN_AGAIN_MS);
    await consumer
      .commitOffsets(options.begin.map((start) => ({ ...start, metadata: options.metadata })))
      .catch((error: unknown) => {
        if (tries === BEGIN_TRIES) throw error;
      });
  }
  for (const start of options.begin) consumer.seek(start);
  if (reading.state === 'beginning') reading.state = 'reading';
};

const takeIn = async (reading: Reading, payload: EachBatchPayload): Promise<void> => {
  // Not resolved, so it comes again.
  if (reading.state !== 'reading' || payload.isStale()) return sleep(50);
  const { window, options } = reading;
  const { batch } = payload;
  const { topic, partition } = batch;
  const name = `${topic}/${partition}`;
  const [first] = batch.messages;
  if (first) noticeNewBeginning(reading, name, BigInt(first.offset));
  const { signal } = leaseOf(reading, name);
  for (const message of batch.messages) {
    const offset = BigInt(message.offset);
    if (options.types.has(typeOf(message) ?? '')) {
      window.add(name, offset, message.key?.toString() ?? null, { topic, partition, message, signal });
    } else window.skip(name, offset);
  }
  window.skip(name, BigInt(batch.lastOffset()));
  payload.resolveOffset(batch.lastOffset());
  if (!window.hasRoom(name)) reading.consumer.pause([{ topic, partitions: [partition] }]);
  startWhatMay(reading);
  reading.committing.later();
};

/** An offset before the one we began at means that the topic was made anew or the group was set back: begin anew too. */
const noticeNewBeginning = (reading: Reading, partition: string, offset: bigint): void => {
  const begun = reading.committing.committed(partition) ?? reading.begun.get(partition);
  if (begun !== undefined && offset < begun) letGo(reading, partition);
  if (!reading.begun.has(partition)) reading.begun.set(partition, offset);
};

const leaseOf = (reading: Reading, partition: string): AbortController => {
  const known = reading.leases.get(partition);
  if (known) return known;
  const lease = new AbortController();
  reading.leases.set(partition, lease);
  return lease;
};

const startWhatMay = (reading: Reading): void => {
  if (reading.state !== 'reading') return;
  for (const entry of reading.window.start()) {
    const seen = see(reading, entry).finally(() => reading.active.delete(seen));
    reading.active.add(seen);
  }
};

/** Sees one message through, then lets the next of its key and its partition go on. */
const see = async (reading: Reading, entry: InFlightEntry<Received>): Promise<void> => {
  const { window, options } = reading;
  const { topic, partition, signal } = entry.item;
  const result = await options.handle(entry.item).catch((error: unknown) => {
    options.onEnd(asError(error));
    return 'left' as const;
  });
  // What was left keeps its place, so that its offset stays; unless the partition is no longer ours.
  const lost = signal.aborted && reading.state !== 'stopping';
  if (result === 'finished' || lost) window.finish(entry);
  if (window.hasRoom(entry.partition)) resume(reading, topic, partition);
  reading.committing.soon();
  startWhatMay(reading);
};

const resume = ({ consumer, state }: Reading, topic: string, partition: number): void => {
  if (state === 'stopping') return;
  const isPaused = consumer.paused().some((paused) => paused.topic === topic && paused.partitions.includes(partition));
  if (isPaused) consumer.resume([{ topic, partitions: [partition] }]);
};

const stop = async (reading: Reading, ready: Promise<void>, drainMs: number): Promise<void> => {
  const { consumer, options } = reading;
  reading.state = 'stopping';
  for (const lease of reading.leases.values()) lease.abort();
  await atMost(ready, STOP_MS);
  // Heartbeats go on while the running journeys end.
  consumer.pause(options.topics.map((topic) => ({ topic })));
  await atMost(Promise.all(reading.active), drainMs);
  await atMost(reading.committing.stop(), STOP_MS);
  await atMost(consumer.stop(), STOP_MS);
  await atMost(consumer.disconnect(), STOP_MS);
};
