import { setTimeout as sleep } from 'node:timers/promises';
import type { EventItem } from './event-item.ts';
import { runJourney, type Done, type Outcome } from './journey.ts';
import { delayAfter, type RetryPolicy } from './retry.ts';
import { joinOrBegin, leaveJourney, settleJourney } from './running-journeys.ts';

/**
 * How often n8n may be found to have started an event's execution without our seeing an end, before the event counts as
 * one that kills n8n.
 */
const MAX_STARTS = 30;

/** Why an event goes to the dead letters. */
export interface Failure {
  error: Error;
  /** The node that failed, where it is known. */
  node: string | null;
  attempts: number;
}

export interface Journeys {
  /** Names the trigger: its workflow and node. */
  trigger: string;
  policy: RetryPolicy;
  deadlineMs: number;
  /** Starts an execution for an item, under a key that n8n takes only once. */
  start: (item: EventItem, done: Done, deduplicationKey: string) => void;
  /** An execution begins, was parked, or ended; of a failure what it is. Called for each attempt. */
  onState?: (
    item: EventItem,
    state: 'started' | 'waiting' | 'succeeded' | 'failed',
    attempts: number,
    failure?: Failure,
  ) => void;
  /** A failed attempt that will be repeated. */
  onRetry: (item: EventItem, failure: Failure, delayMs: number) => void;
}

export type Delivered = 'done' | 'left' | Failure;

interface Count {
  attempts: number;
  /** Numbers the executions of an event, so that n8n knows each by a key of its own. */
  number: number;
}

/**
 * Runs the journey of one event until it succeeded or was parked ("done"), failed for good (the failure), or is no
 * longer ours to run because the partition is gone or the trigger stops ("left"). An attempt that runs is always waited
 * for, so that no event has two of this process at once.
 */
export const deliver = async (journeys: Journeys, item: EventItem, signal: AbortSignal): Promise<Delivered> => {
  const count: Count = { attempts: 0, number: 1 };
  while (!signal.aborted) {
    journeys.onState?.(item, 'started', count.attempts + 1);
    const outcome = await runOnce(journeys, item, count, signal);
    if (outcome.kind === 'done') {
      const state = outcome.status === 'waiting' ? 'waiting' : 'succeeded';
      journeys.onState?.(item, state, count.attempts + 1);
      return 'done';
    }
    if (outcome.kind === 'interrupted' || signal.aborted) return 'left';
    count.number += 1;
    if (outcome.kind === 'started before' && count.number <= MAX_STARTS) continue;
    count.attempts += 1;
    const failure = failureOf(outcome, count.attempts);
    journeys.onState?.(item, 'failed', count.attempts, failure);
    const delayMs = mayRepeat(outcome) ? delayAfter(journeys.policy, count.attempts, Math.random()) : undefined;
    if (delayMs === undefined) return failure;
    journeys.onRetry(item, failure, delayMs);
    await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return 'left';
};

const runOnce = async (journeys: Journeys, item: EventItem, count: Count, signal: AbortSignal): Promise<Outcome> => {
  const { trigger, deadlineMs } = journeys;
  const journey = joinOrBegin(trigger, item.id, count.number, () =>
    runJourney((done) => journeys.start(item, done, `${trigger}.${item.id}.${count.number}`), deadlineMs),
  );
  const outcome = await journey.outcome;
  count.number = Math.max(count.number, journey.number);
  if (signal.aborted) leaveJourney(trigger, item.id);
  else settleJourney(trigger, item.id);
  return outcome;
};

/** What a person stopped is not started again, and neither is what never came to an end. */
const mayRepeat = ({ kind }: Outcome): boolean => kind === 'failed' || kind === 'overdue';

const failureOf = (outcome: Outcome, attempts: number): Failure => {
  const node = outcome.kind === 'failed' ? outcome.node : null;
  return { error: new Error(reasonOf(outcome)), node, attempts };
};

const reasonOf = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'failed':
      return outcome.reason;
    case 'overdue':
      return `The execution did not end within ${outcome.seconds} seconds. Raise the journey deadline in the trigger's options, or find out what it waits for.`;
    case 'stopped':
      return 'The execution was stopped by a person in n8n.';
    default:
      return `n8n started this event's execution ${MAX_STARTS} times and none came to an end: it may be what makes n8n crash.`;
  }
};
