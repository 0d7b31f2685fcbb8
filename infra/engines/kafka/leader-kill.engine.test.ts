import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Admin, Kafka } from 'kafkajs';
import type { Database } from '../../../microservices/chassis/database/index.ts';
import { fromMessage, type CommerceEvent } from '../../../microservices/chassis/events/envelope.ts';
import { flushOutbox } from '../../../microservices/chassis/events/outbox.ts';
import { startRelays } from '../../../microservices/chassis/events/relays.ts';
import { newUuid } from '../../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../../microservices/chassis/kafka/topics.ts';
import {
  createTestDatabase,
  openChassisDatabase,
  type TestDatabase,
} from '../../../microservices/chassis/testing/database.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import { readTopic } from '../../test/kafka.ts';
import { startKafkaCluster, type KafkaCluster } from './index.ts';

const until = untilWithin(240_000);

jest.setTimeout(600_000);

const TOPIC = 'commerce.widgets.v1';
const [WRITERS, WRITER_PAUSE_MS, PARTITIONS] = [10, 100, 6];
let folder: string;
let cluster: KafkaCluster;
let kafka: Kafka;
let admin: Admin;
let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cluster-'));
  own = await createTestDatabase();
  database = await openChassisDatabase(own);
  cluster = await startKafkaCluster(folder);
  kafka = createKafka({ brokers: cluster.brokers, clientId: 'test', log: silentLog });
  admin = kafka.admin();
  await admin.connect();
  await ensureTopics(kafka, [{ topic: TOPIC, partitions: PARTITIONS, replicationFactor: 3, retentionMs: -1 }]);
});
afterAll(async () => {
  await admin?.disconnect();
  await cluster?.stop();
  await own?.drop();
  await rm(folder, { recursive: true, force: true });
});

const partitions = async () => (await admin.fetchTopicMetadata({ topics: [TOPIC] })).topics[0]?.partitions ?? [];

/** Whoever leads a partition now; while the cluster elects, there is none. */
const leaderOf = async (partition: number): Promise<number> => {
  let leader = -1;
  await until(async () => {
    leader = (await partitions()).find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
    return leader > 0;
  });
  return leader;
};

/** Two events a commit, so that a transaction's events stay together and in order too. */
const commitTwo = (aggregateId: string): Promise<void> =>
  database.transaction((tx) =>
    flushOutbox(
      tx,
      [1, 2].map(() => ({ id: newUuid(), type: 'widget.made', aggregate: 'widget', aggregateId, payload: {} })),
    ),
  );

/**
 * Per aggregate 1, 2, 3 … as they lie in their partition; what came before may come again under its id, nothing is
 * skipped.
 */
const expectExact = (events: readonly CommerceEvent[]): void => {
  const [last, ids] = [new Map<string, number>(), new Map<string, string>()];
  for (const { id, subject, sequence } of events) {
    const before = last.get(subject) ?? 0;
    if (sequence > before) expect([subject, sequence]).toEqual([subject, before + 1]);
    last.set(subject, Math.max(before, sequence));
    const place = `${subject} ${sequence}`;
    expect([place, ids.get(place) ?? id]).toEqual([place, id]);
    ids.set(place, id);
  }
};

/** Commits for several aggregates at once, without haste, until it is stopped; returns how many events then. */
const startLoad = (onCommit: () => void): { stop: () => Promise<number> } => {
  let [committed, over] = [0, false];
  const write = async (aggregateId: string): Promise<void> => {
    while (!over) {
      await commitTwo(aggregateId);
      committed += 2;
      onCommit();
      await sleep(WRITER_PAUSE_MS);
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, index) => write(`wid_${index}`));
  return {
    stop: async () => {
      over = true;
      await Promise.all(writers);
      return committed;
    },
  };
};

test('when the leader of a partition is killed three times under load, then every committed event is there, in order per key', async () => {
  const producer = createProducer(kafka);
  await producer.connect();
  let published = 0;
  const relays = startRelays({ database, log: silentLog });
  const relay = relays.add({
    ...{ database, producer, topic: TOPIC, source: '/widgets', log: silentLog },
    onPublished: (events) => (published += events),
  });
  const publishesMore = async (): Promise<void> => {
    const before = published;
    await until(() => published > before + 50);
  };
  const load = startLoad(() => relay.wake());
  for (const partition of [0, 1, 2]) {
    await publishesMore();
    const victim = await leaderOf(partition);
    await cluster.kill(victim);
    // Two of three go on without it.
    await publishesMore();
    expect(await leaderOf(partition)).not.toBe(victim);
    await cluster.start(victim);
    await until(async () => (await partitions()).every(({ isr }) => isr.length === 3));
  }
  const committed = await load.stop();
  await until(async () => (await relay.backlog()) === 0);
  await relay.stop();
  await relays.stop();
  await producer.disconnect();

  const events = (await readTopic(kafka, TOPIC)).map(fromMessage);
  expect(new Set(events.map(({ id }) => id)).size).toBe(committed);
  expectExact(events);
  const again = events.length - committed;
  console.log(
    `3 leaders killed: ${committed} events committed, all on Kafka in order, ${again} of them again under their old id`,
  );
});
