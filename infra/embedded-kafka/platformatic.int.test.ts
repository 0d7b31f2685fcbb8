import { Admin, Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';

let running: TemporaryBroker;
let bootstrapBrokers: string[];

beforeAll(async () => {
  running = await temporaryBroker();
  bootstrapBrokers = [running.broker().address];
});
afterAll(() => running.remove());

async function createTopic(topic: string, partitions: number): Promise<void> {
  const admin = new Admin({ clientId: 'admin', bootstrapBrokers });
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
}

describe('@platformatic/kafka', () => {
  test('produces idempotently and consumes in a group, committing what it read', async () => {
    await createTopic('foreign', 1);
    const producer = new Producer({
      clientId: 'p',
      bootstrapBrokers,
      serializers: stringSerializers,
      idempotent: true,
    });
    const messages = Array.from({ length: 20 }, (_, index) => ({
      topic: 'foreign',
      key: 'k',
      value: `v${index}`,
      headers: { h: 'x' },
    }));
    for (const message of messages) await producer.send({ messages: [message], acks: ProduceAcks.ALL });
    await producer.close();
    expect(await readSome(12)).toEqual(messages.slice(0, 12).map(({ value }) => value));
    expect(await readSome(8)).toEqual(messages.slice(12).map(({ value }) => value));
  });

  test('lists and describes groups and topics, and is told of mistakes', async () => {
    const admin = new Admin({ clientId: 'admin', bootstrapBrokers, retries: 0 });
    expect(await admin.listTopics()).toContain('foreign');
    expect((await admin.describeGroups({ groups: ['foreigners'] })).get('foreigners')?.state).toBe('Empty');
    await expect(admin.createTopics({ topics: ['foreign'], partitions: 1, replicas: 1 })).rejects.toThrow();
    await admin.deleteTopics({ topics: ['foreign'] });
    expect(await admin.listTopics()).not.toContain('foreign');
    await admin.close();
  });
});

/** Joins the group, reads and commits some messages, and leaves. */
async function readSome(count: number): Promise<string[]> {
  const consumer = new Consumer({
    clientId: 'c',
    groupId: 'foreigners',
    bootstrapBrokers,
    deserializers: stringDeserializers,
  });
  const stream = await consumer.consume({
    topics: ['foreign'],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: false,
    sessionTimeout: 10_000,
    heartbeatInterval: 500,
    maxWaitTime: 100,
  });
  const values: string[] = [];
  for await (const message of stream) {
    values.push(message.value);
    await message.commit();
    if (values.length === count) break;
  }
  await consumer.close(true);
  return values;
}
