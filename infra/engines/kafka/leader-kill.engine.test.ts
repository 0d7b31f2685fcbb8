import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kafka } from 'kafkajs';
import { runInContext } from '../../../microservices/chassis/context.ts';
import type { Database } from '../../../microservices/chassis/database/index.ts';
import { fromMessage } from '../../../microservices/chassis/events/envelope.ts';
import { flushOutbox } from '../../../microservices/chassis/events/outbox.ts';
import { startRelay } from '../../../microservices/chassis/events/relay.ts';
import { newUuid } from '../../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../../microservices/chassis/kafka/topics.ts';
import {
  createTestDatabase,
  openChassisDatabase,
  type TestDatabase,
} from '../../../microservices/chassis/testing/database.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { until } from '../../../microservices/chassis/testing/until.ts';
import { startKafkaCluster, type KafkaCluster } from './index.ts';

/** Three real brokers, topics as in production: three replicas, of which two must have a record before it counts. */
const TOPIC = 'commerce.cluster';
const KEYS = 20;
const EACH = 100;

let folder: string;
let cluster: KafkaCluster;
let kafka: Kafka;
let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cluster-'));
  [cluster, own] = await Promise.all([startKafkaCluster(folder, 3), createTestDatabase()]);
  database = await openChassisDatabase(own, 'cluster');
  kafka = createKafka({ brokers: cluster.brokers, clientId: 'test', log: silentLog });
  await ensureTopics(kafka, [{ topic: TOPIC, partitions: 6, replicationFactor: 3, retentionMs: -1 }]);
}, 300_000);
afterAll(async () => {
  await cluster?.stop();
  await own?.drop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const leaderOf = async (partition: number): Promise<number> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
    return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
  } finally {
    await admin.disconnect();
  }
};

const commit = (key: string, n: number): Promise<void> => {
  const event = { id: newUuid(), type: 'cluster.counted', aggregate: 'cluster', aggregateId: key, payload: { n } };
  return runInContext({ correlationId: newUuid() }, () => database.transaction((tx) => flushOutbox(tx, [event])));
};

/** Every event by key, in the order of arrival, without those that were redelivered under the same id. */
const collect = async () => {
  const seen = new Set<string>();
  const byKey = new Map<string, number[]>();
  const copies = { count: 0 };
  const consumer = kafka.consumer({ groupId: 'reader', maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { id, subject, data } = fromMessage(message);
      if (seen.has(id)) return void (copies.count += 1);
      seen.add(id);
      byKey.set(subject, [...(byKey.get(subject) ?? []), (data as { n: number }).n]);
    },
  });
  return { seen, byKey, copies, stop: () => consumer.disconnect() };
};

test('the leader is killed under load: nothing that was committed is lost, and each key keeps its order', async () => {
  const producer = createProducer(kafka);
  await producer.connect();
  const relay = startRelay({ database, producer, topic: TOPIC, source: '/cluster', log: silentLog });
  const reader = await collect();
  const writing = Array.from({ length: KEYS }, async (_, key) => {
    for (let n = 0; n < EACH; n += 1) {
      await commit(`key-${key}`, n);
      relay.wake();
    }
  });
  // In the middle of it: some are on Kafka, most are still to come.
  await until(async () => reader.seen.size > 100);
  const victim = await leaderOf(0);
  await cluster.kill(victim);
  await Promise.all(writing);
  await until(async () => (relay.wake(), reader.seen.size >= KEYS * EACH));
  expect(await relay.backlog()).toBe(0);
  expect(await leaderOf(0)).not.toBe(victim);

  // And with the old leader back, everything goes on.
  await cluster.start(victim);
  await commit('key-0', EACH);
  await until(async () => (relay.wake(), reader.seen.size > KEYS * EACH));
  for (let key = 0; key < KEYS; key += 1)
    expect(reader.byKey.get(`key-${key}`)).toEqual(Array.from({ length: key === 0 ? EACH + 1 : EACH }, (_, n) => n));
  await relay.stop();
  await reader.stop();
  await producer.disconnect();
}, 300_000);
