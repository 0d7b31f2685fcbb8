import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, openBench, until } from './testing.ts';

const few = { ...environment, PUSH_SUBSCRIPTIONS: '5' };
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
const client = () => platform.client(eventsContract);
const other = () => createClient(eventsContract, { url: twin.url, credential: platform.adminKey });
const { clear } = openBench(client);
const wanted = { url: 'http://127.0.0.1:9/hook', eventTypes: ['custom.rare'] };

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment: few });
  twin = await startTwin(platform, { services: [events], environment: few });
});
afterEach(clear);
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});

test('what deleted subscriptions held is given back: no connection to Kafka stays open', async () => {
  const connections = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  // The first test of this file: connections of subscriptions that were deleted a moment before would be counted.
  await client().publishEvent({ type: 'custom.rare', subject: 's', data: {} });
  const before = connections();
  for (let round = 0; round < 5; round += 1) await client().createSubscription(wanted);
  await until('each reads Kafka in both processes', () => connections() >= before + 10);
  await clear();
  await until('their connections are closed', () => connections() <= before);
});

test('of 20 asked for at once over two processes exactly five are made; a deleted one makes room', async () => {
  const create = (index: number) => (index % 2 === 0 ? client() : other()).createSubscription(wanted);
  expect(await tally(Array.from({ length: 20 }, (_, index) => create(index)))).toEqual({
    OK: 5,
    TOO_MANY_SUBSCRIPTIONS: 15,
  });
  await expect(client().createSubscription(wanted)).rejects.toMatchObject({
    status: 409,
    data: { limit: 5 },
    message: expect.stringContaining('PUSH_SUBSCRIPTIONS') as unknown,
  });
  const { items } = await client().listSubscriptions({});
  await client().pauseSubscription({ subscriptionId: items[0]?.id ?? '' });
  expect(await tally([create(0)])).toEqual({ TOO_MANY_SUBSCRIPTIONS: 1 });
  await client().deleteSubscription({ subscriptionId: items[0]?.id ?? '' });
  expect(await tally([create(0), create(1)])).toEqual({ OK: 1, TOO_MANY_SUBSCRIPTIONS: 1 });
});
