import type { z } from 'zod';

export interface EventDeclaration<Payload extends z.ZodType = z.ZodType> {
  /** "Order confirmed" */
  title: string;
  /** The fact, and who usually needs it. */
  description: string;
  /** The kind of thing the event is about; its id is the Kafka key. */
  aggregate: string;
  payload: Payload;
  /** Data as it might really be, for trying a workflow out before there is an event. A test asks for it. */
  example?: z.output<Payload>;
  /** The word under which lists show it, "Cart"; the contract's noun unless given. */
  group?: string;
  /** For those who run the platform: lists show it last. */
  technical?: true;
  /**
   * The declaration stands for a whole family: its events are called `<name>.<something>`, where who appends one says
   * what (`custom` → `custom.loyalty_anniversary`).
   */
  family?: boolean;
}

/** Declares one event of a domain. */
export const event = <Payload extends z.ZodType>(declaration: EventDeclaration<Payload>): EventDeclaration<Payload> =>
  declaration;

type Examples<Events extends Record<string, EventDeclaration>> = {
  [Type in keyof Events]?: z.output<Events[Type]['payload']>;
};

/** The events of a domain, each with its example. */
export const withExamples = <Events extends Record<string, EventDeclaration>>(
  events: Events,
  examples: Examples<Events>,
): Events =>
  Object.fromEntries(
    Object.entries(events).map(([type, declared]) => [
      type,
      { ...declared, ...(type in examples && { example: examples[type] }) },
    ]),
  ) as Events;

/** An id as examples show it: the same for the same thing, in all of them. */
export const exampleId = (prefix: string, which = 1): string =>
  `${prefix}_01976f3e8c2a7b549a103f5d2c7e8b${String(60 + which)}`;

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
