import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestKafka, type TestKafka } from '../../../../infra/test/kafka.ts';
import { until } from '../../testing/until.ts';
import { fetchCommitted } from '../offsets.ts';
import { joined } from './assignment.ts';
import { createEngine, runEngine, startConsuming, type Consuming } from './consume.ts';
import type { ConsumeOptions } from './options.ts';
import type { Engine } from './state.ts';

let broker: TestKafka;
let made = 0;
let topic = '';
const open: Consuming[] = [];
beforeAll(async () => {
  broker = await startTestKafka();
});
afterAll(() => broker.stop());
beforeEach(async () => {
  topic = `things-${(made += 1)}`;
  await broker.createTopic(topic);
});
afterEach(async () => {
  for (const consuming of open.splice(0)) await consuming.stop({ abortAfterMs: 0, leaveAfterMs: 1_000 });
});

const optionsOf = (more: Partial<ConsumeOptions>): ConsumeOptions => ({
  kafka: broker.kafka,
  group: topic,
  topics: [topic],
  limits: { overall: 10, perPartition: 10, held: 100 },
  timeouts: { session: 10_000, rebalance: 10_000 },
  commitAfter: { handled: 50, skipped: 50 },
  wants: () => true,
  handle: async () => 'done',
  onSign: () => undefined,
  onEnd: () => undefined,
  onTrouble: () => undefined,
  ...more,
});
const start = async (more: Partial<ConsumeOptions>): Promise<Consuming> => {
  const consuming = startConsuming(optionsOf(more));
  open.push(consuming);
  await consuming.started;
  return consuming;
};
const send = (...values: string[]) =>
  broker.producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
const withAdmin = async <T>(ask: (admin: ReturnType<typeof broker.kafka.admin>) => Promise<T>): Promise<T> => {
  const admin = broker.kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
};
const committed = async (): Promise<number> => {
  const [found] = await withAdmin((admin) => fetchCommitted(admin, topic, [topic]));
  return Number(found?.partitions[0]?.offset ?? -1);
};

describe('a consumer with messages in flight', () => {
  test('handles nothing twice when its connection is lost while it is full, and commits when the broker is back', async () => {
    const values = Array.from({ length: 40 }, (_, n) => `v${n}`);
    await send(...values);
    const handled: string[] = [];
    let lost: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (lost = resolve));
    let running = 0;
    await start({
      limits: { overall: 10, perPartition: 10, held: 20 },
      handle: async ({ message }) => {
        running += 1;
        await gone;
        handled.push(String(message.value));
        return 'done';
      },
    });
    await until(() => running === 10);
    await broker.down();
    await sleep(3_000);
    lost();
    await until(() => handled.length >= 10);
    await broker.up();
    await until(async () => handled.length === 40 && (await committed()) === 40);
    expect(handled.toSorted()).toEqual(values.toSorted());
  });

  test('handles nothing twice when a join looked its position up a moment before the commit', async () => {
    const handled: string[] = [];
    const engine = createEngine(
      optionsOf({ handle: async ({ message }) => (handled.push(String(message.value)), 'done') }),
    );
    const consuming = runEngine(engine);
    open.push(consuming);
    await consuming.started;
    await send('a', 'b', 'c');
    await until(async () => (await committed()) === 3);
    // kafkajs reads on where that look-up said.
    engine.consumer.seek({ topic, partition: 0, offset: '0' });
    await sleep(500);
    await send('d');
    await until(() => handled.includes('d'));
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
  });

  test('reads a topic that was made anew from its beginning', async () => {
    const handled: string[] = [];
    await send('a', 'b', 'c');
    await start({ handle: async ({ message }) => (handled.push(String(message.value)), 'done') });
    await until(async () => (await committed()) === 3);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await broker.createTopic(topic);
    await send('d');
    await until(() => handled.length === 4);
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
  });

  test('skips at its end what is no longer wanted, and stops while a message never ends', async () => {
    await send('skipped', 'endless', 'after');
    let running = 0;
    const consuming = await start({
      wants: ({ message }) => String(message.value) !== 'skipped',
      handle: async ({ message }) => {
        if (String(message.value) !== 'endless') return 'done';
        running += 1;
        return new Promise<never>(() => undefined);
      },
    });
    await until(async () => running === 1 && (await committed()) === 1);
    await consuming.stop({ abortAfterMs: 0, leaveAfterMs: 100 });
    expect(await committed()).toBe(1);
    expect(consuming.unfinished()).toBe(1);
  });
});

describe('a consumer that comes back as another member', () => {
  /** Has read five messages, and handled the first two, which the broker has not heard. */
  const rejoined = async (committedOffset: string): Promise<string[]> => {
    const handled: string[] = [];
    const engine: Engine = createEngine(
      optionsOf({ handle: async ({ message }) => (handled.push(message.offset), 'done') }),
    );
    const name = `${topic}/0`;
    engine.begun.set(name, 0n);
    engine.window.skip(name, 0n);
    engine.window.skip(name, 1n);
    for (const offset of ['2', '3', '4']) {
      const message = { offset, key: null, value: null, timestamp: '0', attributes: 0, headers: {} };
      const received = { topic, partition: 0, message };
      engine.window.add(name, BigInt(offset), null, { received, bytes: 0, weight: { bytes: 0 }, lost: false });
    }
    engine.state = 'rebalancing';
    await withAdmin((admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: committedOffset }] }),
    );
    joined(engine, 'another', { [topic]: [0] });
    await until(() => engine.state === 'reading');
    await engine.committing.stop();
    await engine.consumer.disconnect();
    return handled;
  };

  test('goes on with what it holds when nobody handled anything of it', async () => {
    await send('0', '1', '2', '3', '4');
    expect(await rejoined('1')).toEqual(['2', '3', '4']);
  });

  test('drops what it holds when somebody else went further', async () => {
    await send('0', '1', '2', '3', '4');
    expect(await rejoined('4')).toEqual([]);
  });
});
