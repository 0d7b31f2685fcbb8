import { chooseServices } from '../../infra/platform/choose-services.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { createKafka } from '../chassis/kafka/client.ts';
import { silentLog } from '../chassis/testing/log.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { eventsContract } from './contract.ts';
import { environment, numbers, openBench, until } from './testing.ts';

let platform: TestPlatform;
let ahead = 0;
const client = () => platform.client(eventsContract);
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: chooseServices(['customers', 'events', 'notifications']),
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
    environment: { ...environment, NOTIFICATIONS_POLL_MS: '50', STAFF_EMAIL: 'operations@shop.example' },
    now: () => new Date(Date.now() + ahead),
  });
});
afterEach(clear);
afterAll(() => platform.stop());

const lettersOf = async (type: string) => (await client().listDeadLetters({ type })).items;
const waiting = (type: string, count: number) =>
  until(
    `${count} dead letters`,
    () => lettersOf(type),
    (letters) => letters.length >= count,
  );

/** A receiver that refuses everything, and the dead letters of what it was sent. */
const buried = async (type: string, count: number) => {
  const receiver = await receiverHere();
  receiver.respond = 500;
  const subscription = await subscribe(receiver, type, { maxAttempts: 1 });
  await publish(type, count);
  return { receiver, subscription, letters: await waiting(type, count) };
};

test('what a receiver could not handle is listed with its event and reason, and announced once without the reason', async () => {
  const { subscription, letters } = await buried('custom.listed', 2);
  expect(letters).toMatchObject([
    { state: 'waiting', consumer: 'subscription', subscriptionId: subscription.id, attempts: 1, type: 'custom.listed' },
    { subject: 's0', error: expect.stringContaining('500') as string, event: { data: { n: 0 }, subject: 's0' } },
  ]);
  const [, oldest] = letters;
  expect(await client().getDeadLetter({ deadLetterId: oldest?.id ?? '' })).toEqual(oldest);
  const announced = await platform.waitForEvent('event.dead_lettered', ({ subject }) => subject === oldest?.id);
  expect(announced.data).toEqual({
    deadLetterId: oldest?.id,
    consumer: 'subscription',
    workflowId: null,
    subscriptionId: subscription.id,
    group: `push-${subscription.id}`,
    eventId: oldest?.eventId,
    type: 'custom.listed',
    subject: 's0',
    number: null,
  });
});

test('a replay reaches the one subscription that could not handle it, once, however often it is asked for', async () => {
  const { receiver, letters } = await buried('custom.replayed', 2);
  const other = await receiverHere();
  await subscribe(other, 'custom.replayed');
  receiver.respond = 204;
  const before = receiver.deliveries.length;
  const [newest] = letters;
  const deadLetterId = newest?.id ?? '';
  const replays = await Promise.all(Array.from({ length: 5 }, () => client().replayDeadLetter({ deadLetterId })));
  expect(replays.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'replayed'));
  await until('it comes again', () => receiver.deliveries.length > before);
  // A later event of the same type comes behind the replay.
  await publish('custom.replayed', 1, 1, 7);
  await until('what follows comes', () => other.deliveries.length === 1 && receiver.deliveries.length === before + 2);
  const [again] = receiver.deliveries.slice(before);
  expect(again?.event).toEqual({ ...newest?.event });
  expect(again?.headers['webhook-replay']).toBe('true');
  expect(numbers(other.deliveries)).toEqual([7]);
  expect(platform.events('events').filter(({ type }) => type === 'event.replayed')).toHaveLength(1);
});

test('a replay that fails again is a dead letter of its own, of the same event', async () => {
  const { letters } = await buried('custom.again', 1);
  const [first] = letters;
  await client().replayDeadLetter({ deadLetterId: first?.id ?? '' });
  const [second] = await waiting('custom.again', 2);
  expect(second).toMatchObject({
    state: 'waiting',
    replayOf: first?.id,
    eventId: first?.eventId,
    event: { data: { n: 0 } },
  });
});

test('what is discarded cannot be replayed, and what is for nobody any more neither', async () => {
  const { subscription, letters } = await buried('custom.discarded', 2);
  const [first = { id: '' }, second = { id: '' }] = letters;
  expect((await client().discardDeadLetter({ deadLetterId: first.id })).state).toBe('discarded');
  expect((await client().discardDeadLetter({ deadLetterId: first.id })).state).toBe('discarded');
  await expect(client().replayDeadLetter({ deadLetterId: first.id })).rejects.toMatchObject({
    code: 'ILLEGAL_STATE',
    data: { state: 'discarded', allowed: [] },
  });
  await client().deleteSubscription({ subscriptionId: subscription.id });
  await expect(client().replayDeadLetter({ deadLetterId: second.id })).rejects.toMatchObject({
    code: 'NOT_REPLAYABLE',
    message: expect.stringContaining('was deleted') as string,
  });
  expect((await client().getDeadLetter({ deadLetterId: second.id })).state).toBe('waiting');
  await expect(client().getDeadLetter({ deadLetterId: `dle_${'0'.repeat(32)}` })).rejects.toMatchObject({
    code: 'DEAD_LETTER_NOT_FOUND',
  });
});

const send = async (headers: Record<string, string>, value: string | Buffer): Promise<void> => {
  const producer = createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog }).producer();
  await producer.connect();
  await producer.send({ topic: 'commerce.customers.dlq', messages: [{ key: 'k', value, headers }] });
  await producer.disconnect();
};

test('a workflow’s dead letter is found by the workflow, with the order’s number; one that is no event is kept and stays', async () => {
  const event = {
    ce_id: '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61',
    ce_type: 'order.confirmed',
    ce_source: '/orders',
    ce_subject: 'ord_1',
    ce_time: '2026-11-23T10:00:00Z',
  };
  const group = 'fusioncommerce.wf-1.node-1';
  const notes = { dlq_group: group, dlq_workflow_id: 'wf-1', dlq_node: 'Order', dlq_attempts: '5', dlq_error: 'away' };
  await send({ ...event, ...notes, dlq_topic: 'commerce.orders', dlq_offset: '7' }, '{"number":"FC-1007"}');
  await send({ dlq_group: 'inventory', dlq_error: 'no\u0000sense', ce_type: 'order.weird' }, Buffer.from([0, 255, 1]));
  const [letter] = await waiting('order.confirmed', 1);
  expect(letter).toMatchObject({
    consumer: 'workflow',
    workflowId: 'wf-1',
    number: 'FC-1007',
    attempts: 5,
    offset: '7',
  });
  expect((await client().listDeadLetters({ workflowId: 'wf-1' })).items).toEqual([letter]);
  await client().replayDeadLetter({ deadLetterId: letter?.id ?? '' });
  expect((await platform.waitForEvent('event.replayed', ({ data }) => groupIn(data) === group)).subject).toBe('ord_1');
  const [none] = await waiting('order.weird', 1);
  expect(none).toMatchObject({ consumer: 'service', event: null, error: 'no\ufffdsense' });
  await expect(client().replayDeadLetter({ deadLetterId: none?.id ?? '' })).rejects.toMatchObject({
    code: 'NOT_REPLAYABLE',
  });
  const page = await (await fetch(`${platform.url}/dead-letters`)).text();
  expect(page).toContain('order.weird');
});

const groupIn = (data: unknown): unknown => (data as { group?: unknown }).group;

test('staff are told once in a period about each consumer, with all that came meanwhile', async () => {
  const { subscription } = await buried('custom.told', 1);
  const mails = async () =>
    (
      await platform.client(notificationsContract).listDevInbox({ template: 'staff-event-buried', limit: 200 })
    ).items.filter(({ text }) => text.includes(subscription.id));
  const [first] = await until('staff are told', mails, ({ length }) => length > 0);
  expect(first).toMatchObject({ to: 'operations@shop.example' });
  expect(first?.text).toContain('custom.told, s0');
  await publish('custom.told', 3, 1, 1);
  await waiting('custom.told', 4);
  ahead += 3_600_000;
  const told = await until('staff are told again', mails, ({ length }) => length > 1);
  expect(told).toHaveLength(2);
  expect(told.find(({ id }) => id !== first?.id)?.text).toContain('3 events');
});
