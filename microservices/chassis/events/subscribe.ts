import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage, Producer } from 'kafkajs';
import { runInContext } from '../context.ts';
import type { Contract } from '../contract/index.ts';
import { isLockTimeout, isSerializationFailure, isUnavailable, type Database } from '../database/index.ts';
import { openConsumer } from '../kafka/consumer.ts';
import type { Logger } from '../telemetry/log.ts';
import { inSpan } from '../telemetry/tracing.ts';
import { commitWith } from '../transaction.ts';
import { Problem } from '../problem.ts';
import { sendToDeadLetters } from './dead-letter.ts';
import { fromMessage, typeOf, type CommerceEvent } from './envelope.ts';
import { unseen } from './inbox.ts';
import type { Reaction } from './reaction.ts';

const MAX_BATCH = 200;
const RETRY_DELAYS_MS = [50, 200, 800, 2_000];
const UNAVAILABLE_DELAY_MS = 1_000;

export interface SubscribeOptions {
  kafka: Kafka;
  producer: Producer;
  /** The consumer group: the service's name. */
  group: string;
  database: Database;
  contract: Contract;
  reactions: readonly Reaction[];
  log: Logger;
  fromBeginning?: boolean;
  /** How long an event waits before each further try; after the last it goes to the dead letters. */
  retryDelaysMs?: readonly number[];
  /** How long it waits each time that what it needs is away or busy. */
  unavailableDelayMs?: number;
  /** After a commit that may have appended events. */
  onCommit?: () => void;
  onHandled?: (outcome: 'applied' | 'duplicate' | 'dead-lettered', events: number) => void;
}

export interface Subscription {
  /**
   * Settles once it consumes. Rejects, and then nothing is left of it, when it could not begin; resolves when it is
   * stopped before.
   */
  joined: Promise<void>;
  /** Finishes the events in flight, commits their offsets, leaves the group. Also while it joins. */
  stop: () => Promise<void>;
}

/**
 * Consumes the topics of the reactions as one group. A batch of a partition is applied in one transaction together with
 * its inbox rows; should that fail, the events are taken one by one, each with bounded retries and then the dead-letter
 * topic, so that a poison message neither blocks its partition nor disappears. While the database is away nothing is
 * skipped: the partition waits. Offsets move after the commit only.
 */
export const subscribe = (options: SubscribeOptions): Subscription => {
  const consumer = openConsumer(options.kafka, {
    groupId: options.group,
    sessionTimeout: 30_000,
    rebalanceTimeout: 60_000,
    heartbeatInterval: 3_000,
    // How long an idle fetch is held by the broker, and so how long stopping can take.
    // A stop waits for the fetch in flight: a long poll here is a long goodbye there.
    maxWaitTimeInMs: 1_000,
  });
  let stopping = false;
  const joined = join(consumer, options).catch(async (error: unknown) => {
    if (stopping) return;
    await consumer.disconnect();
    throw error;
  });
  return {
    joined,
    stop: () => {
      stopping = true;
      return consumer.disconnect();
    },
  };
};

const join = async (consumer: Consumer, options: SubscribeOptions): Promise<void> => {
  await consumer.connect();
  await consumer.subscribe({
    topics: [...new Set(options.reactions.map((reaction) => reaction.topic))],
    fromBeginning: options.fromBeginning ?? true,
  });
  await consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: (payload) => consumeBatch(options, payload),
  });
};

type Wanted = { message: KafkaMessage; reactions: Reaction[] };

const consumeBatch = async (options: SubscribeOptions, payload: EachBatchPayload): Promise<void> => {
  const { batch } = payload;
  for (let start = 0; start < batch.messages.length; start += MAX_BATCH) {
    if (!payload.isRunning() || payload.isStale()) return;
    const slice = batch.messages.slice(start, start + MAX_BATCH);
    const wanted = slice
      .map((message) => ({ message, reactions: reactionsTo(options.reactions, batch.topic, typeOf(message)) }))
      .filter(({ reactions }) => reactions.length > 0);
    if (wanted.length > 0 && !(await applyTogether(options, wanted))) {
      if (!(await applyOneByOne(options, payload, wanted))) return;
    }
    const last = slice.at(-1);
    if (last) payload.resolveOffset(last.offset);
    await payload.heartbeat();
    await payload.commitOffsetsIfNecessary();
  }
};

const reactionsTo = (reactions: readonly Reaction[], topic: string, type: string | undefined): Reaction[] =>
  reactions.filter((reaction) => reaction.topic === topic && reaction.type === type);

/** The quick way: everything in one transaction. False, with nothing changed, when any of it failed. */
const applyTogether = async (options: SubscribeOptions, wanted: readonly Wanted[]): Promise<boolean> => {
  try {
    const events = wanted.map(({ message, reactions }) => ({ event: fromMessage(message), reactions }));
    await applyEvents(options, events);
    return true;
  } catch {
    return false;
  }
};

/** The careful way. False when the consumer is stopping and the rest must stay for whoever comes next. */
const applyOneByOne = async (
  options: SubscribeOptions,
  payload: EachBatchPayload,
  wanted: readonly Wanted[],
): Promise<boolean> => {
  for (const { message, reactions } of wanted) {
    const done = await applyWithRetries(options, payload, message, reactions);
    if (!done) return false;
    payload.resolveOffset(message.offset);
    await payload.heartbeat();
  }
  return true;
};

const applyWithRetries = async (
  options: SubscribeOptions,
  payload: EachBatchPayload,
  message: KafkaMessage,
  reactions: Reaction[],
): Promise<boolean> => {
  const { retryDelaysMs = RETRY_DELAYS_MS, unavailableDelayMs = UNAVAILABLE_DELAY_MS } = options;
  for (let attempt = 0; payload.isRunning() && !payload.isStale();) {
    try {
      await applyEvents(options, [{ event: fromMessage(message), reactions }]);
      return true;
    } catch (error) {
      const delay = isTransient(error) ? unavailableDelayMs : retryDelaysMs[attempt++];
      options.log.warn(
        {
          err: error,
          topic: payload.batch.topic,
          partition: payload.batch.partition,
          offset: message.offset,
          retryInMs: delay,
        },
        'a reaction failed',
      );
      if (delay === undefined) {
        await sendToDeadLetters(options.producer, payload.batch, message, options.group, error);
        options.onHandled?.('dead-lettered', 1);
        return true;
      }
      await payload.heartbeat();
      await sleep(delay);
    }
  }
  return false;
};

type Work = { event: CommerceEvent; reactions: Reaction[] };

const applyEvents = async (options: SubscribeOptions, work: readonly Work[]): Promise<void> => {
  const prepared = await Promise.all(
    work.map(({ event, reactions }) =>
      Promise.all(reactions.map((reaction) => inEventContext(event, async () => reaction.prepare?.(event)))),
    ),
  );
  const applied = await commitInContext(options, work, prepared);
  options.onHandled?.('applied', applied);
  options.onHandled?.('duplicate', work.length - applied);
  if (applied > 0) options.onCommit?.();
};

/**
 * Events of one story share a transaction and its context; a batch of several stories is flushed per event, so that
 * each event's consequences carry its own correlation id.
 */
const commitInContext = (
  options: SubscribeOptions,
  work: readonly Work[],
  prepared: readonly unknown[][],
): Promise<number> =>
  options.database.transaction(async (sql) => {
    const fresh = await unseen(
      sql,
      work.map(({ event }) => event.id),
    );
    let applied = 0;
    for (const [index, { event, reactions }] of work.entries()) {
      if (!fresh.delete(event.id)) continue;
      applied += 1;
      await inEventContext(event, () =>
        commitWith({ ...options.database, transaction: (run) => run(sql) }, options.contract, async (tx) => {
          for (const [position, reaction] of reactions.entries())
            await reaction.apply(event, tx, prepared[index]?.[position]);
        }),
      );
    }
    return applied;
  });

const inEventContext = <T>(event: CommerceEvent, work: () => Promise<T>): Promise<T> =>
  runInContext({ correlationId: event.correlationid, causationId: event.id }, () =>
    inSpan(
      {
        name: `react ${event.type}`,
        kind: 'consumer',
        traceparent: event.traceparent,
        attributes: { 'messaging.message.id': event.id },
      },
      work,
    ),
  );

/**
 * The database or a service that `prepare` asks is away or busy, or others hold the rows for long: nothing is wrong
 * with the event, so it waits instead of being dead-lettered.
 */
const isTransient = (error: unknown): boolean =>
  isUnavailable(error) ||
  isSerializationFailure(error) ||
  isLockTimeout(error) ||
  (error instanceof Problem &&
    (error.status === 503 || error.status === 429 || error.code === 'IDEMPOTENCY_IN_FLIGHT'));
