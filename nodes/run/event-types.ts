/** The event types of the platform as the trigger ships them: plain data, computed when the package is built. */
import type { DataSchema } from './data-schema.ts';

/** Where a family of events (`custom.…`) travels. */
export interface EventFamily {
  topic: string;
  /** The domain that publishes it, as the CloudEvents source: "/orders". */
  source: string;
}

/** A type of event that a contract declares by its own name. */
export interface EventType extends EventFamily {
  /** The kind of thing it is about: "order". */
  aggregate: string;
  /** By which the data of each event is checked. */
  schema: DataSchema;
  /** Valid data, for trying a workflow out before there is an event. */
  sample: Record<string, unknown>;
}
