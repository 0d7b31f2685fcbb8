import type { KafkaMessage } from 'kafkajs';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { readTopic } from '../test/kafka.ts';
import { DOMAINS, waitForOrders, waitForQuiet } from './quiet.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** Findings of an audit: numbers for the report, and one sentence for every violation. */
export interface Findings {
  counts: Record<string, number>;
  problems: string[];
}

/**
 * After the dust has settled: outboxes empty, events exactly once and in order, stock and ledger exact, no stuck order.
 */
export const auditPlatform = async (
  platform: PlatformUnderTest,
  options: { ordersSettle: boolean },
): Promise<Findings> => {
  const problems: string[] = [];
  if (options.ordersSettle) problems.push(...(await waitForOrders(platform)));
  problems.push(...(await waitForQuiet(platform)));
  const events = await auditEventsAtRest(platform);
  const [stock, ledger, orders] = await Promise.all([
    platform.client(inventoryContract).auditStock({}),
    platform.client(walletContract).auditLedger({}),
    platform.client(ordersContract).auditOrders({}),
  ]);
  for (const [what, audit] of Object.entries({ stock, ledger, orders })) {
    if (!audit.consistent) problems.push(`${what} audit: ${JSON.stringify(audit.problems).slice(0, 500)}`);
  }
  return { counts: events.counts, problems: [...problems, ...events.problems] };
};

const AUDITS = 3;

/**
 * What follows dead letters has groups of its own and may commit while the topics are read. What is lost is missing in
 * every audit.
 */
const auditEventsAtRest = async (platform: PlatformUnderTest): Promise<Findings> => {
  let findings = await auditEvents(platform);
  for (let audit = 1; audit < AUDITS && findings.problems.length > 0; audit += 1) {
    await waitForQuiet(platform);
    findings = await auditEvents(platform);
  }
  return findings;
};

/**
 * Reads every topic from the start and holds it against the databases: per aggregate the sequences must be 1, 2, 3 … as
 * far as the database gave them, each first seen in that order. Further copies of an event are allowed (at least once),
 * the same event only.
 */
const auditEvents = async (platform: PlatformUnderTest): Promise<Findings> => {
  const problems: string[] = [];
  const counts = { events: 0, copies: 0, aggregates: 0 };
  for (const domain of DOMAINS) {
    const given = await platform.database.query<{ aggregateid: string; last: string }>(
      `SELECT aggregateid, last FROM ${domain}.event_sequence`,
    );
    const seen = await firstSightings(platform, `commerce.${domain}`);
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

const firstSightings = async (platform: PlatformUnderTest, topic: string) => {
  const ids = new Set<string>();
  const byAggregate = new Map<string, number[]>();
  let copies = 0;
  for (const event of await ownEvents(platform, topic)) {
    if (ids.has(event.id)) {
      copies += 1;
      continue;
    }
    ids.add(event.id);
    byAggregate.set(event.subject, [...(byAggregate.get(event.subject) ?? []), event.sequence]);
  }
  return { byAggregate, copies };
};

/**
 * The events that the topic's own domain published: what others wrote onto it (the poison scenario) is not its word.
 */
export const ownEvents = async (platform: Pick<PlatformUnderTest, 'kafka'>, topic: string): Promise<CommerceEvent[]> =>
  (await readTopic(platform.kafka, topic))
    .map(decoded)
    .filter((event) => event !== undefined)
    .filter(({ source }) => topic.endsWith(source.slice(1)));

const decoded = (message: KafkaMessage): CommerceEvent | undefined => {
  try {
    return fromMessage(message);
  } catch {
    return undefined;
  }
};
