import { gzipSync } from 'node:zlib';
import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { connectWire } from './testing/wire-client.ts';
import { commitOffset } from './testing/wire-requests.ts';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';
import { until } from './testing/until.ts';

let running: TemporaryBroker;
let kafka: Kafka;
const open: { readonly disconnect: () => Promise<void> }[] = [];

beforeAll(async () => {
  running = await temporaryBroker({ defaults: { partitions: 2 } });
  kafka = new Kafka({
    brokers: [running.broker().address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 8 },
  });
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.disconnect();
});
afterAll(() => running.remove());

async function admin() {
  const client = kafka.admin();
  open.push(client);
  await client.connect();
  return client;
}

async function producer(): Promise<Producer> {
  const client = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  open.push(client);
  await client.connect();
  return client;
}

/** A consumer that notes what it gets as "partition:value". */
async function consumer(groupId: string, topic: string, notes: string[]): Promise<Consumer> {
  const client = kafka.consumer({
    groupId,
    sessionTimeout: 6000,
    heartbeatInterval: 100,
    rebalanceTimeout: 5000,
    maxWaitTimeInMs: 50,
  });
  open.push(client);
  await client.connect();
  await client.subscribe({ topic, fromBeginning: true });
  await client.run({
    eachMessage: async ({ partition, message }) => {
      notes.push(`${partition}:${message.value?.toString() ?? ''}`);
    },
  });
  return client;
}

/** Sets a group's offset from outside (kafkajs's own setOffsets waits 5 s for a fetch). */
async function commit(groupId: string, topic: string, offset: number): Promise<void> {
  const client = await connectWire(running.broker());
  expect(await commitOffset(client, { groupId, generationId: -1, memberId: '' }, topic, 0, offset)).toBe(0);
  await client.close();
}

const numbered = (count: number, partition: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    partition,
    key: `k${index}`,
    value: `v${from + index}`,
    headers: { ce_type: 'order.created' },
  }));

describe('kafkajs', () => {
  test('creates, describes, configures, grows and deletes topics', async () => {
    const client = await admin();
    expect(
      await client.createTopics({
        topics: [{ topic: 'made', numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '5000' }] }],
      }),
    ).toBe(true);
    expect(await client.createTopics({ topics: [{ topic: 'made' }] })).toBe(false);
    await client.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'made', configEntries: [{ name: 'segment.bytes', value: '4096' }] }],
    });
    const described = await client.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'made', configNames: ['segment.bytes', 'retention.ms'] }],
    });
    const entries = described.resources[0]?.configEntries.map(({ configName, configValue }) => [
      configName,
      configValue,
    ]);
    expect(Object.fromEntries(entries ?? [])).toEqual({
      'segment.bytes': '4096',
      'retention.ms': String(7 * 24 * 3600 * 1000),
    });
    await client.createPartitions({ topicPartitions: [{ topic: 'made', count: 5 }] });
    const metadata = await client.fetchTopicMetadata({ topics: ['made'] });
    expect(metadata.topics[0]?.partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2, 3, 4]);
    await client.deleteTopics({ topics: ['made'] });
    expect(await client.listTopics()).not.toContain('made');
    expect((await client.describeCluster()).brokers).toHaveLength(1);
  });

  test.each([
    {
      name: 'an unknown setting',
      topic: { topic: 'wrong', configEntries: [{ name: 'no.such', value: '1' }] },
      message: /[Cc]onfiguration/,
    },
    { name: 'a bad name', topic: { topic: 'no spaces' }, message: /invalid topic/ },
    { name: 'two replicas', topic: { topic: 'wrong', replicationFactor: 2 }, message: /[Rr]eplication/ },
    { name: 'no partitions', topic: { topic: 'wrong', numPartitions: 0 }, message: /partitions/ },
  ])('is told when a topic cannot be created: $name', async ({ topic, message }) => {
    const client = await admin();
    await expect(client.createTopics({ topics: [topic] })).rejects.toMatchObject({
      errors: [{ message: expect.stringMatching(message) as string }],
    });
  });

  test('produces and consumes, keys and headers included, in order, compressed or not', async () => {
    await (await admin()).createTopics({ topics: [{ topic: 'flow', numPartitions: 1 }] });
    const sender = await producer();
    await sender.send({ topic: 'flow', messages: numbered(50, 0) });
    await sender.send({ topic: 'flow', compression: 1, messages: numbered(50, 0, 50) });
    const notes: string[] = [];
    await consumer('flow-readers', 'flow', notes);
    await until(() => notes.length >= 100);
    expect(notes).toEqual(Array.from({ length: 100 }, (_, index) => `0:v${index}`));
  });

  test('a group shares partitions, and takes them over when a member leaves', async () => {
    await (await admin()).createTopics({ topics: [{ topic: 'shared', numPartitions: 2 }] });
    const [first, second]: [string[], string[]] = [[], []];
    const client = await admin();
    const members = async (): Promise<number> =>
      (await client.describeGroups(['sharers'])).groups[0]?.members.length ?? 0;
    const stable = async (): Promise<boolean> =>
      (await client.describeGroups(['sharers'])).groups[0]?.state === 'Stable';
    await consumer('sharers', 'shared', first);
    const leaving = await consumer('sharers', 'shared', second);
    await until(async () => (await members()) === 2 && (await stable()));
    const sender = await producer();
    await sender.send({ topic: 'shared', messages: [...numbered(10, 0), ...numbered(10, 1)] });
    await until(() => first.length + second.length >= 20);
    expect([new Set(first.map((note) => note[0])).size, new Set(second.map((note) => note[0])).size]).toEqual([1, 1]);
    await leaving.disconnect();
    await until(async () => (await members()) === 1 && (await stable()));
    await sender.send({ topic: 'shared', messages: [...numbered(10, 0, 10), ...numbered(10, 1, 10)] });
    await until(() => first.length + second.length >= 40);
    expect([...first, ...second].sort()).toEqual(
      [0, 1].flatMap((partition) => numbered(20, partition).map(({ value }) => `${partition}:${value}`)).sort(),
    );
  });

  test('goes on where it was after the broker was restarted', async () => {
    await (await admin()).createTopics({ topics: [{ topic: 'restarted', numPartitions: 1 }] });
    const notes: string[] = [];
    const reader = await consumer('restart-readers', 'restarted', notes);
    const sender = await producer();
    await sender.send({ topic: 'restarted', messages: numbered(5, 0) });
    await until(() => notes.length >= 5);
    await reader.disconnect();
    await running.restart();
    await sender.send({ topic: 'restarted', messages: numbered(5, 0, 5) });
    const later: string[] = [];
    await consumer('restart-readers', 'restarted', later);
    await until(() => later.length >= 5);
    expect([...notes, ...later]).toEqual(Array.from({ length: 10 }, (_, index) => `0:v${index}`));
  });

  test('a consumer that stays connected over a restart gets everything once it is back', async () => {
    await (await admin()).createTopics({ topics: [{ topic: 'staying', numPartitions: 1 }] });
    const notes: string[] = [];
    await consumer('stayers', 'staying', notes);
    const sender = await producer();
    await sender.send({ topic: 'staying', messages: numbered(5, 0) });
    await until(() => notes.length >= 5);
    await running.restart();
    await sender.send({ topic: 'staying', messages: numbered(5, 0, 5) });
    await until(() => new Set(notes).size >= 10);
    expect([...new Set(notes)]).toEqual(Array.from({ length: 10 }, (_, index) => `0:v${index}`));
  });

  test('looks up offsets by time, resets and deletes groups, deletes records', async () => {
    const client = await admin();
    await client.createTopics({ topics: [{ topic: 'timed', numPartitions: 1 }] });
    const start = Date.now() - 60_000;
    const messages = numbered(10, 0).map((message, index) => ({ ...message, timestamp: String(start + index * 1000) }));
    await (await producer()).send({ topic: 'timed', messages });
    expect(await client.fetchTopicOffsetsByTimestamp('timed', start + 4500)).toEqual([{ partition: 0, offset: '5' }]);
    await commit('timers', 'timed', 7);
    expect(await client.fetchOffsets({ groupId: 'timers', topics: ['timed'] })).toMatchObject([
      { partitions: [{ offset: '7' }] },
    ]);
    expect((await client.listGroups()).groups.map(({ groupId }) => groupId)).toContain('timers');
    await client.deleteGroups(['timers']);
    expect((await client.listGroups()).groups.map(({ groupId }) => groupId)).not.toContain('timers');
    await client.deleteTopicRecords({ topic: 'timed', partitions: [{ partition: 0, offset: '6' }] });
    expect(await client.fetchTopicOffsets('timed')).toMatchObject([{ low: '6', high: '10' }]);
  });

  test('deleting a topic forgets what was committed for it; a new one of that name starts empty', async () => {
    const client = await admin();
    await client.createTopics({ topics: [{ topic: 'again', numPartitions: 1 }] });
    await (await producer()).send({ topic: 'again', messages: numbered(3, 0) });
    await commit('againers', 'again', 3);
    await client.deleteTopics({ topics: ['again'] });
    await client.createTopics({ topics: [{ topic: 'again', numPartitions: 1 }] });
    expect(await client.fetchTopicOffsets('again')).toMatchObject([{ low: '0', high: '0' }]);
    expect(await client.fetchOffsets({ groupId: 'againers', topics: ['again'] })).toMatchObject([
      { partitions: [{ offset: '-1' }] },
    ]);
  });

  test('large messages pass up to the limit and are refused beyond it', async () => {
    await (await admin()).createTopics({ topics: [{ topic: 'large', numPartitions: 1 }] });
    const sender = kafka.producer({ retry: { retries: 0 } });
    open.push(sender);
    await sender.connect();
    await sender.send({ topic: 'large', messages: [{ value: 'x'.repeat(1_000_000) }] });
    await expect(sender.send({ topic: 'large', messages: [{ value: 'x'.repeat(1_200_000) }] })).rejects.toThrow(
      /larger/,
    );
    expect(gzipSync('x'.repeat(1_200_000)).length).toBeLessThan(10_000);
    await sender.send({ topic: 'large', compression: 1, messages: [{ value: 'x'.repeat(1_200_000) }] });
  });
});

test('unknown topics are created on request only where the broker allows it', async () => {
  const allowing = await temporaryBroker({ autoCreateTopics: true, defaults: { partitions: 4 } });
  const client = new Kafka({ brokers: [allowing.broker().address], logLevel: logLevel.NOTHING });
  const sender = client.producer();
  const inspector = client.admin();
  try {
    await sender.connect();
    await sender.send({ topic: 'on-demand', messages: [{ value: 'x' }] });
    await inspector.connect();
    expect((await inspector.fetchTopicMetadata({ topics: ['on-demand'] })).topics[0]?.partitions).toHaveLength(4);
  } finally {
    await sender.disconnect();
    await inspector.disconnect();
    await allowing.remove();
  }
  const strict = kafka.producer({ retry: { retries: 0 } });
  open.push(strict);
  await strict.connect();
  await expect(strict.send({ topic: 'on-demand', messages: [{ value: 'x' }] })).rejects.toThrow();
});
