import { fetchCommitted } from '../../../microservices/chassis/kafka/offsets.ts';
import type { KafkaMessage } from 'kafkajs';
import { newUuid } from '../../../microservices/chassis/ids.ts';
import { toMessage, type CommerceEvent } from '../../../microservices/chassis/events/envelope.ts';
import type { TestKafka } from '../../../infra/test/kafka.ts';

/** An event that no contract declares, so that its data may be anything. */
export const customEvent = (subject: string, sequence: number, more: Partial<CommerceEvent> = {}): CommerceEvent => ({
  id: newUuid(),
  type: 'custom.happened',
  source: '/events',
  subject,
  time: '2026-11-23T10:00:00.000Z',
  sequence,
  correlationid: newUuid(),
  dataschema: '',
  data: { subject, sequence },
  ...more,
});

/** Publishes events, by default where custom ones travel. */
export const publish = async (
  broker: TestKafka,
  events: readonly CommerceEvent[],
  topic = 'commerce.events',
): Promise<void> => {
  await broker.producer.send({ topic, acks: -1, messages: events.map(toMessage) });
};

/** The committed offsets of a consumer group, by partition. */
export const committedOffsets = async (broker: TestKafka, group: string, topic = 'commerce.events') => {
  const admin = broker.kafka.admin();
  await admin.connect();
  const [offsets] = await fetchCommitted(admin, group, [topic]);
  await admin.disconnect();
  return (offsets?.partitions ?? []).map(({ offset }) => Number(offset));
};

/** Publishes a message that is no event. */
export const publishRaw = async (
  broker: TestKafka,
  headers: Record<string, string>,
  key: string,
  value: string,
  topic = 'commerce.events',
): Promise<void> => {
  await broker.producer.send({ topic, acks: -1, messages: [{ key, value, headers }] });
};

/** A message's headers as text. */
export const headersOf = (message: KafkaMessage | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(message?.headers ?? {}).map(([name, value]) => [name, value?.toString() ?? '']));
