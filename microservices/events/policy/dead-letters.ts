import type { KafkaMessage } from 'kafkajs';
import { REPLAYED } from '../../chassis/events/replay.ts';
import type { ReceivedMessage } from '../../chassis/kafka/consume/options.ts';
import { toJourneyEvent } from '../../chassis/events/envelope.ts';
import { replay, type DeadLetter } from '../contract/dead-letters.ts';
import type { ReceivedEvent } from '../contract/values.ts';
import type { DeadLetterRow } from '../store/dead-letters.ts';

/** How the gateway trigger of n8n names its subscription. */
const EXTERNAL_ID = /^n8n\.([^.]+)\./;

/** Text that PostgreSQL takes. */
const storable = (text: string, length = 500): string =>
  text.replaceAll('\u0000', '\ufffd').toWellFormed().slice(0, length);

/** Reads a message of a dead-letter topic. It always becomes a dead letter, whatever is wrong with it. */
export const deadLetterOf = (received: ReceivedMessage, id: string, now: Date): DeadLetterRow => {
  const header = (name: string): string | null => {
    const value = received.message.headers?.[name]?.toString();
    return value === undefined || value === '' ? null : storable(value, 2_000);
  };
  const place = {
    topic: header('dlq_topic') ?? received.topic.replace(/\.dlq$/, ''),
    partition: wholeNumber(header('dlq_partition')) ?? 0,
    offset: String(wholeNumber(header('dlq_offset')) ?? 0),
  };
  const { event, replayOf } = eventIn(received.message, place);
  const text = event && JSON.stringify(event);
  const deadLetteredAt = new Date(Number(received.message.timestamp)).toISOString();
  return {
    id,
    state: 'waiting',
    ...consumerOf(header),
    node: header('dlq_node'),
    attempts: wholeNumber(header('dlq_attempts')),
    error: header('dlq_error') ?? 'no reason was given',
    eventId: event?.id ?? header('ce_id'),
    type: event?.type ?? header('ce_type'),
    subject: event?.subject ?? header('ce_subject'),
    number: numberIn(event?.data),
    event: text === undefined || text.includes('\u0000') ? null : text.toWellFormed(),
    ...place,
    replayOf,
    deadLetteredAt,
    updatedAt: now.toISOString(),
  };
};

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;

const consumerOf = (
  header: (name: string) => string | null,
): Pick<DeadLetter, 'consumer' | 'group' | 'workflowId' | 'subscriptionId'> => {
  const subscriptionId = header('dlq_subscription');
  const workflowId = header('dlq_workflow_id') ?? EXTERNAL_ID.exec(header('dlq_external_id') ?? '')?.[1] ?? null;
  const consumer = workflowId !== null ? 'workflow' : subscriptionId !== null ? 'subscription' : 'service';
  return { consumer, group: header('dlq_group') ?? 'unknown', workflowId, subscriptionId };
};

/** The event that a message carries, or the one of a replay that failed again. */
const eventIn = (
  message: KafkaMessage,
  { topic, partition, offset }: { topic: string; partition: number; offset: string },
): { event?: ReceivedEvent; replayOf: string | null } => {
  try {
    const event: ReceivedEvent = toJourneyEvent({ topic, partition }, { ...message, offset });
    if (event.type !== REPLAYED) return { event, replayOf: null };
    const again = replay.parse(event.data);
    return { event: again.event, replayOf: again.deadLetterId };
  } catch {
    return { replayOf: null };
  }
};

const numberIn = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'number' in data && typeof data.number === 'string'
    ? storable(data.number, 100)
    : null;

/** Half a MiB is what an event may have; a replay carries one, and its place. */
const MOST_BYTES = 450_000;

/** Why a dead letter cannot be replayed, as the second half of a sentence; undefined when it can. */
export const whyNotReplayable = ({ consumer, event, group }: DeadLetterRow): string | undefined => {
  if (consumer === 'service')
    return `it is for the service ${group}, which reads no replays. Mend the cause; what the event says can be read from its owner.`;
  if (event === null) return 'it is no event that a workflow could read.';
  if (Buffer.byteLength(event) > MOST_BYTES) return 'it is too large to be sent again.';
  return undefined;
};
