import type { EventFamily, EventType } from '../run/event-types.ts';
import { eventFamilies, eventTypes } from './derived.ts';

const own = <Value>(record: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The event type of this name; undefined for one of a family (`custom.…`) and for one that no contract declares. */
export const declaredEvent = (type: string): EventType | undefined => own<EventType>(eventTypes, type);

/**
 * Where events of this type travel, be it declared by its own name or one of a family. Throws an Error in plain words
 * for any other.
 */
export const placeOfType = (type: string): EventFamily => {
  const [family = '', ...member] = type.split('.');
  const place = declaredEvent(type) ?? (member.join('') === '' ? undefined : own<EventFamily>(eventFamilies, family));
  if (place) return place;
  throw new Error(
    `There is no event type "${type}". Choose one under Event Types. Event types of your own begin with custom, for example custom.loyalty_anniversary.`,
  );
};

/**
 * The topics that carry these event types, once each. Throws an Error in plain words for a type that no contract
 * declares.
 */
export const topicsOf = (types: readonly string[]): string[] => [
  ...new Set(types.map((type) => placeOfType(type).topic)),
];
