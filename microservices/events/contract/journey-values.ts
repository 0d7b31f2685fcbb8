import { z } from 'zod';
import { choices, id, journeyOrigin, timestamp } from '../../chassis/contract/index.ts';
import { receivedEvent, subject } from './values.ts';

export const waitId = id('wai');

/** The name under which journeys share something: a limit, a split. */
export const sharedName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:-]{0,79}$/u, 'a name is 1 to 80 letters, digits, spaces, dots, dashes and colons')
  .meta({ examples: ['marketing-mails'] });

export const about = subject.describe('Whom or what it counts for, usually the ID of a customer');

export const waitState = choices({
  waiting: 'For the event',
  settled: 'The event came or the time is up, and the journey is being resumed',
  resumed: 'It went on',
  failed: 'It went on and failed, or n8n stopped meanwhile',
  gone: 'The execution is no longer there',
}).describe('How far the wait has come');
export type WaitState = z.infer<typeof waitState>;

export const waitOutcome = choices({
  came: 'The event came',
  timed_out: 'It did not come in time',
});

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
