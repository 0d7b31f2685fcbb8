import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { atMost } from './at-most.ts';
import type { ReceivedMessage } from './consume/options.ts';
import { openConsumer } from './consumer.ts';

export interface ReadTopicsOptions {
  /** Reads no more than so many of the latest messages of each partition; all where nothing is said. */
  latest?: number;
  /** Reads only messages of this moment and later. */
  since?: Date;
  /** Milliseconds. */
  limitMs?: number;
}

interface Range {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

const LIMIT_MS = 60_000;

/**
 * Reads what topics hold now, partition by partition in the order of the offsets. Its consumer group is its own,
 * commits nothing and is deleted afterwards: nobody else notices. `complete` is false when the limit came first.
 */
export const readTopics = async (
  kafka: Kafka,
  topics: readonly string[],
  { latest = Infinity, since, limitMs = LIMIT_MS }: ReadTopicsOptions = {},
): Promise<{ messages: ReceivedMessage[]; complete: boolean }> => {
  const admin = kafka.admin({ retry: { initialRetryTime: 200, retries: 2 } });
  try {
    await admin.connect();
    const ranges = (await Promise.all(topics.map((topic) => rangesOf(admin, topic, latest, since)))).flat();
    if (ranges.length === 0) return { messages: [], complete: true };
    const group = `fusioncommerce.read.${randomUUID()}`;
    const read = await readRanges(kafka, group, ranges, limitMs);
    await admin.deleteGroups([group]).catch(() => undefined);
    return read;
  } finally {
    await admin.disconnect();
  }
};

const rangesOf = async (admin: Admin, topic: string, latest: number, since?: Date): Promise<Range[]> => {
  const first = since ? await admin.fetchTopicOffsetsByTimestamp(topic, since.getTime()) : [];
  // Where nothing is as young, Kafka names no offset.
  const firstOf = (partition: number, high: string): number => {
    const offset = Number(first.find((one) => one.partition === partition)?.offset ?? -1);
    return offset < 0 ? Number(high) : offset;
  };
  return (await admin.fetchTopicOffsets(topic))
    .map(({ partition, low, high }) => ({
      topic,
      partition,
      from: Math.max(Number(low), Number(high) - latest, since ? firstOf(partition, high) : 0),
      to: Number(high),
    }))
    .filter(({ from, to }) => to > from);
};

const readRanges = async (kafka: Kafka, groupId: string, ranges: readonly Range[], limitMs: number) => {
  const consumer = openConsumer(kafka, { groupId, maxWaitTimeInMs: 50 });
  const messages: ReceivedMessage[] = [];
  const missing = new Map(ranges.map((range) => [`${range.topic}/${range.partition}`, range]));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true });
    const finished = new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachBatch: async (payload) => {
            const { batch } = payload;
            const { topic, partition } = batch;
            const range = missing.get(`${topic}/${partition}`);
            if (payload.isStale() || !range) return;
            const wanted = batch.messages.filter(
              ({ offset }) => Number(offset) >= range.from && Number(offset) < range.to,
            );
            messages.push(...wanted.map((message) => ({ topic, partition, message })));
            if (Number(batch.lastOffset()) + 1 >= range.to) missing.delete(`${topic}/${partition}`);
            if (missing.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    for (const { topic, partition, from } of ranges) consumer.seek({ topic, partition, offset: String(from) });
    await atMost(finished, limitMs);
    return { messages: messages.toSorted(byPlace), complete: missing.size === 0 };
  } finally {
    await atMost(consumer.disconnect(), 5_000);
  }
};

const byPlace = (left: ReceivedMessage, right: ReceivedMessage): number =>
  left.topic.localeCompare(right.topic) ||
  left.partition - right.partition ||
  Number(left.message.offset) - Number(right.message.offset);
