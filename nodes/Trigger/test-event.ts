import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { matchesFilter, type EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { withAdmin } from './activation-checks.ts';
import { toItem, type EventItem } from './event-item.ts';
import { topicsOf } from './event-types.ts';
import { sampleEvent } from './sample-event.ts';
import { atMost } from '../../microservices/chassis/kafka/at-most.ts';

/** How far back a test looks, in messages of each partition. */
const TAIL = 500;
const LOOK_MS = 15_000;
const STOP_MS = 5_000;

interface Wanted {
  types: readonly string[];
  filter: EventFilter | null;
}

/** The latest event that the trigger would take, or a sample of the first type when there is none yet. */
export const testEvent = async (kafka: Kafka, wanted: Wanted): Promise<EventItem> =>
  (await latestEvent(kafka, wanted)) ?? sampleEvent(wanted.types[0] ?? '');

/**
 * Looks through the ends of the topics with a consumer group of its own that commits nothing and is deleted afterwards: whoever reads these topics for
 * real notices nothing.
 */
export const latestEvent = async (kafka: Kafka, wanted: Wanted): Promise<EventItem | undefined> => {
  const topics = topicsOf(wanted.types);
  const ends = await withAdmin(kafka, async (admin) => {
    const offsets = await Promise.all(
      topics.map(async (topic) =>
        (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          topic,
          partition,
          from: Math.max(Number(low), Number(high) - TAIL),
          to: Number(high),
        })),
      ),
    );
    return offsets.flat().filter(({ from, to }) => to > from);
  });
  if (ends.length === 0) return undefined;
  const group = `fusioncommerce.test.${randomUUID()}`;
  const items = await readEnds(kafka, group, ends, wanted);
  await withAdmin(kafka, async (admin) => void (await admin.deleteGroups([group]))).catch(() => undefined);
  return items.toSorted((left, right) => (left.kafka.timestamp < right.kafka.timestamp ? 1 : -1))[0];
};

interface End {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

const readEnds = async (kafka: Kafka, group: string, ends: readonly End[], wanted: Wanted): Promise<EventItem[]> => {
  const consumer = openConsumer(kafka, { groupId: group, maxWaitTimeInMs: 200 });
  const items: EventItem[] = [];
  const missing = new Map(ends.map(({ topic, partition, to }) => [`${topic}/${partition}`, to]));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ends.map(({ topic }) => topic))], fromBeginning: false });
    const finished = new Promise<void>((resolve) => {
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const { topic, partition, messages } = batch;
          items.push(...messages.flatMap((message) => itemOf({ topic, partition }, message, wanted)));
          const end = missing.get(`${topic}/${partition}`) ?? 0;
          if (Number(batch.lastOffset()) + 1 >= end) missing.delete(`${topic}/${partition}`);
          if (missing.size === 0) resolve();
        },
      });
      for (const { topic, partition, from } of ends) consumer.seek({ topic, partition, offset: String(from) });
    });
    await atMost(finished, LOOK_MS);
    return items;
  } finally {
    await atMost(consumer.disconnect(), STOP_MS);
  }
};

const itemOf = (origin: { topic: string; partition: number }, message: KafkaMessage, wanted: Wanted): EventItem[] => {
  if (!wanted.types.includes(typeOf(message) ?? '')) return [];
  try {
    const item = toItem(origin, message);
    return matchesFilter(wanted.filter, item) ? [item] : [];
  } catch {
    // A broken message is for the dead letters of a live trigger, not for trying a workflow out.
    return [];
  }
};
