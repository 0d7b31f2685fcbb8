import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { InFlightEntry, InFlightLimits, InFlightWindow } from '../../microservices/chassis/kafka/in-flight.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import type { Committing } from './commit.ts';
import type { StartOffset } from './start-position.ts';
import { asError } from './time.ts';

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

/** What is going on in one consumer. */
export interface Reading {
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

/** The group rebalances or the connection is lost: nothing new begins until we have joined again. */
export const pauseStarting = (reading: Reading): void => {
  if (reading.state === 'reading') reading.state = 'paused';
};

/** After a join: what was taken from us is let go, what is left goes on where it was. */
export const keepAssigned = (reading: Reading, assignment: Record<string, number[]>): void => {
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

/** Takes a fetched batch into the window, and pauses its partition when there is no room for more. */
export const takeIn = async (reading: Reading, payload: EachBatchPayload): Promise<void> => {
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
