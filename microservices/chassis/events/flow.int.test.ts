import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { silentLog } from '../testing/log.ts';
import { until } from '../testing/until.ts';
import { startFlow, type Flow, type FlowOptions } from './flow.ts';
import { createStreams } from './streams.ts';

let kafka: TestKafka;
let topic = '';
const flows: Flow[] = [];

beforeAll(async () => {
  kafka = await startTestKafka();
});
afterEach(async () => {
  for (const flow of flows.splice(0)) await flow.stop(1_000);
});
afterAll(() => kafka.stop());

const newTopic = async (partitions = 1): Promise<string> => {
  topic = `flow-${randomUUID()}`;
  await kafka.createTopic(topic, partitions);
  return topic;
};
const send = (count: number, keyOf: (n: number) => string, from = 0) =>
  kafka.producer.send({
    topic,
    acks: -1,
    messages: Array.from({ length: count }, (_, index) => ({ key: keyOf(from + index), value: String(from + index) })),
  });
const start = async (options: Partial<FlowOptions> & Pick<FlowOptions, 'handle' | 'group'>): Promise<Flow> => {
  const flow = startFlow({
    kafka: kafka.kafka,
    topics: [topic],
    startAt: {},
    limits: { overall: 10, perPartition: 10 },
    wants: () => true,
    log: silentLog,
    ...options,
  });
  flows.push(flow);
  await flow.started;
  return flow;
};
const lag = (group: string): Promise<number> =>
  createStreams(kafka.kafka, kafka.producer, silentLog).lag(group, [topic], {});

describe('a flow of messages in flight', () => {
  test('reads no further than it may hold while the work stands still, and goes on when it moves', async () => {
    await newTopic();
    await send(3_000, (n) => `k${n}`);
    let looked = 0;
    let opened = false;
    let running = 0;
    let most = 0;
    const done = new Set<string>();
    await start({
      group: 'stuck',
      wants: () => (looked += 1) > 0,
      handle: async ({ message }) => {
        running += 1;
        most = Math.max(most, running);
        while (!opened) await sleep(10);
        running -= 1;
        done.add(String(message.value));
        return 'done';
      },
    });
    await until(async () => looked === 500);
    await sleep(1_500);
    expect([looked, running]).toEqual([500, 10]);
    expect(await lag('stuck')).toBe(3_000);
    opened = true;
    await until(async () => done.size === 3_000 && (await lag('stuck')) === 0);
    expect([looked, most]).toEqual([3_000, 10]);
  });

  test('a slow message holds the position, not the others; what came after it comes again', async () => {
    await newTopic();
    await send(20, (n) => `k${n}`);
    const first: string[] = [];
    const flow = await start({
      group: 'slow',
      handle: async ({ message }, signal) => {
        if (String(message.value) === '5') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          return 'left';
        }
        first.push(String(message.value));
        return 'done';
      },
    });
    await until(async () => first.length === 19 && (await lag('slow')) === 15);
    await flow.stop(50);
    const second: string[] = [];
    await start({ group: 'slow', handle: async ({ message }) => (second.push(String(message.value)), 'done') });
    await until(async () => second.length === 15);
    expect(second.toSorted((left, right) => Number(left) - Number(right))).toEqual(
      Array.from({ length: 15 }, (_, index) => String(5 + index)),
    );
  });

  test('work that throws is done again', async () => {
    await newTopic();
    await send(1, () => 'k');
    let calls = 0;
    await start({
      group: 'throwing',
      handle: async () => {
        if ((calls += 1) === 1) throw new Error('once');
        return 'done';
      },
    });
    await until(async () => calls === 2 && (await lag('throwing')) === 0);
  });

  test('a broker that goes away and comes back loses nothing', async () => {
    await newTopic(3);
    await send(50, (n) => `k${n % 10}`);
    const done = new Set<string>();
    await start({ group: 'outage', handle: async ({ message }) => (done.add(String(message.value)), 'done') });
    await until(async () => done.size === 50);
    await kafka.down();
    await sleep(500);
    await kafka.up();
    await send(50, (n) => `k${n % 10}`, 50);
    await until(async () => done.size === 100 && (await lag('outage')) === 0);
  });

  test('two share the partitions; when one leaves with work in flight the other does it, one of a key at a time', async () => {
    await newTopic(6);
    await send(200, (n) => `k${n % 40}`);
    const done = new Map<string, number>();
    const busy = new Set<string>();
    let overlaps = 0;
    const handle: FlowOptions['handle'] = async ({ message }, signal) => {
      const key = String(message.key);
      if (busy.has(key)) overlaps += 1;
      busy.add(key);
      await sleep(20, undefined, { signal }).catch(() => undefined);
      busy.delete(key);
      if (signal.aborted) return 'left';
      done.set(String(message.value), (done.get(String(message.value)) ?? 0) + 1);
      return 'done';
    };
    const leaving = await start({ group: 'shared', handle });
    await start({ group: 'shared', handle });
    await until(async () => done.size > 40);
    await leaving.stop(0);
    await until(async () => done.size === 200 && (await lag('shared')) === 0);
    expect(overlaps).toBe(0);
  });

  test('begins where it is told while its group has no position, and goes on from there afterwards', async () => {
    await newTopic();
    await send(10, () => 'k');
    const seen: string[] = [];
    const options = {
      group: 'begun',
      startAt: { [topic]: { 0: '7' } },
      handle: async ({ message }: { message: { value: Buffer | null } }): Promise<'done'> => (
        seen.push(String(message.value)),
        'done'
      ),
    };
    const flow = await start(options);
    await until(async () => seen.length === 3);
    await flow.stop(1_000);
    await send(2, () => 'k', 10);
    await start(options);
    await until(async () => seen.length === 5);
    expect(seen).toEqual(['7', '8', '9', '10', '11']);
  });
});
