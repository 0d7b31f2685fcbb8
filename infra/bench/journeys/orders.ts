import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import pg from 'pg';
import { ownEvents } from '../../faults/audit.ts';
import { openHttp } from '../lib/http.ts';
import type { BenchPlatform } from '../lib/platform.ts';
import { fundOwners, registerCustomers } from '../lib/shop.ts';

const ADDRESS = { name: 'Bench Customer', line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' };

/** How far orders have come, by the times of their events. */
export interface Followed {
  /** Milliseconds from order.created to order.confirmed, of those that were confirmed. */
  taken: number[];
  /** When the last was confirmed, epoch milliseconds. */
  last: number;
}

/**
 * Orders of new customers each: many of one within minutes are what the fraud score looks for. Returns their ids once
 * they are on Kafka.
 */
export const placeOrders = async (
  platform: BenchPlatform,
  kafka: Kafka,
  skus: readonly string[],
  count: number,
): Promise<string[]> => {
  const http = openHttp(platform.url, platform.adminKey, 8);
  const customers = await registerCustomers(platform, count);
  await fundOwners(platform, customers, 1_000_000);
  const ids: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const lines = [{ sku: skus[index % skus.length], quantity: 1 }];
      const wanted = { currency: 'EUR', customerId: customers[index], shippingAddress: ADDRESS, lines };
      const quote = await http.expect<{ id: string }>('POST', '/v1/quotes', wanted, randomUUID());
      ids.push((await http.expect<{ id: string }>('POST', '/v1/orders', { quoteId: quote.id }, randomUUID())).id);
    }
  };
  await Promise.all(Array.from({ length: Math.min(8, count) }, worker));
  while (!(await arePublished(kafka, ids))) await sleep(200);
  return ids;
};

const arePublished = async (kafka: Kafka, ids: readonly string[]): Promise<boolean> => {
  const created = new Set((await ownEvents({ kafka }, 'commerce.orders')).map(({ subject }) => subject));
  return ids.every((id) => created.has(id));
};

/**
 * Waits until all are confirmed, asking the database only, so that watching costs the platform nothing. False when
 * patience ends.
 */
export const untilConfirmed = async (
  databaseUrl: string,
  ids: readonly string[],
  options: { everyMs: number; patienceMs: number },
): Promise<boolean> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let waited = 0; waited < options.patienceMs; waited += options.everyMs) {
      const { rows } = await client.query<{ confirmed: number }>(
        `SELECT count(*)::int AS confirmed FROM orders.orders WHERE id = ANY($1) AND state = 'confirmed'`,
        [ids],
      );
      if (rows[0]?.confirmed === ids.length) return true;
      await sleep(options.everyMs);
    }
    return false;
  } finally {
    await client.end();
  }
};

/** Reads from Kafka when orders were created and confirmed. */
export const follow = async (kafka: Kafka, ids: readonly string[]): Promise<Followed> => {
  const wanted = new Set(ids);
  const confirmed = new Map<string, number>();
  const created = new Map<string, number>();
  // The last order.confirmed may still be on its way from the outbox.
  for (let tries = 0; tries < 20 && confirmed.size < ids.length; tries += 1) {
    for (const { type, subject, time } of await ownEvents({ kafka }, 'commerce.orders')) {
      if (!wanted.has(subject)) continue;
      if (type === 'order.created') created.set(subject, Date.parse(time));
      if (type === 'order.confirmed') confirmed.set(subject, Date.parse(time));
    }
    await sleep(100);
  }
  return {
    taken: [...confirmed].map(([id, at]) => at - (created.get(id) ?? at)),
    last: Math.max(...confirmed.values()),
  };
};

/** When a trigger's group got through all that waits for it, epoch milliseconds. */
export const untilConsumed = async (kafka: Kafka, groupId: string, patienceMs: number): Promise<number> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(20)) {
      const ends = await admin.fetchTopicOffsets('commerce.orders');
      const [group] = await admin.fetchOffsets({ groupId, topics: ['commerce.orders'] });
      const behind = ends.reduce((sum, { partition, high }) => {
        const offset = Number(group?.partitions.find((one) => one.partition === partition)?.offset ?? high);
        return sum + Number(high) - offset;
      }, 0);
      if (behind === 0) return Date.now();
    }
    throw new Error(`The group ${groupId} did not get through its events.`);
  } finally {
    await admin.disconnect();
  }
};
