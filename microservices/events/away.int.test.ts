import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { lockSubscription } from './store/subscriptions.ts';
import { environment, numberIn, numbers, openBench, startReceiver, until, type Receiver } from './testing.ts';

let platform: TestPlatform;
const client = () => platform.client(eventsContract);
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment });
});
afterEach(clear);
afterAll(() => platform.stop());

describe('a receiver that is away', () => {
  const awhile = async (subscriptionId: string): Promise<void> => {
    await until(
      'it is called failing',
      async () => (await client().getSubscription({ subscriptionId })).state === 'failing',
    );
  };
  const allCome = async (receiver: Receiver, subscriptionId: string, count: number): Promise<void> => {
    await until('all come', () => new Set(numbers(receiver.deliveries.slice(-count))).size === count);
    await until(
      'it is active again',
      async () => (await client().getSubscription({ subscriptionId })).state === 'active',
    );
    expect((await client().listDeliveries({ subscriptionId })).items).toEqual([]);
  };

  test('refuses connections: everything waits, nothing is dead-lettered, and comes when it is back', async () => {
    const first = await startReceiver();
    const { id } = await subscribe(first, 'custom.down', { maxAttempts: 1 });
    await first.close();
    await publish('custom.down', 30, 5);
    await awhile(id);
    const back = await receiverHere(first.port);
    await allCome(back, id, 30);
    expect(
      platform
        .events('events')
        .filter(({ subject }) => subject === id)
        .map(({ type }) => type),
    ).toEqual(expect.arrayContaining(['event_subscription.failing']));
  });

  test.each([404, 502, 503])('answers %i to everything, as n8n does while it restarts', async (status) => {
    const receiver = await receiverHere();
    receiver.respond = status;
    const type = `custom.away_${status}`;
    const { id } = await subscribe(receiver, type, { maxAttempts: 1 });
    await publish(type, 12, 4);
    await awhile(id);
    receiver.respond = 200;
    await allCome(receiver, id, 12);
  });

  test('is back before the state failing could be saved: it is active again nevertheless', async () => {
    const receiver = await receiverHere();
    receiver.respond = 503;
    const { id } = await subscribe(receiver, 'custom.brief');
    const database = platform.database('events');
    await database.transaction(async (tx) => {
      await lockSubscription(tx, id);
      await publish('custom.brief', 3, 3);
      await until('it is found away several times', () => receiver.deliveries.length > 5);
      const taken = new Set<number>();
      receiver.respond = (delivered, response) => {
        response.writeHead(204).end(() => taken.add(numberIn(delivered)));
      };
      await until('all are taken', () => taken.size === 3 && receiver.open === 0);
      await sleep(200); // the sender reads the answers
    });
    await platform.waitForEvent('event_subscription.failing', ({ subject }) => subject === id);
    await allCome(receiver, id, 3);
  });

  test('responds with 410: the subscription pauses, and continues where it was', async () => {
    const receiver = await receiverHere();
    receiver.respond = 410;
    const { id: subscriptionId } = await subscribe(receiver, 'custom.gone');
    await publish('custom.gone', 3);
    await until('it pauses', async () => (await client().getSubscription({ subscriptionId })).state === 'paused');
    expect(await client().getSubscription({ subscriptionId })).toMatchObject({ pausedBecause: 'gone' });
    receiver.respond = 200;
    receiver.deliveries.length = 0;
    await client().resumeSubscription({ subscriptionId });
    await until('all come', () => receiver.deliveries.length >= 3);
    expect(numbers(receiver.deliveries)).toEqual([0, 1, 2]);
  });
});
