import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, numbers, openBench, range, until } from './testing.ts';

let platform: TestPlatform;
const client = () => platform.client(eventsContract);
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment });
});
afterEach(clear);
afterAll(() => platform.stop());

describe('a subscription', () => {
  test('starts with the events from now on, all that are kept, or those since a moment', async () => {
    // A moment is one of Kafka's: when it got an event, not when that happened.
    const isOnKafka = (last: number) =>
      platform.waitForEvent('custom.started', ({ data }) => (data as { n: number }).n === last);
    await publish('custom.started', 5);
    await isOnKafka(4);
    await sleep(50);
    const since = new Date().toISOString();
    await sleep(50);
    await publish('custom.started', 5, 1, 5);
    await isOnKafka(9);
    const [latest, earliest, since_] = [await receiverHere(), await receiverHere(), await receiverHere()];
    await subscribe(latest, 'custom.started');
    await subscribe(earliest, 'custom.started', { startFrom: 'earliest' });
    await subscribe(since_, 'custom.started', { startFrom: 'timestamp', startAt: since });
    await publish('custom.started', 5, 1, 10);
    await until('all three have the last', () =>
      [latest, earliest, since_].every(({ deliveries }) => numbers(deliveries).includes(14)),
    );
    expect(numbers(latest.deliveries)).toEqual(range(5, 10));
    expect(numbers(earliest.deliveries)).toEqual(range(15));
    expect(numbers(since_.deliveries)).toEqual(range(10, 5));
  });

  test('delivers nothing while paused, everything when resumed, and nothing when deleted', async () => {
    const receiver = await receiverHere();
    const { id: subscriptionId } = await subscribe(receiver, 'custom.paused');
    await publish('custom.paused', 2);
    await until('two came', () => receiver.deliveries.length === 2);
    await until('their positions are saved', async () => (await client().listDeliveries({ subscriptionId })).lag === 0);
    expect(await client().pauseSubscription({ subscriptionId })).toMatchObject({
      state: 'paused',
      pausedBecause: 'requested',
    });
    await expect(client().pauseSubscription({ subscriptionId })).rejects.toMatchObject({
      status: 409,
      code: 'ILLEGAL_STATE',
      data: { state: 'paused', allowed: ['resume'] },
    });
    await publish('custom.paused', 3, 1, 2);
    await until('they wait', async () => (await client().listDeliveries({ subscriptionId })).lag !== 0);
    expect(receiver.deliveries).toHaveLength(2);
    await client().resumeSubscription({ subscriptionId });
    await until('they come', () => receiver.deliveries.length === 5);
    expect(numbers(receiver.deliveries)).toEqual(range(5));
    await client().deleteSubscription({ subscriptionId });
    await expect(client().getSubscription({ subscriptionId })).rejects.toMatchObject({ status: 404 });
    const other = await receiverHere();
    await subscribe(other, 'custom.paused');
    await publish('custom.paused', 1, 1, 5);
    await until('another gets it', () => other.deliveries.length === 1);
    expect(receiver.deliveries).toHaveLength(5);
  });

  test('takes over changes without a loss', async () => {
    const [before, after] = [await receiverHere(), await receiverHere()];
    const { id: subscriptionId } = await subscribe(before, 'custom.moved');
    await publish('custom.moved', 3);
    await until('three came', () => before.deliveries.length === 3);
    await client().updateSubscription({ subscriptionId, url: after.url, eventTypes: ['custom.moved', 'custom.more'] });
    await publish('custom.moved', 3, 1, 3);
    await publish('custom.more', 1, 1, 6);
    await until('the rest came', () => numbers(after.deliveries).includes(6));
    const all = [...numbers(before.deliveries), ...numbers(after.deliveries)];
    expect(new Set(all)).toEqual(new Set(range(7)));
  });

  test('can be tested: the receiver’s response is returned, and nothing changes', async () => {
    const receiver = await receiverHere();
    const { id: subscriptionId } = await subscribe(receiver, 'custom.tested');
    receiver.respond = 201;
    expect(await client().testSubscription({ subscriptionId })).toMatchObject({ delivered: true, status: 201 });
    expect(receiver.deliveries[0]?.headers['webhook-test']).toBe('true');
    receiver.respond = 500;
    expect(await client().testSubscription({ subscriptionId })).toMatchObject({ delivered: false, status: 500 });
  });

  test.each([
    'http://10.0.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:10.0.0.1]/x',
    'http://0/x',
  ])('refuses to post to %s', async (url) => {
    await expect(subscribe({ url }, 'custom.x')).rejects.toMatchObject({ status: 422, code: 'URL_NOT_ALLOWED' });
  });

  test('refuses other protocols, credentials in the address, and unknown types', async () => {
    await expect(subscribe({ url: 'file:///etc/passwd' }, 'custom.x')).rejects.toMatchObject({ status: 400 });
    await expect(subscribe({ url: 'http://user:pw@example.com/' }, 'custom.x')).rejects.toMatchObject({ status: 400 });
    await expect(subscribe({ url: 'http://127.0.0.1:1/' }, 'order.imagined')).rejects.toMatchObject({
      status: 422,
      code: 'EVENT_TYPE_NOT_FOUND',
      data: { unknown: ['order.imagined'] },
    });
  });
});
