import { randomBytes } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { DOMAINS, waitForOrders, waitForQuiet } from './quiet.ts';
import type { World } from './world.ts';

/** What an audit found: numbers for the report, and every broken promise in words. */
export interface Findings {
  counts: Record<string, number>;
  problems: string[];
}

/** After the dust has settled: outboxes empty, events exactly once and in order, stock and ledger exact, no stuck order. */
export const auditWorld = async (world: World, options: { ordersSettle: boolean }): Promise<Findings> => {
  const problems: string[] = [];
  if (options.ordersSettle) problems.push(...(await waitForOrders(world)));
  problems.push(...(await waitForQuiet(world)));
  const events = await auditEvents(world);
  const [stock, ledger, orders] = await Promise.all([
    world.client(inventoryContract).auditStock({}),
    world.client(walletContract).auditLedger({}),
    world.client(ordersContract).auditOrders({}),
  ]);
  for (const [what, audit] of Object.entries({ stock, ledger, orders })) {
    if (!audit.consistent) problems.push(`${what} audit: ${JSON.stringify(audit.problems).slice(0, 500)}`);
  }
  return { counts: events.counts, problems: [...problems, ...events.problems] };
};

/**
 * Reads every topic from the start and holds it against the databases: per aggregate the sequences must be 1, 2, 3 … as far as the
 * database gave them, each first seen in that order. Further copies of an event are allowed (at least once), the same event only.
 */
const auditEvents = async (world: World): Promise<Findings> => {
  const problems: string[] = [];
  const counts = { events: 0, copies: 0, aggregates: 0 };
  for (const domain of DOMAINS) {
    const given = await world.database.query<{ aggregateid: string; last: string }>(
      `SELECT aggregateid, last FROM ${domain}.event_sequence`,
    );
    const seen = await firstSightings(world, `commerce.${domain}`);
    counts.copies += seen.copies;
    for (const { aggregateid, last } of given.rows) {
      const sequences = seen.byAggregate.get(aggregateid) ?? [];
      counts.aggregates += 1;
      counts.events += sequences.length;
      const expected = Array.from({ length: Number(last) }, (_, index) => index + 1);
      if (sequences.join() !== expected.join())
        problems.push(
          `${domain} ${aggregateid}: ${last} events were committed, Kafka shows the sequences ${sequences.join(',') || 'none'}`,
        );
      seen.byAggregate.delete(aggregateid);
    }
    for (const aggregate of seen.byAggregate.keys())
      problems.push(`${domain} ${aggregate}: Kafka has events that no commit made`);
  }
  return { counts, problems: problems.slice(0, 20) };
};

const firstSightings = async (world: World, topic: string) => {
  const ids = new Set<string>();
  const byAggregate = new Map<string, number[]>();
  let copies = 0;
  for (const event of await ownEvents(world, topic)) {
    if (ids.has(event.id)) {
      copies += 1;
      continue;
    }
    ids.add(event.id);
    byAggregate.set(event.subject, [...(byAggregate.get(event.subject) ?? []), event.sequence]);
  }
  return { byAggregate, copies };
};

/** The events that the topic's own domain published: what others wrote onto it (the poison scenario) is not its word. */
export const ownEvents = async (world: Pick<World, 'kafka'>, topic: string): Promise<CommerceEvent[]> =>
  (await readTopic(world, topic)).filter((event) => topic.endsWith(event.source.slice(1)));

/** Every platform event of a topic; foreign messages are passed over. */
const readTopic = async (world: Pick<World, 'kafka'>, topic: string): Promise<CommerceEvent[]> =>
  (await readMessages(world, topic)).map(decoded).filter((event) => event !== undefined);

/** Every message of a topic, partition by partition in offset order. */
export const readMessages = async (world: Pick<World, 'kafka'>, topic: string): Promise<KafkaMessage[]> => {
  const admin = world.kafka.admin();
  await admin.connect();
  const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => Number(high) > Number(low));
  await admin.disconnect();
  const missing = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  if (missing.size === 0) return [];
  const messages: KafkaMessage[] = [];
  const consumer = openConsumer(world.kafka, {
    groupId: `audit-${randomBytes(6).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          messages.push(message);
          if (Number(message.offset) + 1 >= (missing.get(partition) ?? Infinity)) missing.delete(partition);
          if (missing.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages;
};

const decoded = (message: KafkaMessage): CommerceEvent | undefined => {
  try {
    return fromMessage(message);
  } catch {
    return undefined;
  }
};
