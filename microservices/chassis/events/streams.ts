import type { Admin, Kafka, Producer } from 'kafkajs';
import type { Logger } from '../telemetry/log.ts';
import { sendToDeadLetters } from './dead-letter.ts';
import { startFlow, type Flow, type FlowOptions } from './flow.ts';
import type { ReceivedMessage, StartOffsets } from '../kafka/consume/options.ts';
import { readTopics } from '../kafka/read-topics.ts';
import { fetchCommitted } from '../kafka/offsets.ts';

/** A domain's use of Kafka besides publishing and reacting: consuming under groups of its own, and managing them. */
export interface Streams {
  consume(options: Omit<FlowOptions, 'kafka' | 'log'>): Flow;
  /**
   * Puts a message aside, byte for byte, with the reason and `notes` in headers. Throws when it could not be written.
   */
  deadLetter(received: ReceivedMessage, group: string, error: unknown, notes: Record<string, string>): Promise<void>;
  /** The offsets at which topics stand now, begin, or stood at a moment. Throws when Kafka does not answer. */
  offsetsAt(topics: readonly string[], place: 'latest' | 'earliest' | Date): Promise<StartOffsets>;
  /** What topics hold now, from the messages of a moment on; `complete` is false when it took longer than `limitMs`. */
  readSince(
    topics: readonly string[],
    since: Date,
    limitMs: number,
  ): Promise<{ messages: ReceivedMessage[]; complete: boolean }>;
  /** How many messages a group has not passed yet; `startAt` counts where it has no position. */
  lag(group: string, topics: readonly string[], startAt: StartOffsets): Promise<number>;
  /**
   * How many messages groups with one of these beginnings have not passed yet, on topics where they have a position.
   */
  lags(beginnings: readonly string[], topics: readonly string[]): Promise<Map<string, number>>;
  /** Forgets a group that nobody consumes under any more; does nothing when there is none. */
  forgetGroup(group: string): Promise<void>;
}

/** Binds what streams need to a process's Kafka client and producer. */
export const createStreams = (kafka: Kafka, producer: Producer, log: Logger): Streams => ({
  consume: (options) => startFlow({ ...options, kafka, log }),
  deadLetter: (received, group, error, notes) =>
    sendToDeadLetters(producer, received, received.message, group, error, notes),
  offsetsAt: (topics, place) =>
    withAdmin(kafka, async (admin) =>
      Object.fromEntries(
        await Promise.all(topics.map(async (topic) => [topic, await topicOffsetsAt(admin, topic, place)] as const)),
      ),
    ),
  readSince: (topics, since, limitMs) => readTopics(kafka, topics, { since, limitMs }),
  lag: (group, topics, startAt) => withAdmin(kafka, (admin) => lagOf(admin, group, topics, startAt)),
  lags: (beginnings, topics) => withAdmin(kafka, (admin) => lagsOf(admin, beginnings, topics)),
  forgetGroup: (group) =>
    withAdmin(kafka, async (admin) => {
      const { groups } = await admin.listGroups();
      if (groups.some(({ groupId }) => groupId === group)) await admin.deleteGroups([group]);
    }),
});

const withAdmin = async <T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin({ retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 } });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const topicOffsetsAt = async (
  admin: Admin,
  topic: string,
  place: 'latest' | 'earliest' | Date,
): Promise<Record<string, string>> => {
  const now = await admin.fetchTopicOffsets(topic);
  if (!(place instanceof Date))
    return Object.fromEntries(now.map(({ partition, high, low }) => [partition, place === 'latest' ? high : low]));
  const then = await admin.fetchTopicOffsetsByTimestamp(topic, place.getTime());
  const found = new Map(then.map(({ partition, offset }) => [partition, offset]));
  // No message since that moment: from now on.
  return Object.fromEntries(
    now.map(({ partition, high }) => [
      partition,
      Number(found.get(partition) ?? -1) >= 0 ? (found.get(partition) ?? high) : high,
    ]),
  );
};

const lagOf = async (
  admin: Admin,
  group: string,
  topics: readonly string[],
  startAt: StartOffsets,
): Promise<number> => {
  const positions = await fetchCommitted(admin, group, topics);
  const lags = positions.map(async ({ topic, partitions }) => {
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end]));
    return partitions.reduce((sum, { partition, offset }) => {
      const end = ends.get(partition);
      const position = offset === '-1' ? (startAt[topic]?.[partition] ?? end?.low ?? '0') : offset;
      return sum + Math.max(0, Number(BigInt(end?.high ?? 0) - BigInt(position)));
    }, 0);
  });
  return (await Promise.all(lags)).reduce((sum, lag) => sum + lag, 0);
};

const lagsOf = async (
  admin: Admin,
  beginnings: readonly string[],
  topics: readonly string[],
): Promise<Map<string, number>> => {
  const { groups } = await admin.listGroups();
  const wanted = groups
    .map(({ groupId }) => groupId)
    .filter((group) => beginnings.some((one) => group.startsWith(one)));
  const ends = new Map(
    await Promise.all(topics.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const)),
  );
  const lagIn = (topic: string, partition: number, offset: string): number => {
    const high = ends.get(topic)?.find((end) => end.partition === partition)?.high ?? offset;
    return offset === '-1' ? 0 : Math.max(0, Number(BigInt(high) - BigInt(offset)));
  };
  const lags = new Map<string, number>();
  for (const group of wanted) {
    const positions = await fetchCommitted(admin, group, topics);
    const all = positions.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => lagIn(topic, partition, offset)),
    );
    lags.set(
      group,
      all.reduce((sum, lag) => sum + lag, 0),
    );
  }
  return lags;
};
