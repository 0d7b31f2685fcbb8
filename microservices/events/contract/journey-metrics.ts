import { z } from 'zod';
import { choices, event, line, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';

const read = { scope: 'events:read' };
const workflowId = line(200).describe('ID of the workflow in n8n');

export const journeyState = choices({
  started: 'It runs',
  waiting: 'It is parked',
  succeeded: 'It ended well',
  failed: 'It failed and is tried again, or failed after it was parked',
  buried: 'It failed for good: its event is in the dead letters',
}).describe('How far the journey has come');

/** A journey: one workflow for one event. */
const journeyRun = z
  .object({
    workflowId: z.string(),
    workflowName: z.string(),
    eventId: z.string().describe('The event that started it'),
    eventType: z.string(),
    subject: z.string().describe('The ID that the event is about, such as an order'),
    customerId: z.string().nullable(),
    state: journeyState,
    attempts: z.int().describe('Executions so far'),
    failedNode: z.string().nullable().describe('The node that failed, where it is known'),
    startedAt: timestamp,
    updatedAt: timestamp,
    convertedAt: timestamp.nullable().describe('When the customer placed an order afterwards'),
  })
  .meta({ id: 'JourneyRun', title: 'Journey' });
export type JourneyRun = z.infer<typeof journeyRun>;

export const journeyMetrics = z
  .object({
    workflowId: z.string(),
    workflowName: z.string(),
    entered: z.int().describe('Journeys that began in the period'),
    running: z.int().describe('Of these, those that run now'),
    waiting: z.int().describe('Of these, those that are parked now'),
    succeeded: z.int(),
    failed: z.int().describe('Of these, those whose last execution failed'),
    buried: z.int().describe('Of these, those whose event is in the dead letters'),
    converted: z.int().describe('Of these, those whose customer placed an order within the window'),
    failures: z
      .array(z.object({ node: z.string(), count: z.int() }))
      .describe('Nodes at which journeys of the period failed, most often first'),
    lastStartedAt: timestamp,
  })
  .meta({ id: 'JourneyMetrics', title: 'Numbers of a journey' });
export type JourneyMetrics = z.infer<typeof journeyMetrics>;

export const journeyMetricOperations = {
  getJourneyMetrics: operation({
    method: 'GET',
    path: '/journeys/metrics',
    title: 'Get journey metrics',
    description:
      'For each workflow that a FusionCommerce Trigger started: how many journeys entered, wait, succeeded, failed and were followed by an order.',
    access: read,
    input: z.object({
      workflowId: workflowId.optional().describe('Only of this workflow in n8n'),
      days: z.int().min(1).max(90).default(7).describe('Journeys that began in so many days'),
    }),
    output: z.object({ items: z.array(journeyMetrics) }),
  }),
  listJourneyRuns: operation({
    method: 'GET',
    path: '/journeys/runs',
    title: 'List journeys',
    description:
      'Journeys of the last 90 days, newest first: by workflow, state, or the order or customer that they are about.',
    access: read,
    input: z.object({
      workflowId: workflowId.optional().describe('Only of this workflow in n8n'),
      state: journeyState.optional(),
      subject: line(120).optional().describe('The ID of an order, cart or customer'),
      ...pageQuery,
    }),
    output: page(journeyRun),
  }),
};

const about = {
  workflowId: z.string(),
  workflowName: z.string(),
  eventId: z.string().describe('The event that started it'),
  eventType: z.string(),
  about: z.string().describe('The ID that this event is about'),
  customerId: z.string().nullable(),
};

const journeyEvent = <Extra extends z.ZodRawShape>(title: string, description: string, extra: Extra) =>
  event({ title, description, technical: true, aggregate: 'journey', payload: z.object({ ...about, ...extra }) });

export const journeyEvents = {
  'journey.started': journeyEvent('Journey started', 'A workflow began to run for an event.', {}),
  'journey.waiting': journeyEvent('Journey waiting', 'A journey is parked, for an event, a person or a date.', {}),
  'journey.succeeded': journeyEvent('Journey succeeded', 'A journey ended well.', {
    attempts: z.int().describe('Executions that it took'),
  }),
  'journey.failed': journeyEvent(
    'Journey failed',
    'A journey failed for good: its event is in the dead letters, or it failed after it was parked.',
    {
      attempts: z.int(),
      node: z.string().nullable().describe('The node that failed, where it is known'),
    },
  ),
  'journey.split_assigned': event({
    title: 'Journey split assigned',
    description: 'A customer got a branch of a split, once and for ever.',
    technical: true,
    aggregate: 'split',
    payload: z.object({
      split: z.string(),
      branch: z.string(),
      customerId: z.string().describe('Whom the branch was chosen for, usually a customer'),
    }),
  }),
} as const;
