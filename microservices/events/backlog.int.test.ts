import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafka, createProducer } from '../chassis/kafka/client.ts';
import { silentLog } from '../chassis/testing/log.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { deadLettersOf, environment, headersOf, numberIn, openBench, range, until } from './testing.ts';

let platform: TestPlatform;
const client = () => platform.client(eventsContract);
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment });
});
afterEach(clear);
afterAll(() => platform.stop());

describe('a backlog and poison', () => {
  test('a message that is no event goes to the dead letters and blocks nothing', async () => {
    const receiver = await receiverHere();
    const { id } = await subscribe(receiver, 'custom.poisoned');
    const kafka = createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog });
    const producer = createProducer(kafka);
    await producer.connect();
    const poison = [
      { key: 's0', value: 'no event at all' },
      { key: 's0', value: '{"broken', headers: { ce_type: 'custom.poisoned' } },
      { key: 's0', value: null, headers: { ce_type: 'custom.poisoned', ce_id: 'x' } },
    ];
    await producer.send({ topic: 'commerce.events', acks: -1, messages: poison });
    await producer.disconnect();
    await publish('custom.poisoned', 2);
    await until('the good ones come', () => receiver.deliveries.length === 2);
    const own = await deadLettersOf(platform.kafka, id);
    expect(own.map((message) => message.value?.toString() ?? null)).toEqual(poison.map(({ value }) => value));
    expect(own.map((message) => headersOf(message)['dlq_kind'])).toEqual(['undecodable', 'undecodable', 'undecodable']);
  });

  test('3,000 events are delivered, each once, with many in flight and never more than allowed', async () => {
    const kafka = createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog });
    const producer = createProducer(kafka);
    await producer.connect();
    for (let start = 0; start < 3_000; start += 1_000) {
      await producer.send({
        topic: 'commerce.events',
        acks: -1,
        messages: range(1_000, start).map((n) => ({
          key: `s${n % 300}`,
          value: JSON.stringify({ n, padding: 'x'.repeat(500) }),
          headers: {
            ce_id: `01976f3e-8c2a-7b54-9a10-${n.toString(16).padStart(12, '0')}`,
            ce_type: 'custom.backlog',
            ce_source: '/events',
            ce_subject: `s${n % 300}`,
            ce_time: '2026-01-01T00:00:00.000Z',
            ce_sequence: String(n),
          },
        })),
      });
    }
    await producer.disconnect();
    const receiver = await receiverHere();
    const count = new Map<number, number>();
    const last = new Map<string, number>();
    let disorder = 0;
    receiver.respond = (delivered, response) => {
      const n = numberIn(delivered);
      count.set(n, (count.get(n) ?? 0) + 1);
      if ((last.get(delivered.event.subject) ?? -1) >= n) disorder += 1;
      last.set(delivered.event.subject, n);
      receiver.deliveries.length = 0;
      response.writeHead(204).end();
    };
    const { id: subscriptionId } = await subscribe(receiver, 'custom.backlog', {
      startFrom: 'earliest',
      maxInFlight: 50,
    });
    await until('all come', () => count.size === 3_000);
    expect([...count.values()].every((times) => times === 1)).toBe(true);
    expect(disorder).toBe(0);
    expect(receiver.mostOpen).toBeLessThanOrEqual(50);
    await until('nothing is left', async () => (await client().listDeliveries({ subscriptionId })).lag === 0);
    expect([...count.keys()].toSorted((left, right) => left - right)).toEqual(range(3_000));
  });
});
