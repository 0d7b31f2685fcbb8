import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { toMessage } from '../../../microservices/chassis/events/envelope.ts';
import { newUuid } from '../../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../../microservices/chassis/kafka/topics.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { silentProgress } from '../../process/progress.ts';
import type { RunningEngine } from '../engine.ts';
import { kafka } from '../kafka/index.ts';
import { druid } from './index.ts';
import { druidRows, eventSupervisor, submitSupervisor } from './testing.ts';

jest.setTimeout(600_000);

const TOPIC = 'commerce.orders.v1';
const COUNT = 'SELECT COUNT(*) AS "events", COUNT(DISTINCT "kafka.header.ce_id") AS "ids" FROM "orders"';
let folder: string;
let broker: RunningEngine;
let cluster: RunningEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-druid-'));
  [broker, cluster] = await Promise.all([
    kafka.start({ folder: join(folder, 'kafka'), progress: silentProgress }),
    druid.start({ folder: join(folder, 'druid'), progress: silentProgress }),
  ]);
});
afterAll(async () => {
  await Promise.all([cluster?.stop(), broker?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Orders of 1 to `count` pieces, every third in Austria. */
const publishOrders = async (count: number): Promise<void> => {
  const client = createKafka({ brokers: [broker.url], clientId: 'test', log: silentLog });
  await ensureTopics(client, [{ topic: TOPIC, partitions: 3, replicationFactor: 1, retentionMs: -1 }]);
  const producer = createProducer(client);
  await producer.connect();
  const messages = Array.from({ length: count }, (_, index) =>
    toMessage({
      id: newUuid(),
      type: 'order.created',
      source: '/orders',
      subject: `ord_${index % 50}`,
      time: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
      sequence: index + 1,
      correlationid: newUuid(),
      dataschema: '',
      data: { pieces: index + 1, country: index % 3 === 0 ? 'AT' : 'DE' },
    }),
  );
  await producer.send({ topic: TOPIC, messages });
  await producer.disconnect();
};

/** Asks until the answer is there: before its first segment a data source has no name, and ingestion takes seconds. */
const untilCounted = async (expected: object): Promise<void> => {
  for (;;) {
    const [row] = await druidRows(cluster.url, COUNT).catch(() => []);
    if (row && JSON.stringify(row) === JSON.stringify(expected)) return;
    await sleep(250);
  }
};

test('SQL answers over HTTP, with parameters apart from the text', async () => {
  const rows = await druidRows(cluster.url, 'SELECT ? || \'!\' AS "greeting", ? + 1 AS "next"', [
    { type: 'VARCHAR', value: "O'Brien" },
    { type: 'BIGINT', value: 41 },
  ]);
  expect(rows).toEqual([{ greeting: "O'Brien!", next: 42 }]);
});

test('a Kafka supervisor reads the events of our topic, each once, with their headers and data as columns', async () => {
  await publishOrders(600);
  await submitSupervisor(cluster.url, eventSupervisor('orders', TOPIC, broker.url));
  await untilCounted({ events: 600, ids: 600 });
  const byCountry = await druidRows(
    cluster.url,
    `SELECT country, COUNT(*) AS "orders", SUM(pieces) AS "pieces", COUNT(DISTINCT "kafka.header.ce_subject") AS "buyers"
     FROM "orders" WHERE __time >= TIMESTAMP '2026-01-01' GROUP BY country ORDER BY country`,
  );
  const sum = (fits: (index: number) => boolean): number =>
    Array.from({ length: 600 }, (_, index) => index)
      .filter(fits)
      .reduce((total, index) => total + index + 1, 0);
  expect(byCountry).toEqual([
    { country: 'AT', orders: 200, pieces: sum((index) => index % 3 === 0), buyers: 50 },
    { country: 'DE', orders: 400, pieces: sum((index) => index % 3 !== 0), buyers: 50 },
  ]);
});

test('stopped and started on the same folder, it knows its supervisor and counts the same, then what comes later', async () => {
  await cluster.stop();
  cluster = await druid.start({ folder: join(folder, 'druid'), progress: silentProgress });
  await untilCounted({ events: 600, ids: 600 });
  await publishOrders(60);
  await untilCounted({ events: 660, ids: 660 });
});
