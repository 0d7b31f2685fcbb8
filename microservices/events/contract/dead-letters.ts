import { z } from 'zod';
import { choices, id, opaque, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import { eventType, receivedEvent, subject } from './values.ts';

export const deadLetterId = id('dle');

export const deadLetterState = choices({
  waiting: 'Waits for a person',
  replayed: 'Given to its consumer again',
  discarded: 'Nobody needs it any more',
}).describe('What became of it');
export type DeadLetterState = z.infer<typeof deadLetterState>;

export const consumer = z
  .enum(['workflow', 'subscription', 'service'])
  .describe('What could not handle the event: a workflow in n8n, a subscription, or a service of the platform');

export const deadLetter = z
  .object({
    id: deadLetterId,
    state: deadLetterState,
    consumer,
    group: z.string().describe('The consumer group that could not handle it'),
    workflowId: z.string().nullable().describe('The workflow in n8n'),
    node: z.string().nullable().describe('The node that failed, or the trigger'),
    subscriptionId: z.string().nullable(),
    attempts: z.int().nullable().describe('How often it was tried'),
    error: z.string().describe('The reason why it failed'),
    eventId: z.string().nullable().describe('null for a message that is no event'),
    type: z.string().nullable(),
    subject: z.string().nullable(),
    number: z.string().nullable().describe('The number by which people know it, for example of an order'),
    event: receivedEvent.nullable().describe('The event; null for a message that is none'),
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
    replayOf: deadLetterId.nullable().describe('The dead letter whose replay failed'),
    deadLetteredAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'DeadLetter', title: 'Dead letter' });
export type DeadLetter = z.infer<typeof deadLetter>;

/** The part that events about a dead letter share: no reason, whose words may name a person. */
export const aboutDeadLetter = z.object({
  deadLetterId,
  consumer,
  workflowId: z.string().nullable(),
  subscriptionId: z.string().nullable(),
  group: z.string(),
  eventId: z.string().nullable(),
  type: z.string().nullable(),
  subject: z.string().nullable(),
  number: z.string().nullable(),
});

/** A dead letter on its way back, as chassis/events/replay.ts reads it. */
export const replay = z.object({
  deadLetterId,
  group: z.string(),
  workflowId: z.string().nullable(),
  subscriptionId: z.string().nullable(),
  event: receivedEvent,
});

const read = { scope: 'events:read' };
const write = { scope: 'events:write' };
const PATH = '/dead-letters/{deadLetterId}';
const one = z.object({ deadLetterId });

const notFound = { DEAD_LETTER_NOT_FOUND: { status: 404, title: 'Dead letter not found' } } as const;
const illegal = {
  ILLEGAL_STATE: {
    status: 409,
    title: 'Not allowed in this state',
    data: z.object({ deadLetterId: z.string(), state: deadLetterState, allowed: z.array(z.string()) }),
  },
} as const;

export const deadLetterOperations = {
  listDeadLetters: operation({
    method: 'GET',
    path: '/dead-letters',
    title: 'List dead letters',
    description: 'Events that a consumer could not handle after its last attempt, newest first. Kept for 30 days.',
    access: read,
    input: z.object({
      state: deadLetterState.optional(),
      workflowId: opaque(100).optional().describe('Only of this workflow in n8n'),
      subscriptionId: id('evs').optional(),
      type: eventType.optional(),
      subject: subject.optional(),
      since: timestamp.optional().describe('Only those of this moment or later'),
      ...pageQuery,
    }),
    output: page(deadLetter),
  }),
  getDeadLetter: operation({
    method: 'GET',
    path: PATH,
    title: 'Get dead letter',
    description: 'One dead letter with its event and the reason why it failed.',
    access: read,
    input: one,
    output: deadLetter,
    errors: notFound,
  }),
  replayDeadLetter: operation({
    method: 'POST',
    path: `${PATH}/replay`,
    title: 'Replay dead letter',
    description:
      'Gives the event to the workflow or subscription that could not handle it, and to nobody else. Repeated, it does nothing more. A workflow that is inactive gets it when it is published. FusionCommerce nodes that succeeded before act again only when that was more than 24 hours ago.',
    access: write,
    input: one,
    output: deadLetter,
    errors: { ...notFound, ...illegal, NOT_REPLAYABLE: { status: 422, title: 'Cannot be replayed' } },
  }),
  discardDeadLetter: operation({
    method: 'POST',
    path: `${PATH}/discard`,
    title: 'Discard dead letter',
    description: 'Marks the event as one that nobody needs any more. Repeated, it does nothing more.',
    access: write,
    input: one,
    output: deadLetter,
    errors: { ...notFound, ...illegal },
  }),
};
