import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { allServices } from '../local/services.ts';
import type { World } from './world.ts';

/** What an audit found: numbers for the report, and every broken promise in words. */
export interface Findings {
  counts: Record<string, number>;
  problems: string[];
}

const DOMAINS = allServices.map(({ contract }) => contract.domain);
const SETTLED = ['confirmed', 'cancelled', 'rejected', 'partially_fulfilled', 'fulfilled', 'delivered', 'closed'];
const DRAIN_MS = 60_000;

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

/** Waits until a condition holds; answers what is still wrong when time is up. */
const until = async (what: () => Promise<string | undefined>): Promise<string[]> => {
  let wrong: string | undefined;
  for (const end = Date.now() + DRAIN_MS; Date.now() < end; await sleep(200)) {
    wrong = await what();
    if (wrong === undefined) return [];
  }
  return wrong === undefined ? [] : [wrong];
};

export const waitForOrders = (world: World): Promise<string[]> =>
  until(async () => {
    const stuck = await world.database.query<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM orders.orders WHERE state <> ALL($1) GROUP BY state',
      [SETTLED],
    );
    return stuck.rows.length === 0
      ? undefined
      : `orders are stuck: ${stuck.rows.map(({ state, count }) => `${count} ${state}`).join(', ')}`;
  });

/** Reactions set off reactions: quiet is when no outbox holds anything and nothing was committed for a while. */
const QUIET_MS = 3_000;

export const waitForQuiet = async (world: World): Promise<string[]> => {
  let last = { committed: -1, since: Date.now() };
  return until(async () => {
    const { waiting, committed } = await eventCounts(world);
    if (committed !== last.committed) last = { committed, since: Date.now() };
    if (waiting > 0) return `${waiting} events still wait in the outboxes`;
    return Date.now() - last.since < QUIET_MS ? 'events are still being committed' : undefined;
  });
};

const eventCounts = async (world: World): Promise<{ waiting: number; committed: number }> => {
  const counts = await Promise.all(
    DOMAINS.map(async (domain) => {
      const { rows } = await world.database.query<{ waiting: number; committed: number }>(
        `SELECT (SELECT count(*)::int FROM ${domain}.outbox) AS waiting, (SELECT coalesce(sum(last), 0)::int FROM ${domain}.event_sequence) AS committed`,
      );
      return rows[0] ?? { waiting: 0, committed: 0 };
    }),
  );
  return counts.reduce((sum, count) => ({
    waiting: sum.waiting + count.waiting,
    committed: sum.committed + count.committed,
  }));
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
  // What others wrote onto the topic (the poison scenario) is not the domain's word.
  const own = (await readTopic(world, topic)).filter((event) => topic.endsWith(event.source.slice(1)));
  for (const event of own) {
    if (ids.has(event.id)) {
      copies += 1;
      continue;
    }
    ids.add(event.id);
    byAggregate.set(event.subject, [...(byAggregate.get(event.subject) ?? []), event.sequence]);
  }
  return { byAggregate, copies };
};

/** Every platform event of a topic, partition by partition in offset order; foreign messages are passed over. */
export const readTopic = async (world: Pick<World, 'kafka'>, topic: string): Promise<CommerceEvent[]> => {
  const admin = world.kafka.admin();
  await admin.connect();
  const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => Number(high) > Number(low));
  await admin.disconnect();
  const missing = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  if (missing.size === 0) return [];
  const events: CommerceEvent[] = [];
  const consumer = world.kafka.consumer({ groupId: `audit-${randomBytes(6).toString('hex')}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          const event = decoded(message);
          if (event) events.push(event);
          if (Number(message.offset) + 1 >= (missing.get(partition) ?? Infinity)) missing.delete(partition);
          if (missing.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.stop();
  await consumer.disconnect();
  return events;
};

const decoded = (message: Parameters<typeof fromMessage>[0]): CommerceEvent | undefined => {
  try {
    return fromMessage(message);
  } catch {
    return undefined;
  }
};
