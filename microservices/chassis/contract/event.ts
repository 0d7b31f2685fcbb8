import type { z } from 'zod';

export interface EventDeclaration<Payload extends z.ZodType = z.ZodType> {
  /** "Order confirmed" */
  title: string;
  /** The fact, and who usually needs it. */
  description: string;
  /** The kind of thing the event is about; its id is the Kafka key. */
  aggregate: string;
  payload: Payload;
  /**
   * The declaration stands for a whole family: its events are called `<name>.<something>`, where who appends one says what
   * (`custom` → `custom.loyalty_anniversary`).
   */
  family?: boolean;
}

/** Declares one event of a domain. */
export const event = <Payload extends z.ZodType>(declaration: EventDeclaration<Payload>): EventDeclaration<Payload> =>
  declaration;

/** The declaration of an event type, by its own name or as one of a family; undefined when there is none. */
export const declarationOf = (
  { events }: { events: Record<string, EventDeclaration> },
  type: string,
): EventDeclaration | undefined => {
  const own = Object.hasOwn(events, type) ? events[type] : undefined;
  if (own) return own.family ? undefined : own;
  const [family = ''] = type.split('.', 1);
  const declared = Object.hasOwn(events, family) && type.length > family.length + 1 ? events[family] : undefined;
  return declared?.family ? declared : undefined;
};
