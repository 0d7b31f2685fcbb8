import { z } from 'zod';
import { choices, freeData, id, timestamp } from '../../chassis/contract/index.ts';

/** Custom events have a namespace of their own, so that nobody can publish a service's event. */
export const customType = z
  .string()
  .max(100)
  .regex(
    /^custom(?:\.[a-z][a-z0-9_]{0,59}){1,3}$/,
    'a custom event type is custom. and lower-case words, for example custom.loyalty_anniversary',
  )
  .describe('For example custom.loyalty_anniversary')
  .meta({ examples: ['custom.loyalty_anniversary'] });

/** The name of any event type, custom ones included. */
export const eventType = z
  .string()
  .max(100)
  .regex(
    /^[a-z][a-z0-9_]{0,59}(?:\.[a-z][a-z0-9_]{0,59}){1,3}$/,
    'an event type is words joined by dots, for example order.created',
  )
  .describe('For example order.created or custom.loyalty_anniversary')
  .meta({ examples: ['order.created'] });

/** The thing that an event is about; also its Kafka key. */
export const subject = z
  .string()
  .regex(/^[\x21-\x7e]{1,120}$/, 'a subject is 1 to 120 printable characters without spaces')
  .describe(
    'The id of the thing that the event is about, for example a customer or an order; events of one subject stay in order',
  );

/** Data of a custom event: a JSON object of limited size and depth. */
export const customData = freeData({ bytes: 65_536, levels: 32 })
  .describe('A JSON object of at most 64 KiB; leave out personal data, events are kept for a long time')
  .meta({ examples: [{ points: 250, tier: 'gold' }] });

/** An event as journeys get it, by Kafka or by push. */
export const receivedEvent = z
  .object({
    id: z.string().describe('Unique; act once for each id'),
    type: z.string(),
    source: z.string().describe('The domain that published it: /orders'),
    subject: z.string().describe('The id of the thing that it is about; also the Kafka key'),
    time: z.string().describe('When it happened, ISO 8601'),
    data: z.unknown().describe('The data of the event, by its type’s schema'),
    correlationid: z.string().describe('The same for all events that one action caused'),
    causationid: z.string().optional().describe('The event or request that directly caused it'),
    traceparent: z.string().optional().describe('W3C trace context'),
    sequence: z.int().describe('1, 2, 3 … per subject'),
    kafka: z.object({
      topic: z.string(),
      partition: z.int(),
      offset: z.string(),
      key: z.string().nullable(),
      timestamp: z.string().describe('When the broker received it, ISO 8601'),
    }),
  })
  .meta({ id: 'ReceivedEvent', title: 'Event' });
export type ReceivedEvent = z.infer<typeof receivedEvent>;

export const listedType = z
  .object({
    type: z.string(),
    title: z.string(),
    description: z.string(),
    domain: z.string(),
    topic: z.string(),
    aggregate: z.string().describe('The kind of thing that it is about'),
    custom: z.boolean().describe('True for custom events'),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of data'),
  })
  .meta({ id: 'EventType', title: 'Event type' });
export type ListedType = z.infer<typeof listedType>;

export const subscriptionId = id('evs');
export const subscriptionState = choices({
  active: 'Delivers',
  failing: 'The receiver is away; events wait',
  paused: 'Nothing is delivered until it is resumed',
}).describe('active: delivers; failing: the receiver is away, events wait; paused: nothing is delivered until resumed');
export type SubscriptionState = z.infer<typeof subscriptionState>;

export const pauseReason = z
  .enum(['requested', 'gone', 'address_not_allowed'])
  .describe('requested: by a request; gone: the receiver responded with 410; address_not_allowed: by the platform');
export type PauseReason = z.infer<typeof pauseReason>;

export const deliveryState = choices({
  retrying: 'Is sent again',
  delivered: 'Arrived in the end',
  dead_lettered: 'Given up after all attempts',
}).describe('What became of it');
export type DeliveryState = z.infer<typeof deliveryState>;

/** An event whose first delivery failed, with its present state. */
export const delivery = z
  .object({
    eventId: z.string(),
    type: z.string().nullable(),
    subject: z.string().nullable(),
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
    state: deliveryState,
    attempts: z.int(),
    status: z.int().nullable().describe('The last HTTP status; null if there was no response'),
    error: z.string().nullable().describe('The reason why the last attempt failed'),
    firstFailedAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'EventDelivery', title: 'Failed delivery' });
export type Delivery = z.infer<typeof delivery>;
