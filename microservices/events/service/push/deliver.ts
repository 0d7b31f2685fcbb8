import { setTimeout as sleep } from 'node:timers/promises';
import { declarationOf } from '../../../chassis/contract/index.ts';
import { matchesFilter } from '../../../chassis/contract/event-filter.ts';
import { typeOf, UndecodableMessage } from '../../../chassis/events/envelope.ts';
import { replayFor } from '../../../chassis/events/replay.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import { newId } from '../../../chassis/ids.ts';
import type { Context } from '../../context.ts';
import type { DeliveryState, PauseReason, ReceivedEvent } from '../../contract/values.ts';
import { groupOf } from '../../policy/event-types.ts';
import { pauseAfter, verdictOf, type Verdict } from '../../policy/verdict.ts';
import { toReceivedEvent } from '../following/received.ts';
import { saveDelivery } from '../../store/deliveries.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import type { Breaker, Pass } from './breaker.ts';
import type { Tell } from './report.ts';
import { deliveryRequest } from './request.ts';
import type { Sender } from './send.ts';

/** One subscription's delivery: its resources, and how it changes the subscription's state. */
export interface Delivering {
  context: Context;
  row: SubscriptionRow;
  sender: Sender;
  breaker: Breaker;
  /** The receiver was found away so many times in a row. */
  onAway: (times: number, status: number | null) => void;
  onBack: () => void;
  tell: Tell;
  /** Pauses the subscription; settles when that is committed. */
  pause: (because: PauseReason) => Promise<void>;
}

/**
 * True for messages that a subscription wants. Undecodable ones are wanted, so that they go to the dead letters and are
 * not lost.
 */
export const wantsMessage = (row: SubscriptionRow): ((received: ReceivedMessage) => boolean) => {
  const types = new Set(row.eventTypes);
  return (received) => {
    if (replayFor(groupOf(row.id), received.message)) return true;
    const type = typeOf(received.message);
    if (type !== undefined && !types.has(type)) return false;
    if (type === undefined || !row.filter) return true;
    try {
      return matchesFilter(row.filter, toReceivedEvent(received));
    } catch {
      return true;
    }
  };
};

/** Delivers one message for good, or leaves it when the delivery ends before. */
export const deliver = async (
  delivering: Delivering,
  received: ReceivedMessage,
  signal: AbortSignal,
): Promise<'done' | 'left'> => {
  const event = decoded(delivering, received);
  if (event instanceof Error)
    return deadLetter(delivering, received, undefined, { attempts: 0, error: event, status: null }, signal);
  const replayed = replayFor(groupOf(delivering.row.id), received.message) !== undefined;
  delivering.tell(event, 'started', 1);
  for (let failures = 0; ;) {
    const verdict = await attempt(delivering, event, replayed, signal);
    if (verdict === undefined) return 'left';
    switch (verdict.kind) {
      case 'delivered':
        delivering.tell(event, 'succeeded', failures + 1);
        if (failures > 0) await note(delivering, received, event, 'delivered', failures + 1, {});
        return 'done';
      case 'away':
        continue;
      case 'over':
        await delivering.pause(verdict.because);
        return 'left';
      case 'failed':
        failures += 1;
        delivering.tell(event, failures >= delivering.row.maxAttempts ? 'buried' : 'failed', failures);
        if (failures >= delivering.row.maxAttempts) {
          const error = new DeliveryFailed(verdict.detail);
          return deadLetter(delivering, received, event, { attempts: failures, error, status: verdict.status }, signal);
        }
        await note(delivering, received, event, 'retrying', failures, verdict);
        await nap(pauseAfter(failures, delivering.context.settings.retryMs, Math.random()), signal);
    }
  }
};

class DeliveryFailed extends Error {
  override name = 'DeliveryFailed';
}

const decoded = ({ context, row }: Delivering, received: ReceivedMessage): ReceivedEvent | Error => {
  try {
    const event = replayFor(groupOf(row.id), received.message)?.event ?? toReceivedEvent(received);
    const declared = context.contracts.map((contract) => declarationOf(contract, event.type)).find(Boolean);
    const issue = declared?.payload.safeParse(event.data).error?.issues[0];
    if (!issue) return event;
    return new UndecodableMessage(
      `it breaks the schema of ${event.type} at ${['data', ...issue.path].join('.')} (${issue.message})`,
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** One attempt, as soon as the receiver is not known to be away; undefined when it was cut short. */
const attempt = async (
  { context, row, sender, breaker, onAway, onBack }: Delivering,
  event: ReceivedEvent,
  replayed: boolean,
  signal: AbortSignal,
): Promise<Verdict | undefined> => {
  const pass: Pass | undefined = await breaker.pass(signal);
  if (pass === undefined) return undefined;
  const now = context.now();
  const result = await sender.post({
    ...deliveryRequest(row, event, now, replayed ? { 'webhook-replay': 'true' } : {}),
    signal,
  });
  const verdict = verdictOf(result, Date.now());
  if (verdict.kind === 'away' && !signal.aborted) onAway(breaker.away(pass, verdict.waitMs), verdict.status);
  else if (signal.aborted && verdict.kind !== 'delivered') {
    breaker.unused(pass);
    return undefined;
  } else {
    breaker.back(pass);
    if (verdict.kind !== 'over') onBack();
  }
  return verdict;
};

const nap = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);

const CANNOT_WRITE_MS = 1_000;

/**
 * Writes a message to the dead letters. Until that succeeds the message stays in flight and its offset is not
 * committed.
 */
const deadLetter = async (
  delivering: Delivering,
  received: ReceivedMessage,
  event: ReceivedEvent | undefined,
  { attempts, error, status }: { attempts: number; error: Error; status: number | null },
  signal: AbortSignal,
): Promise<'done' | 'left'> => {
  const { context, row } = delivering;
  while (!signal.aborted) {
    try {
      await context.streams.deadLetter(received, groupOf(row.id), error, {
        dlq_subscription: row.id,
        dlq_attempts: String(attempts),
        ...(row.externalId === null ? {} : { dlq_external_id: row.externalId }),
        ...(status === null ? {} : { dlq_status: String(status) }),
      });
      await note(delivering, received, event, 'dead_lettered', attempts, { status, detail: error.message });
      return 'done';
    } catch (err) {
      context.log.error({ err, subscriptionId: row.id }, 'a dead letter could not be written; the event waits');
      await nap(CANNOT_WRITE_MS, signal);
    }
  }
  return 'left';
};

/** For people to look at: when it cannot be written down, delivery goes on. */
const note = async (
  { context, row }: Delivering,
  { topic, partition, message }: ReceivedMessage,
  event: ReceivedEvent | undefined,
  state: DeliveryState,
  attempts: number,
  outcome: { status?: number | null; detail?: string },
): Promise<void> => {
  await saveDelivery(context.database, row.id, newId('dlv'), {
    eventId: event?.id ?? '',
    type: event?.type ?? null,
    subject: event?.subject ?? null,
    topic,
    partition,
    offset: message.offset,
    state,
    attempts,
    status: outcome.status ?? null,
    error: outcome.detail?.replaceAll('\u0000', '\ufffd').toWellFormed().slice(0, 1_000) ?? null,
    updatedAt: context.now().toISOString(),
  }).catch((err: unknown) =>
    context.log.warn({ err, subscriptionId: row.id }, 'a failed delivery could not be recorded'),
  );
};
