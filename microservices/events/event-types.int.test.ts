import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafka } from '../chassis/kafka/client.ts';
import { readTopics } from '../chassis/kafka/read-topics.ts';
import { silentLog } from '../chassis/testing/log.ts';
import { ordersContract } from '../orders/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { findType } from './policy/event-types.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, until } from './testing.ts';

let platform: TestPlatform;
const catalogue = [walletContract, ordersContract, eventsContract];
const client = () => platform.client(eventsContract);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [events],
    remote: [walletContract, ordersContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' })),
    environment,
  });
});
afterAll(() => platform.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => ({ code: 'none', status: 0 }),
    (error: unknown) => error as { code: string; status: number },
  );

describe('event types', () => {
  test('list every event of every domain, also of those that run elsewhere, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client().listEventTypes({ limit: 10, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ type }) => type));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const declared = catalogue.flatMap((contract) => Object.keys(contract.events)).filter((type) => type !== 'custom');
    expect(seen).toEqual(declared.toSorted());
    const { items } = await client().listEventTypes({ domain: 'orders', search: 'CONFIRMED' });
    expect(items.map(({ type }) => type)).toContain('order.confirmed');
    expect(items.every(({ domain, topic }) => domain === 'orders' && topic === 'commerce.orders')).toBe(true);
  });

  test('have a sample that fits their schema', async () => {
    const { items } = await client().listEventTypes({ limit: 200 });
    for (const { type, topic } of items) {
      const sample = await client().getSampleEvent({ type });
      expect([type, findType(catalogue, type)?.declared.payload.safeParse(sample.data).error?.issues]).toEqual([
        type,
        undefined,
      ]);
      expect(sample).toMatchObject({ type, kafka: { topic, key: sample.subject } });
    }
    expect((await client().getSampleEvent({ type: 'custom.anything' })).type).toBe('custom.anything');
  });

  test('the latest event is a real one, or there is none yet', async () => {
    expect(await refusal(client().getLatestEvent({ type: 'wallet.topped_up' }))).toMatchObject({
      status: 404,
      code: 'NO_EVENT_YET',
    });
    expect(await refusal(client().getLatestEvent({ type: 'nobody.knows' }))).toMatchObject({
      status: 404,
      code: 'EVENT_TYPE_NOT_FOUND',
    });
    const first = await client().publishEvent({ type: 'custom.seen', subject: 'cus_1', data: { n: 1 } });
    await until(
      'the first is the latest',
      async () => (await refusal(client().getLatestEvent({ type: 'custom.seen' }))).code === 'none',
    );
    expect(await client().getLatestEvent({ type: 'custom.seen' })).toMatchObject({
      id: first.id,
      subject: 'cus_1',
      source: '/events',
      sequence: 1,
      data: { n: 1 },
      kafka: { topic: 'commerce.events', key: 'cus_1' },
    });
    const second = await client().publishEvent({ type: 'custom.seen', subject: 'cus_2', data: { n: 2 } });
    await until(
      'the second is the latest',
      async () => (await client().getLatestEvent({ type: 'custom.seen' })).id === second.id,
    );
    const { items } = await client().listEventTypes({ search: 'custom.seen' });
    expect(items).toMatchObject([{ type: 'custom.seen', custom: true, topic: 'commerce.events' }]);
  });
});

describe('publishing an event', () => {
  test('writes it to Kafka with the headers of every event', async () => {
    const { id } = await client().publishEvent({
      type: 'custom.loyalty_anniversary',
      subject: 'cus_7',
      data: { years: 3 },
    });
    const event = await platform.waitForEvent('custom.loyalty_anniversary', ({ subject }) => subject === 'cus_7');
    expect(event).toMatchObject({
      id,
      source: '/events',
      subject: 'cus_7',
      sequence: 1,
      dataschema: '/events/schemas/custom.loyalty_anniversary',
      data: { years: 3 },
    });
    const schema = await fetch(`${platform.url}${event.dataschema}`);
    expect([schema.status, await schema.json()]).toMatchObject([200, { type: 'object', title: 'Custom event' }]);
  });

  test('twice under one key publishes it once', async () => {
    const input = { type: 'custom.once', subject: 'cus_1', data: {} };
    const [first, second] = [
      await client().publishEvent(input, { idempotencyKey: 'once-1' }),
      await client().publishEvent(input, { idempotencyKey: 'once-1' }),
    ];
    expect(second).toEqual(first);
    await client().publishEvent({ ...input, type: 'custom.after' });
    await platform.waitForEvent('custom.after');
    expect(platform.events('events').filter(({ type }) => type === 'custom.once')).toHaveLength(1);
  });

  test.each([
    ['what a service says', { type: 'order.created', subject: 'ord_1', data: {} }],
    ['the family itself', { type: 'custom', subject: 'x', data: {} }],
    ['capital letters', { type: 'custom.Loyalty', subject: 'x', data: {} }],
    ['more than 64 KiB', { type: 'custom.big', subject: 'x', data: { text: 'x'.repeat(70_000) } }],
    ['a list', { type: 'custom.list', subject: 'x', data: [1] }],
    [
      'a bottomless pit',
      { type: 'custom.deep', subject: 'x', data: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as object },
    ],
  ])('refuses %s', async (_what, input) => {
    const refused = await refusal(
      client().publishEvent(input as Parameters<ReturnType<typeof client>['publishEvent']>[0]),
    );
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  test('needs the scope', async () => {
    const anybody = platform.client(eventsContract, { credential: '' });
    expect(await refusal(anybody.publishEvent({ type: 'custom.x', subject: 'x' }))).toMatchObject({ status: 401 });
  });

  test('a reader from the start finds every header of the binding', async () => {
    const kafka = createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog });
    const { messages } = await readTopics(kafka, ['commerce.events']);
    const headers = messages[0]?.message.headers ?? {};
    expect(Object.keys(headers)).toEqual(
      expect.arrayContaining([
        'ce_specversion',
        'ce_id',
        'ce_type',
        'ce_source',
        'ce_subject',
        'ce_time',
        'ce_dataschema',
        'ce_sequence',
        'ce_correlationid',
        'content-type',
      ]),
    );
  });
});
