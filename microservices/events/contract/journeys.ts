import { z } from 'zod';
import { eventFilter } from '../../chassis/contract/event-filter-schema.ts';
import { line, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import { about, sharedName, wait, waitId, waitState } from './journey-values.ts';
import { eventTypes, receiverUrl, unusable } from './subscriptions.ts';
import { subject } from './values.ts';

const read = { scope: 'events:read' };
const write = { scope: 'events:write' };

const YEAR_SECONDS = 31_622_400;
const printable = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'this is 1 to 200 printable characters without spaces');
const count = z.int().min(1).max(1_000_000);

const branch = z.object({
  name: sharedName.describe('Name of the branch'),
  percent: z.int().min(0).max(100).describe('Share of the customers, in percent'),
});

const waitNotFound = { WAIT_NOT_FOUND: { status: 404, title: 'Waiting journey not found' } } as const;

export const journeyOperations = {
  createWait: operation({
    method: 'POST',
    path: '/journeys/waits',
    title: 'Wait for event',
    description:
      'Resumes a parked execution of n8n, once, when an event comes that is about the given value, or when the time is up. The same step again gets the wait it had, settled or not.',
    access: write,
    input: z.object({
      step: printable.describe('Names the step of the journey: the same when the journey is run again'),
      eventTypes,
      value: subject.describe('The ID that the event must be about'),
      field: z
        .string()
        .regex(/^(subject|data\.[^.\s]{1,64})$/u, 'a field here is subject, or a field of data such as data.sku')
        .optional()
        .meta({
          description: 'Where the ID must stand: subject, data.sku; without it, in the subject or in any field of data',
          examples: ['data.sku'],
        }),
      filter: eventFilter.optional(),
      since: timestamp.optional().describe('An event that came since then counts as well'),
      notEventId: z.uuid().optional().describe('The event that started the journey, which does not count'),
      timeoutSeconds: z.int().min(1).max(YEAR_SECONDS).describe('How long to wait, in seconds'),
      workflowId: printable,
      executionId: printable,
      node: line(200).optional(),
      resumeUrl: receiverUrl.describe('Address at which n8n resumes the execution'),
      secret: z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{43}=$/, 'a secret is whsec_ and 32 bytes in base64')
        .meta({ examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='] })
        .describe('Signs the request that resumes it (Standard Webhooks)'),
    }),
    output: wait,
    errors: unusable,
  }),
  getWait: operation({
    method: 'GET',
    path: '/journeys/waits/{waitId}',
    title: 'Get waiting journey',
    description: 'One journey that waits for an event, or did.',
    access: read,
    input: z.object({ waitId }),
    output: wait,
    errors: waitNotFound,
  }),
  listWaits: operation({
    method: 'GET',
    path: '/journeys/waits',
    title: 'List waiting journeys',
    description: 'Journeys that wait for an event, and those of the last 30 days that did, newest first.',
    access: read,
    input: z.object({
      state: waitState.optional(),
      workflowId: printable.optional().describe('Only of this workflow in n8n'),
      value: subject.optional().describe('Only those that wait for events about this ID'),
      ...pageQuery,
    }),
    output: page(wait),
  }),
  giveUpWait: operation({
    method: 'POST',
    path: '/journeys/waits/{waitId}/give-up',
    title: 'Give up waiting',
    description:
      'Ends the wait now as if its time were up: the journey goes on by the output Timed Out. The event no longer counts if it comes later. Repeating it changes nothing.',
    access: write,
    input: z.object({ waitId }),
    output: wait,
    errors: {
      ...waitNotFound,
      WAIT_OVER: { status: 409, title: 'Journey waits no longer', data: z.object({ state: waitState }) },
    },
  }),
  useLimit: operation({
    method: 'POST',
    path: '/journeys/limits/{limit}/uses',
    title: 'Use limit',
    description:
      'Counts one use of a limit and says if it is allowed: at most so many for each customer in a period. All journeys that name the limit share it. The same use again is not counted again and gets the same answer.',
    access: write,
    input: z.object({
      limit: sharedName.describe('Name of the limit'),
      subject: about,
      useId: printable.describe('Names the use: the same when it is repeated'),
      most: count.describe('How many are allowed in the period'),
      periodSeconds: z.int().min(1).max(YEAR_SECONDS).describe('Length of the period before each use, in seconds'),
    }),
    output: z.object({
      allowed: z.boolean().describe('True if this use is within the limit'),
      used: z.int().describe('Uses that were allowed in the period, this one included'),
      most: z.int(),
      nextAt: timestamp.nullable().describe('When the next use will be allowed; null if it is now'),
    }),
  }),
  assignSplit: operation({
    method: 'POST',
    path: '/journeys/splits/{split}/assignments',
    title: 'Assign branch',
    description:
      'Returns the branch of a split that a customer belongs to: chosen by a hash of both names, kept for ever, also when the shares change. Announced once as journey.split_assigned.',
    access: write,
    input: z
      .object({
        split: sharedName.describe('Name of the split'),
        subject: about,
        branches: z.array(branch).min(1).max(10).describe('Branches with their shares, together 100 percent'),
      })
      .refine(({ branches }) => branches.reduce((sum, { percent }) => sum + percent, 0) === 100, {
        message: 'the shares of all branches, the hold-out included, come to 100 percent',
        path: ['branches'],
      })
      .refine(({ branches }) => new Set(branches.map(({ name }) => name)).size === branches.length, {
        message: 'each branch has a name of its own',
        path: ['branches'],
      }),
    output: z.object({
      split: z.string(),
      subject: z.string(),
      branch: z.string(),
      first: z.boolean().describe('True if the customer was assigned just now'),
    }),
  }),
  getSplit: operation({
    method: 'GET',
    path: '/journeys/splits/{split}',
    title: 'Get split',
    description: 'How many customers each branch of a split has, and how many of them ordered within the window.',
    access: read,
    input: z.object({ split: sharedName.describe('Name of the split') }),
    output: z.object({
      split: z.string(),
      branches: z.array(
        z.object({
          name: z.string(),
          customers: z.int(),
          converted: z.int().describe('Customers of it who placed an order afterwards'),
        }),
      ),
    }),
    errors: { SPLIT_NOT_FOUND: { status: 404, title: 'Split not found' } },
  }),
};
