import { matchesFilter, type EventFilter } from '../../chassis/contract/event-filter.ts';
import type { ReceivedEvent } from '../contract/values.ts';

const MOST_VALUES = 40;
const LONGEST_VALUE = 120;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_VALUE && /^[\x21-\x7e]+$/.test(value);

const fieldsOf = (data: unknown): Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : {};

/**
 * The values that an event is about: its subject and the short texts of its data, each once. Numbers count as their
 * digits.
 */
export const valuesOf = ({ subject, data }: ReceivedEvent): string[] => {
  const texts = Object.values(fieldsOf(data)).map((value) => (typeof value === 'number' ? String(value) : value));
  return [...new Set([subject, ...texts].filter(isName))].slice(0, MOST_VALUES);
};

/** The part of a wait that decides about an event. */
export interface Wanted {
  eventTypes: readonly string[];
  value: string;
  field: string | null;
  filter: EventFilter | null;
  /** Earlier events do not count. */
  since: string;
  notEventId: string | null;
}

/** True for an event that a wait is for. */
export const isWanted = (wanted: Wanted, event: ReceivedEvent): boolean =>
  wanted.eventTypes.includes(event.type) &&
  event.id !== wanted.notEventId &&
  Date.parse(event.time) >= Date.parse(wanted.since) &&
  standsIn(event, wanted.field, wanted.value) &&
  matchesFilter(wanted.filter, event);

const standsIn = (event: ReceivedEvent, field: string | null, value: string): boolean => {
  if (field === null) return valuesOf(event).includes(value);
  if (field === 'subject') return event.subject === value;
  const found = fieldsOf(event.data)[field.slice('data.'.length)];
  return found === value || (typeof found === 'number' && String(found) === value);
};
