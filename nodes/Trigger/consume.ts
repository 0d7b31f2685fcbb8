import { setTimeout as sleep } from 'node:timers/promises';
import { createInFlightWindow } from '../../microservices/chassis/kafka/in-flight.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { startCommitting } from './commit.ts';
import { keepAssigned, pauseStarting, takeIn, type ConsumeOptions, type Reading, type Received } from './reading.ts';
import type { StartOffset } from './start-position.ts';
import { asError, atMost } from './time.ts';

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

/**
 * Reads the topics as one consumer group. A batch is taken into the window and the fetch goes on at once, so that a slow journey holds up neither other
 * partitions nor the heartbeats; a partition without room is paused. Offsets are committed up to the last event before which all are finished.
 */
export const consume = async (options: ConsumeOptions): Promise<Consuming> => {
  const consumer = openConsumer(options.kafka, {
    groupId: options.group,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 3_000,
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
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

/** Heartbeats go on while the running journeys end. */
const pause = ({ consumer, options }: Reading): void => {
  try {
    consumer.pause(options.topics.map((topic) => ({ topic })));
  } catch {
    // It is not in its group, as while Kafka is away: then it reads nothing that could be paused.
  }
};

const stop = async (reading: Reading, ready: Promise<void>, drainMs: number): Promise<void> => {
  const { consumer } = reading;
  reading.state = 'stopping';
  for (const lease of reading.leases.values()) lease.abort();
  await atMost(ready, STOP_MS);
  pause(reading);
  await atMost(Promise.all(reading.active), drainMs);
  await atMost(reading.committing.stop(), STOP_MS);
  await atMost(consumer.disconnect(), STOP_MS);
};
