import type { Kafka, KafkaMessage } from 'kafkajs';
import { matchesFilter, type EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import { readTopics } from '../../microservices/chassis/kafka/read-topics.ts';
import { toItem, type EventItem } from './event-item.ts';
import { topicsOf } from './event-types.ts';
import { sampleEvent, type SampleItem } from './sample-event.ts';

/** How far back a test looks, in messages of each partition. */
const TAIL = 500;
const LOOK_MS = 15_000;

interface Wanted {
  types: readonly string[];
  filter: EventFilter | null;
}

/**
 * The chosen event, or the latest one that the trigger would take. With no event of these types yet, a sample that says
 * so. Throws an Error in plain words rather than return one that the trigger would not take.
 */
export const testEvent = async (
  kafka: Kafka,
  wanted: Wanted & { testEvent?: string | undefined },
): Promise<EventItem | SampleItem> => {
  const events = await latestEvents(kafka, wanted.types);
  const fitting = events.filter((event) => matchesFilter(wanted.filter, event));
  if (wanted.testEvent !== undefined) return chosenOf(wanted.testEvent, events, fitting);
  const [latest] = fitting;
  if (latest) return latest;
  if (events.length > 0) throw new Error(noneFits(events, wanted.filter));
  const sample = wanted.types.map(sampleEvent).find((event) => matchesFilter(wanted.filter, event));
  if (sample) return sample;
  throw new Error(
    'There is no event of the chosen types yet, and the sample does not fit the conditions. Do what causes the event (npm run demo places an order), or try it without conditions first.',
  );
};

const chosenOf = (id: string, events: EventItem[], fitting: EventItem[]): EventItem => {
  const chosen = fitting.find((event) => event.id === id);
  if (chosen) return chosen;
  throw new Error(
    events.some((event) => event.id === id)
      ? 'The chosen test event does not fit the conditions, so the workflow would not start on it. Choose another one under Test Event, or change the conditions.'
      : `The chosen test event is not among the last ${TAIL} any more. Choose another one under Test Event.`,
  );
};

const noneFits = (events: EventItem[], filter: EventFilter | null): string => {
  const [latest] = events;
  const held = filter?.conditions.map(
    ({ field }) => `${field} is ${JSON.stringify(valueAt(latest, field)) ?? 'not there'}`,
  );
  return `None of the last ${events.length} events of the chosen types fits the conditions, so the workflow would not have started. In the latest one, ${held?.join(', ') ?? 'nothing fits'}. Change the conditions, or do what causes such an event.`;
};

const valueAt = (event: unknown, field: string): unknown =>
  field
    .split('.')
    .reduce<unknown>(
      (inside, name) =>
        Array.isArray(inside) && name === '*'
          ? (inside as unknown[])[0]
          : (inside as Record<string, unknown> | undefined)?.[name],
      event,
    );

/** The last events of these types, newest first. Whoever reads the topics for real notices nothing. */
export const latestEvents = async (kafka: Kafka, types: readonly string[]): Promise<EventItem[]> => {
  const { messages } = await readTopics(kafka, topicsOf(types), { latest: TAIL, limitMs: LOOK_MS });
  const items = messages.flatMap((received) => itemOf(received, received.message, types));
  return items.toSorted((left, right) => (left.kafka.timestamp < right.kafka.timestamp ? 1 : -1));
};

const itemOf = (
  origin: { topic: string; partition: number },
  message: KafkaMessage,
  types: readonly string[],
): EventItem[] => {
  if (!types.includes(typeOf(message) ?? '')) return [];
  try {
    return [toItem(origin, message)];
  } catch {
    // A broken message is for the dead letters of a live trigger, not for trying a workflow out.
    return [];
  }
};
