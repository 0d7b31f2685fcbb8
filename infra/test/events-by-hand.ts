import { toMessage } from '../../microservices/chassis/events/envelope.ts';
import { newUuid } from '../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import type { TestPlatform } from './platform.ts';

/** An event as a test writes it; with the id of an earlier one it is a repeat of that. */
export interface EventByHand {
  id?: string;
  type: string;
  subject: string;
  data: unknown;
}

/**
 * Publishes events on a domain's topic as nobody but the domain should, with its envelope. Resolves with their ids when
 * `reader`, a running domain, has handled them.
 */
export const publishByHand = async (
  { kafka, database }: Pick<TestPlatform, 'kafka' | 'database'>,
  { domain, reader }: { domain: string; reader: string },
  events: readonly EventByHand[],
): Promise<string[]> => {
  const log = createLogger({ level: 'fatal', service: 'test' });
  const producer = createProducer(createKafka({ brokers: kafka, clientId: 'by-hand', log }));
  const envelope = { source: `/${domain}`, sequence: 1, correlationid: newUuid(), dataschema: '' };
  const written = events.map((event) => ({ id: newUuid(), time: new Date().toISOString(), ...envelope, ...event }));
  await producer.connect();
  await producer.send({ topic: `commerce.${domain}`, messages: written.map((event) => toMessage(event)) });
  await producer.disconnect();
  const ids = written.map(({ id }) => id);
  const HANDLED = 'SELECT 1 FROM inbox WHERE event_id = ANY ($1::uuid[])';
  const handled = async () => (await database(reader).rows(HANDLED, [ids])).length === new Set(ids).size;
  await until(`${reader} has handled the events`, handled);
  return ids;
};
