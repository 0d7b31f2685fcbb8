import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';

/** Events that people publish themselves stand in a namespace of their own: nobody can say what a service says. */
export const customType = z
  .string()
  .max(100)
  .regex(
    /^custom(?:\.[a-z][a-z0-9_]{0,59}){1,3}$/,
    'an event of your own is custom. and lower-case words, for example custom.loyalty_anniversary',
  )
  .describe('For example custom.loyalty_anniversary')
  .meta({ examples: ['custom.loyalty_anniversary'] });

/** The name of any event: one of the catalogue or an event of one's own. */
export const eventType = z
  .string()
  .max(100)
  .regex(
    /^[a-z][a-z0-9_]{0,59}(?:\.[a-z][a-z0-9_]{0,59}){1,3}$/,
    'an event type is words joined by dots, for example order.created',
  )
  .describe('For example order.created or custom.loyalty_anniversary')
  .meta({ examples: ['order.created'] });

/** What an event is about; also its Kafka key. */
export const subject = z
  .string()
  .regex(/^[\x21-\x7e]{1,120}$/, 'a subject is 1 to 120 printable characters without spaces')
  .describe('What the event is about, for example a customer’s or an order’s id; events of one subject stay in order');

const MAX_DATA_BYTES = 65_536;
const MAX_DEPTH = 32;

const isShallow = (value: unknown, depth = 0): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth < MAX_DEPTH && Object.values(value).every((inner) => isShallow(inner, depth + 1)));

/** What a custom event tells: a JSON object that fits into a message and into a reader's head. */
export const customData = z
  .record(z.string().max(100), z.unknown())
  .refine((data) => isShallow(data), { message: `data can be nested ${MAX_DEPTH} levels deep at most`, abort: true })
  .refine(
    (data) => Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES,
    `data can be ${MAX_DATA_BYTES} bytes of JSON at most; put the bulk elsewhere and its address into the event`,
  )
  .describe('A JSON object of at most 64 KiB; leave out what identifies a person, events live long')
  .meta({ examples: [{ points: 250, tier: 'gold' }] });

/** An event as journeys get it, whether by Kafka or by push. */
export const receivedEvent = z
  .object({
    id: z.string().describe('Unique for ever: act once for each'),
    type: z.string(),
    source: z.string().describe('The domain that says it: /orders'),
    subject: z.string().describe('What it is about; also the Kafka key'),
    time: z.string().describe('When it happened, ISO 8601'),
    data: z.unknown().describe('What the event tells, by its type’s schema'),
    correlationid: z.string().describe('The same for all that one action set off'),
    causationid: z.string().optional().describe('What directly caused it'),
    traceparent: z.string().optional().describe('W3C trace context'),
    sequence: z.int().describe('1, 2, 3 … per subject'),
    kafka: z.object({
      topic: z.string(),
      partition: z.int(),
      offset: z.string(),
      key: z.string().nullable(),
      timestamp: z.string().describe('When the broker got it, ISO 8601'),
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
    aggregate: z.string().describe('The kind of thing it is about'),
    custom: z.boolean().describe('Whether people publish it themselves'),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema of data'),
  })
  .meta({ id: 'EventType', title: 'Event type' });
export type ListedType = z.infer<typeof listedType>;

export const subscriptionId = id('evs');
export const subscriptionState = z
  .enum(['active', 'failing', 'paused'])
  .describe('active: delivers; failing: the receiver is away, events wait; paused: nothing is delivered until resumed');
export type SubscriptionState = z.infer<typeof subscriptionState>;

export const pauseReason = z
  .enum(['requested', 'gone', 'address_not_allowed'])
  .describe('Who paused it: somebody, the receiver by 410, or the platform because the address is not allowed');
export type PauseReason = z.infer<typeof pauseReason>;

export const deliveryState = z.enum(['retrying', 'delivered', 'dead_lettered']);
export type DeliveryState = z.infer<typeof deliveryState>;

/** An event whose first attempt did not succeed, and what became of it. */
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
    status: z.int().nullable().describe('The last HTTP status; none when there was no answer'),
    error: z.string().nullable().describe('Why the last attempt failed'),
    firstFailedAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'EventDelivery', title: 'Failed delivery' });
export type Delivery = z.infer<typeof delivery>;
