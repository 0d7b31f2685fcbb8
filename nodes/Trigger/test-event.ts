import type { Kafka, KafkaMessage } from 'kafkajs';
import { matchesFilter, type EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import { readTopics } from '../../microservices/chassis/kafka/read-topics.ts';
import { toItem, type EventItem } from './event-item.ts';
import { topicsOf } from './event-types.ts';
import { sampleEvent } from './sample-event.ts';

/** How far back a test looks, in messages of each partition. */
const TAIL = 500;
const LOOK_MS = 15_000;

interface Wanted {
  types: readonly string[];
  filter: EventFilter | null;
}

/** The latest event that the trigger would take, or a sample of the first type when there is none yet. */
export const testEvent = async (kafka: Kafka, wanted: Wanted): Promise<EventItem> =>
  (await latestEvent(kafka, wanted)) ?? sampleEvent(wanted.types[0] ?? '');

/** Looks through the ends of the topics; whoever reads them for real notices nothing. */
export const latestEvent = async (kafka: Kafka, wanted: Wanted): Promise<EventItem | undefined> => {
  const { messages } = await readTopics(kafka, topicsOf(wanted.types), { latest: TAIL, limitMs: LOOK_MS });
  const items = messages.flatMap((received) => itemOf(received, received.message, wanted));
  return items.toSorted((left, right) => (left.kafka.timestamp < right.kafka.timestamp ? 1 : -1))[0];
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
