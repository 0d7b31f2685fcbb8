import type { z } from 'zod';

export interface EventDeclaration<Payload extends z.ZodType = z.ZodType> {
  /** "Order confirmed" */
  title: string;
  /** What has become true, and who usually cares. */
  description: string;
  /** The kind of thing the event is about; its id is the Kafka key. */
  aggregate: string;
  payload: Payload;
}

/** Declares one event of a domain. */
export const event = <Payload extends z.ZodType>(declaration: EventDeclaration<Payload>): EventDeclaration<Payload> =>
  declaration;
