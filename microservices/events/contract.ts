import { z } from 'zod';
import { defineContract, event, operation, page, pageQuery } from '../chassis/contract/index.ts';
import { subscriptionOperations } from './contract/subscriptions.ts';
import {
  customData,
  customType,
  eventType,
  listedType,
  pauseReason,
  receivedEvent,
  subject,
  subscriptionState,
} from './contract/values.ts';

const read = { scope: 'events:read' };
const oneType = z.object({ type: eventType });
const unknownType = { EVENT_TYPE_NOT_FOUND: { status: 404, title: 'Event type not found' } } as const;

const aboutSubscription = z.object({
  subscriptionId: z.string(),
  externalId: z.string().nullable(),
  eventTypes: z.array(z.string()),
  state: subscriptionState,
});

/** The event catalogue, events of one's own, and their delivery to webhooks. */
export const eventsContract = defineContract({
  domain: 'events',
  title: 'Events',
  description:
    'The catalogue of events with samples and the latest real one, events of your own, and signed delivery of events to webhooks.',
  version: 1,
  operations: {
    listEventTypes: operation({
      method: 'GET',
      path: '/events/types',
      title: 'List event types',
      description:
        'What happens on the platform, by type, with the JSON Schema of what each event tells; events of your own that were published are among them.',
      access: read,
      input: z.object({
        domain: z.string().max(60).optional().describe('Only of this domain: orders'),
        search: z.string().max(100).optional().describe('Only those whose type, title or description contains this'),
        ...pageQuery,
      }),
      output: page(listedType),
    }),
    getEventType: operation({
      method: 'GET',
      path: '/events/types/{type}',
      title: 'Get event type',
      description: 'One type of event with the JSON Schema of what it tells.',
      access: read,
      input: oneType,
      output: listedType,
      errors: unknownType,
    }),
    getSampleEvent: operation({
      method: 'GET',
      path: '/events/types/{type}/sample',
      title: 'Get sample event',
      description: 'A made-up event that its schema takes, in the shape in which journeys get events.',
      access: read,
      input: oneType,
      output: receivedEvent,
      errors: unknownType,
    }),
    getLatestEvent: operation({
      method: 'GET',
      path: '/events/types/{type}/latest',
      title: 'Get latest event',
      description: 'The latest real event of a type, a second after it was published.',
      access: read,
      input: oneType,
      output: receivedEvent,
      errors: {
        EVENT_TYPE_NOT_FOUND: unknownType.EVENT_TYPE_NOT_FOUND,
        NO_EVENT_YET: { status: 404, title: 'No event of this type yet' },
      },
    }),
    publishEvent: operation({
      method: 'POST',
      path: '/events',
      title: 'Publish event',
      description:
        'Publishes an event of your own. It goes out like every other event: committed, in order per subject, at least once; journeys and subscriptions get it by its type.',
      access: { scope: 'events:write' },
      successStatus: 201,
      input: z.object({ type: customType, subject, data: customData.default({}) }),
      output: z.object({ id: z.string().describe('The event’s id'), type: customType, subject }),
    }),
    ...subscriptionOperations,
  },
  events: {
    custom: event({
      title: 'Custom event',
      description:
        'Something that a workflow or an integration published; its type says what, for example custom.loyalty_anniversary.',
      aggregate: 'subject',
      family: true,
      payload: customData,
    }),
    'event_subscription.created': event({
      title: 'Event subscription created',
      description: 'Events are delivered to a receiver from now on.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
    'event_subscription.updated': event({
      title: 'Event subscription updated',
      description: 'What is delivered, or where to, has changed; also a new signing secret.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
    'event_subscription.paused': event({
      title: 'Event subscription paused',
      description: 'Nothing is delivered until somebody resumes it. Operators care when nobody asked for it.',
      aggregate: 'event subscription',
      payload: aboutSubscription.extend({ because: pauseReason }),
    }),
    'event_subscription.resumed': event({
      title: 'Event subscription resumed',
      description: 'Delivery goes on where it was paused.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
    'event_subscription.failing': event({
      title: 'Event subscription failing',
      description: 'The receiver is away: events wait until it is back. Operators look at the receiver.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
    'event_subscription.recovered': event({
      title: 'Event subscription recovered',
      description: 'The receiver is back and gets what waited.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
    'event_subscription.deleted': event({
      title: 'Event subscription deleted',
      description: 'Nothing is delivered any more.',
      aggregate: 'event subscription',
      payload: aboutSubscription,
    }),
  },
});
