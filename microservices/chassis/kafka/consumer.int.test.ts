import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { until } from '../testing/until.ts';
import { openConsumer } from './consumer.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
  await broker.createTopic('things', 2);
});
afterAll(() => broker.stop());

const open = (groupId: string): Consumer =>
  openConsumer(broker.kafka, { groupId, maxWaitTimeInMs: 100, heartbeatInterval: 500, rebalanceTimeout: 60_000 });

const start = async (consumer: Consumer, eachMessage: () => Promise<void> = async () => undefined): Promise<void> => {
  await consumer.connect();
  await consumer.subscribe({ topic: 'things', fromBeginning: true });
  await consumer.run({ eachMessage });
};

const members = async (groupId: string): Promise<number> => {
  const admin = broker.kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([groupId]);
    return groups[0]?.members.length ?? 0;
  } finally {
    await admin.disconnect();
  }
};

/** Of the kind after which kafkajs starts a consumer again, at once. */
const crash = (): Error => Object.assign(new Error('it broke'), { retriable: false, cause: { retriable: true } });

const send = (...partitions: number[]) =>
  broker.producer.send({ topic: 'things', messages: partitions.map((partition) => ({ value: 'a thing', partition })) });

/** A group's only member, busy with a message until told: as long, nobody else can join. */
const busyMember = async (groupId: string) => {
  const consumer = open(groupId);
  const { promise: free, resolve: release } = Promise.withResolvers<void>();
  let busy = false;
  await start(consumer, async () => {
    busy = true;
    await free;
  });
  await send(0);
  await until(() => busy);
  return { consumer, release };
};

/** Nobody comes back: a consumer would start again after 200 ms. */
const soonAndThenAlways = async (groupId: string, count: number): Promise<void> => {
  await until(async () => (await members(groupId)) === count);
  await sleep(1_000);
  expect(await members(groupId)).toBe(count);
};

describe('a consumer that is disconnected', () => {
  test('while it reads leaves its group', async () => {
    const consumer = open('reading');
    await start(consumer);
    await until(async () => (await members('reading')) === 1);
    await consumer.disconnect();
    expect(await members('reading')).toBe(0);
  });

  test('while others hold up its join is waited for five seconds, and leaves when it is let in', async () => {
    const busy = await busyMember('joining');
    const consumer = open('joining');
    const refused = expect(start(consumer)).rejects.toThrow('The consumer was stopped before it had joined its group.');
    await until(async () => (await members('joining')) === 2);
    await consumer.disconnect();
    expect(await members('joining')).toBe(2);
    busy.release();
    await refused;
    await soonAndThenAlways('joining', 1);
    await busy.consumer.disconnect();
  });

  test('while it joins, and is let in a moment later, leaves at once', async () => {
    const busy = await busyMember('late');
    const consumer = open('late');
    const refused = expect(start(consumer)).rejects.toThrow('stopped before it had joined');
    await until(async () => (await members('late')) === 2);
    const gone = consumer.disconnect();
    await sleep(500);
    busy.release();
    await gone;
    await refused;
    expect(await members('late')).toBe(1);
    await busy.consumer.disconnect();
  });

  test('while it joins again after a crash does not come back', async () => {
    const [busy, consumer] = [open('again'), open('again')];
    const { promise: free, resolve: release } = Promise.withResolvers<void>();
    let assigned = 0;
    consumer.on(
      consumer.events.GROUP_JOIN,
      ({ payload }) => (assigned = payload.memberAssignment['things']?.length ?? 0),
    );
    await Promise.all([start(busy, () => free), start(consumer, () => Promise.reject(crash()))]);
    await until(() => assigned === 1);
    const crashed = new Promise((resolve) => consumer.on(consumer.events.CRASH, resolve));
    await send(0, 1);
    await crashed;
    await until(async () => (await members('again')) === 2);
    const gone = consumer.disconnect();
    release();
    await gone;
    await soonAndThenAlways('again', 1);
    await busy.disconnect();
  });

  test('between a crash and the start after it stays away', async () => {
    const consumer = open('crashing');
    const stopped = new Promise((resolve) => consumer.on(consumer.events.STOP, resolve));
    await send(0);
    await start(consumer, () => Promise.reject(crash()));
    await stopped;
    await consumer.disconnect();
    await soonAndThenAlways('crashing', 0);
  });

  test('before it began refuses to begin', async () => {
    const consumer = open('never');
    await consumer.disconnect();
    await expect(start(consumer)).rejects.toThrow('stopped before it had joined');
  });

  test('while it connects does not connect after all', async () => {
    const consumer = open('connecting');
    const refused = expect(start(consumer)).rejects.toThrow('stopped before it had joined');
    await consumer.disconnect();
    await refused;
  });

  test('while it tries to start again without Kafka does not come back with it', async () => {
    const consumer = open('away');
    await start(consumer);
    const crashed = new Promise((resolve) => consumer.on(consumer.events.CRASH, resolve));
    await broker.down();
    await crashed;
    await sleep(500);
    await consumer.disconnect();
    await broker.up();
    await soonAndThenAlways('away', 0);
    // Apache Kafka lets nobody into a group of before for half a minute after its own start.
  }, 120_000);
});
