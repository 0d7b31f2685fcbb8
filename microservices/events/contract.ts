import { z } from 'zod';
import { defineContract, event, opaque, operation, page, pageQuery, withExamples } from '../chassis/contract/index.ts';
import { aboutDeadLetter, deadLetterOperations, replay } from './contract/dead-letters.ts';
import { eventExamples } from './contract/examples.ts';
import { onceOperations } from './contract/once.ts';
import { journeyEvents, journeyMetricOperations } from './contract/journey-metrics.ts';
import { journeyOperations } from './contract/journeys.ts';
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

/** Event types, custom events, and delivery of events to webhooks. */
export const eventsContract = defineContract({
  domain: 'events',
  title: 'Events',
  noun: 'Event',
  description:
    'All event types with a sample and the latest real event, custom events of your own, and signed delivery of events to webhooks.',
  version: 1,
  operations: {
    listEventTypes: operation({
      method: 'GET',
      path: '/events/types',
      title: 'List event types',
      description: 'All event types with the JSON Schema of their data, published custom types included.',
      access: read,
      input: z.object({
        domain: opaque(60).optional().describe('Only event types of this domain, for example orders'),
        search: opaque(100).optional().describe('Only those whose type, title or description contains this'),
        ...pageQuery,
      }),
      output: page(listedType),
    }),
    getEventType: operation({
      method: 'GET',
      path: '/events/types/{type}',
      title: 'Get event type',
      description: 'One event type with the JSON Schema of its data.',
      access: read,
      input: oneType,
      output: listedType,
      errors: unknownType,
    }),
    getSampleEvent: operation({
      method: 'GET',
      path: '/events/types/{type}/sample',
      title: 'Get sample event',
      description: 'A sample event that fits the type’s schema, in the form in which journeys get events.',
      access: read,
      input: oneType,
      output: receivedEvent,
      errors: unknownType,
    }),
    getLatestEvent: operation({
      method: 'GET',
      path: '/events/types/{type}/latest',
      title: 'Get latest event',
      description: 'The latest real event of a type, available a second after it was published.',
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
        'Publishes a custom event. Journeys and subscriptions get it by its type like every other event: in order per subject, at least once.',
      access: { scope: 'events:write' },
      successStatus: 201,
      input: z.object({ type: customType, subject, data: customData.default({}) }),
      output: z.object({ id: z.string().describe('The event’s id'), type: customType, subject }),
    }),
    ...onceOperations,
    ...subscriptionOperations,
    ...deadLetterOperations,
    ...journeyOperations,
    ...journeyMetricOperations,
  },
  events: withExamples(
    {
      custom: event({
        title: 'Custom event',
        description: 'An event that a workflow or an integration published, for example custom.loyalty_anniversary.',
        aggregate: 'subject',
        family: true,
        payload: customData,
      }),
      ...journeyEvents,
      'event.dead_lettered': event({
        title: 'Event dead-lettered',
        description:
          'A workflow, a subscription or a service could not handle an event, and it waits for a person: get the dead letter for the reason, then replay or discard it.',
        technical: true,
        aggregate: 'dead letter',
        payload: aboutDeadLetter,
      }),
      'event.replayed': event({
        title: 'Event replayed',
        description:
          'A dead letter on its way back to the one workflow or subscription that could not handle it. The triggers take it by themselves; nobody else needs it.',
        technical: true,
        aggregate: 'subject',
        payload: replay,
      }),
      'event_subscription.created': event({
        title: 'Event subscription created',
        description: 'Events are delivered to a receiver from now on.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
      'event_subscription.updated': event({
        title: 'Event subscription updated',
        description: 'A subscription’s settings changed, or it has a new signing secret.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
      'event_subscription.paused': event({
        title: 'Event subscription paused',
        description: 'Nothing is delivered until the subscription is resumed. Check the receiver if nobody paused it.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription.extend({ because: pauseReason }),
      }),
      'event_subscription.resumed': event({
        title: 'Event subscription resumed',
        description: 'Delivery continues where it was paused.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
      'event_subscription.failing': event({
        title: 'Event subscription failing',
        description: 'The receiver is away: events wait until it is back. Check the receiver.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
      'event_subscription.recovered': event({
        title: 'Event subscription recovered',
        description: 'The receiver is back and gets the events that waited.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
      'event_subscription.deleted': event({
        title: 'Event subscription deleted',
        description: 'Nothing is delivered any more.',
        technical: true,
        aggregate: 'event subscription',
        payload: aboutSubscription,
      }),
    },
    eventExamples,
  ),
});
