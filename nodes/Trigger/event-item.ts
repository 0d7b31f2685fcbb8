import type { KafkaMessage } from 'kafkajs';
import { toJourneyEvent, UndecodableMessage, type JourneyEvent } from '../../microservices/chassis/events/envelope.ts';
import { schemaFault } from '../run/data-schema.ts';
import { declaredEvent } from './event-types.ts';

/** Where a message came from. */
export interface Origin {
  topic: string;
  partition: number;
}

/** The item that the trigger hands to a workflow: the CloudEvent, and its place on Kafka. */
export type EventItem = JourneyEvent;

/**
 * Reads a Kafka message (CloudEvents 1.0, binary binding) as an item. The data is handed on as it was sent, with fields
 * that this version does not know yet. Throws UndecodableMessage when it is no event of the platform or breaks the
 * schema of its type.
 */
export const toItem = (origin: Origin, message: KafkaMessage): EventItem => {
  return checked(toJourneyEvent(origin, message));
};

/** The item. Throws UndecodableMessage when its data breaks the schema of its type. */
export const checked = (item: EventItem): EventItem => {
  checkData(item.type, item.data);
  return item;
};

const checkData = (type: string, data: unknown): void => {
  const declared = declaredEvent(type);
  const fault = declared && schemaFault(data, declared.schema);
  if (fault)
    throw new UndecodableMessage(
      `it breaks the schema of ${type} at ${['data', ...fault.path].join('.')} (${fault.message})`,
    );
};

/**
 * An event as people know it: "order.confirmed of order 1007" where its data has a number, else with the id of what it
 * is about.
 */
export const nameOfEvent = ({ type, subject, data }: Pick<EventItem, 'type' | 'subject' | 'data'>): string => {
  const number = typeof data === 'object' && data !== null && 'number' in data ? data.number : undefined;
  return typeof number === 'string' ? `${type} of ${type.split('.')[0] ?? ''} ${number}` : `${type} of ${subject}`;
};

/** True for an event that happened longer ago than the trigger takes. */
export const isTooOld = (maxAgeMs: number | undefined, { time }: Pick<EventItem, 'time'>, nowMs: number): boolean =>
  maxAgeMs !== undefined && nowMs - Date.parse(time) > maxAgeMs;
