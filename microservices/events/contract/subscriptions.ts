import { z } from 'zod';
import {
  expectedVersion,
  operation,
  page,
  pageQuery,
  reference,
  timestamp,
  version,
  VERSION_CONFLICT,
  webAddress,
} from '../../chassis/contract/index.ts';
import { eventFilter } from '../../chassis/contract/event-filter-schema.ts';
import { delivery, deliveryState, eventType, pauseReason, subscriptionId, subscriptionState } from './values.ts';

export const receiverUrl = webAddress(
  2_000,
  'a receiver is an http or https address, for example https://n8n.example/webhook/…',
)
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'an address here must not contain a user or password')
  .describe('Address to which events are posted');

export const eventTypes = z
  .array(eventType)
  .min(1)
  .max(50)
  .refine((types) => new Set(types).size === types.length, 'each event type once')
  .describe('Types of the events to deliver');

const limits = {
  maxInFlight: z.int().min(1).max(100).describe('Most events that may be in delivery at the same time'),
  maxAttempts: z.int().min(1).max(20).describe('After so many failures an event goes to the dead letters'),
  deadlineSeconds: z.int().min(1).max(300).describe('Seconds in which the receiver must respond'),
};

const deleteWhenPausedDays = z
  .int()
  .min(1)
  .max(365)
  .describe('Deletes the subscription when it was paused for so many days, as one whose receiver was removed');

export const subscription = z
  .object({
    id: subscriptionId,
    state: subscriptionState,
    pausedBecause: pauseReason.nullable(),
    url: z.string(),
    eventTypes: z.array(z.string()),
    filter: eventFilter.nullable(),
    startFrom: z.enum(['latest', 'earliest', 'timestamp']),
    startAt: timestamp.nullable(),
    ...limits,
    externalId: z.string().nullable().describe('The receiver’s own id of the subscription'),
    endsAt: timestamp.nullable().describe('When it deletes itself'),
    deleteWhenPausedDays: deleteWhenPausedDays.nullable(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'EventSubscription', title: 'Event subscription' });
export type EventSubscription = z.infer<typeof subscription>;

const secret = z
  .string()
  .describe('Signs the deliveries (Standard Webhooks): whsec_ and 32 bytes in base64. Shown only this once');

const notFound = { SUBSCRIPTION_NOT_FOUND: { status: 404, title: 'Subscription not found' } } as const;
export const unusable = {
  EVENT_TYPE_NOT_FOUND: {
    status: 422,
    title: 'Event type not found',
    data: z.object({ unknown: z.array(z.string()) }),
  },
  URL_NOT_ALLOWED: {
    status: 422,
    title: 'Address not allowed',
    data: z.object({ url: z.string() }),
  },
  KAFKA_UNAVAILABLE: { status: 503, title: 'Kafka not reachable' },
} as const;
const illegal = {
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({ subscriptionId: z.string(), state: subscriptionState, allowed: z.array(z.string()) }),
  },
} as const;

const read = { scope: 'events:read' };
const write = { scope: 'events:write' };
const one = z.object({ subscriptionId });
const PATH = '/event-subscriptions/{subscriptionId}';

export const subscriptionOperations = {
  createSubscription: operation({
    method: 'POST',
    path: '/event-subscriptions',
    title: 'Create subscription',
    description:
      'Delivers events to an address by signed POST: at least once, in order per subject. A response of 2xx confirms an event; otherwise it is retried and then goes to the dead letters. The signing secret is returned only this once. A shop has 50 subscriptions at most, unless set otherwise.',
    access: write,
    successStatus: 201,
    secretAnswer: true,
    input: z
      .object({
        url: receiverUrl,
        eventTypes,
        filter: eventFilter.optional(),
        startFrom: z
          .enum(['latest', 'earliest', 'timestamp'])
          .default('latest')
          .describe('The first events: those from now on, the oldest that are kept, or those from startAt on'),
        startAt: timestamp.optional(),
        maxInFlight: limits.maxInFlight.default(10),
        maxAttempts: limits.maxAttempts.default(5),
        deadlineSeconds: limits.deadlineSeconds.default(30),
        externalId: reference.optional().describe('The receiver’s own id of the subscription, to find it again'),
        endsAt: timestamp.optional().describe('When it deletes itself, for a receiver that is only tried out'),
        deleteWhenPausedDays: deleteWhenPausedDays.optional(),
      })
      .refine((input) => (input.startFrom === 'timestamp') === (input.startAt !== undefined), {
        message: 'startAt belongs to startFrom "timestamp": give both or neither',
        path: ['startAt'],
      }),
    output: subscription.extend({ secret }),
    errors: {
      ...unusable,
      TOO_MANY_SUBSCRIPTIONS: { status: 409, title: 'Too many subscriptions', data: z.object({ limit: z.int() }) },
    },
  }),
  getSubscription: operation({
    method: 'GET',
    path: PATH,
    title: 'Get subscription',
    description: 'One subscription with its state.',
    access: read,
    input: one,
    output: subscription,
    errors: notFound,
  }),
  listSubscriptions: operation({
    method: 'GET',
    path: '/event-subscriptions',
    title: 'List subscriptions',
    description: 'Subscriptions, oldest first. Filter by state, externalId or event type.',
    access: read,
    input: z.object({
      state: subscriptionState.optional(),
      externalId: reference.optional().describe('The receiver’s own ID of the subscription'),
      eventType: eventType.optional(),
      ...pageQuery,
    }),
    output: page(subscription),
  }),
  updateSubscription: operation({
    method: 'PATCH',
    path: PATH,
    title: 'Update subscription',
    description:
      'Changes what is given. Event types of topics that were not subscribed before begin with the events from now on; all others go on where they are.',
    access: write,
    input: z.object({
      subscriptionId,
      expectedVersion,
      url: receiverUrl.optional(),
      eventTypes: eventTypes.optional(),
      filter: eventFilter.nullable().optional().describe('null removes the filter'),
      maxInFlight: limits.maxInFlight.optional(),
      maxAttempts: limits.maxAttempts.optional(),
      deadlineSeconds: limits.deadlineSeconds.optional(),
      externalId: reference.nullable().optional(),
      deleteWhenPausedDays: deleteWhenPausedDays.nullable().optional(),
    }),
    output: subscription,
    errors: { ...notFound, ...unusable, VERSION_CONFLICT },
  }),
  deleteSubscription: operation({
    method: 'DELETE',
    path: PATH,
    title: 'Delete subscription',
    description:
      'Deletes the subscription with its position and failures. Events that were not delivered are not delivered any more.',
    access: write,
    input: one,
    output: z.object({ id: subscriptionId }),
    errors: notFound,
  }),
  pauseSubscription: operation({
    method: 'POST',
    path: `${PATH}/pause`,
    title: 'Pause subscription',
    description:
      'Stops the delivery and keeps its position. Events wait as long as Kafka keeps them, by default a week.',
    access: write,
    input: one,
    output: subscription,
    errors: { ...notFound, ...illegal },
  }),
  resumeSubscription: operation({
    method: 'POST',
    path: `${PATH}/resume`,
    title: 'Resume subscription',
    description: 'Continues the delivery where it was paused.',
    access: write,
    input: one,
    output: subscription,
    errors: { ...notFound, ...illegal },
  }),
  rotateSecret: operation({
    method: 'POST',
    path: `${PATH}/rotate-secret`,
    title: 'Rotate secret',
    description:
      'Returns a new signing secret, only this once. Until the old one ends, deliveries carry both signatures.',
    access: write,
    secretAnswer: true,
    input: z.object({
      subscriptionId,
      overlapSeconds: z
        .int()
        .min(0)
        .max(604_800)
        .default(86_400)
        .describe('Seconds for which the old secret still signs'),
    }),
    output: z.object({ id: subscriptionId, secret, previousEndsAt: timestamp }),
    errors: notFound,
  }),
  testSubscription: operation({
    method: 'POST',
    path: `${PATH}/test`,
    title: 'Test subscription',
    description:
      'Sends one sample event now, marked by the header webhook-test, and returns the receiver’s response. Changes nothing.',
    access: write,
    readOnly: true,
    cannotRehearse: 'it sends an event to the receiver.',
    input: z.object({
      subscriptionId,
      type: eventType.optional().meta({
        description: 'Type of the sample event; by default the first type of the subscription',
        examples: ['order.created'],
      }),
    }),
    output: z.object({
      delivered: z.boolean().describe('True if the receiver responded with 2xx'),
      status: z.int().nullable(),
      detail: z.string().describe('The result in words'),
      milliseconds: z.int(),
      event: z.object({ id: z.string(), type: z.string() }),
    }),
    errors: { ...notFound, EVENT_TYPE_NOT_FOUND: unusable.EVENT_TYPE_NOT_FOUND },
  }),
  listDeliveries: operation({
    method: 'GET',
    path: `${PATH}/deliveries`,
    title: 'List deliveries',
    description:
      'Events of the last two weeks whose first delivery failed, newest first, and how many messages the subscription is behind.',
    access: read,
    input: z.object({ subscriptionId, state: deliveryState.optional(), ...pageQuery }),
    output: page(delivery).extend({
      lag: z
        .int()
        .nullable()
        .describe(
          'Messages of the topics that are not processed yet, wanted or not; null while Kafka cannot be reached',
        ),
    }),
    errors: notFound,
  }),
};
