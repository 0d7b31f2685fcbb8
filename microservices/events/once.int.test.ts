import { createClient, type Client } from '../chassis/client.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';

let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let clients: Client<typeof eventsContract>[];
beforeAll(async () => {
  platform = await startTestPlatform({ services: [events] });
  twin = await startTwin(platform, { services: [events] });
  clients = [platform.url, twin.url].map((url) =>
    createClient(eventsContract, { url, credential: platform.adminKey, attempts: 8 }),
  );
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});

let made = 0;
const something = () => ({ key: `event-${(made += 1)}`, step: 'supplier order' });
const client = (index = 0) => clients[index % 2] as Client<typeof eventsContract>;

test('of attempts that run at once in two processes, exactly one is the first', async () => {
  const wanted = something();
  const attempts = Array.from({ length: 40 }, (_, index) =>
    client(index).claimOnce(wanted, { idempotencyKey: `execution-${wanted.key}-${index}` }),
  );
  const claims = await Promise.all(attempts);
  expect(claims.filter(({ first }) => first)).toHaveLength(1);
  expect(new Set(claims.map(({ firstAt }) => firstAt)).size).toBe(1);
});

test('an attempt whose response was lost is still the first when it asks again; the next attempt is not', async () => {
  const wanted = something();
  const claim = (execution: string, index = 0) =>
    client(index).claimOnce(wanted, { idempotencyKey: `${wanted.key}-${execution}` });
  expect(await claim('one')).toMatchObject({ first: true });
  expect(await claim('one', 1)).toMatchObject({ first: true });
  expect(await claim('two')).toMatchObject({ first: false });
});

test('another step, and another key, are the first of their own; released, the next attempt is the first again', async () => {
  const wanted = something();
  expect((await client().claimOnce(wanted)).first).toBe(true);
  expect((await client().claimOnce({ ...wanted, step: 'invoice' })).first).toBe(true);
  expect((await client().claimOnce(something())).first).toBe(true);
  expect(await client().releaseOnce(wanted)).toEqual({ ...wanted, released: true });
  expect(await client().releaseOnce(wanted)).toEqual({ ...wanted, released: false });
  expect((await client().claimOnce(wanted)).first).toBe(true);
});

test('without a key it is refused in words', async () => {
  await expect(client().claimOnce({ step: 'supplier order' })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('a key is needed') as string,
  });
});
