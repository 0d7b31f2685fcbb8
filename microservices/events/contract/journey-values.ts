import { z } from 'zod';
import { id, journeyOrigin, timestamp } from '../../chassis/contract/index.ts';
import { receivedEvent, subject } from './values.ts';

export const waitId = id('wai');

/** The name under which journeys share something: a limit, a split. */
export const sharedName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:-]{0,79}$/u, 'a name is 1 to 80 letters, digits, spaces, dots, dashes and colons')
  .meta({ examples: ['marketing-mails'] });

export const about = subject.describe('Whom or what it counts for, usually the ID of a customer');

export const waitState = z
  .enum(['waiting', 'settled', 'resumed', 'failed', 'gone'])
  .describe(
    'waiting: for the event; settled: came or timed out, the journey is being resumed; resumed: it went on; failed: it went on and failed, or n8n stopped meanwhile; gone: the execution is no longer there',
  );
export type WaitState = z.infer<typeof waitState>;

export const waitOutcome = z
  .enum(['came', 'timed_out'])
  .describe('came: the event; timed_out: it did not come in time');

/** A journey that is parked, or was. */
export const wait = z
  .object({
    id: waitId,
    state: waitState,
    outcome: waitOutcome.nullable().describe('Null while it waits'),
    eventTypes: z.array(z.string()),
    value: z.string().describe('The value that the event is about'),
    event: receivedEvent.nullable().describe('The event that came'),
    deadline: timestamp.describe('Until when it waits'),
    journey: journeyOrigin,
    note: z.string().nullable().describe('The reason why it could not be resumed, or not yet'),
    createdAt: timestamp,
    settledAt: timestamp.nullable(),
  })
  .meta({ id: 'EventWait', title: 'Waiting journey' });
export type Wait = z.infer<typeof wait>;
