import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, until } from './testing.ts';

let platform: TestPlatform;
let ahead = 0;
const client = () => platform.client(eventsContract);
beforeAll(async () => {
  const now = () => new Date(Date.now() + ahead);
  platform = await startTestPlatform({ services: [events], environment, now });
});
afterAll(() => platform.stop());

const DAY_MS = 24 * 3_600_000;
const subscribe = (more: Partial<Parameters<ReturnType<typeof client>['createSubscription']>[0]>) =>
  client().createSubscription({ url: 'http://127.0.0.1:9/', eventTypes: ['custom.ended'], ...more });
const ids = async () => (await client().listSubscriptions({ limit: 200 })).items.map(({ id }) => id);
const deleted = (id: string) => platform.waitForEvent('event_subscription.deleted', ({ subject }) => subject === id);

test('a subscription ends when it said, and one that was paused for too long; others stay', async () => {
  const tried = await subscribe({ endsAt: new Date(Date.now() + 60_000).toISOString() });
  const removed = await subscribe({ deleteWhenPausedDays: 7 });
  const paused = await subscribe({});
  const active = await subscribe({ deleteWhenPausedDays: 7 });
  for (const { id } of [removed, paused]) await client().pauseSubscription({ subscriptionId: id });
  ahead = 2 * 60_000;
  await deleted(tried.id);
  expect(await ids()).toEqual([removed.id, paused.id, active.id]);
  ahead = 7 * DAY_MS + 60_000;
  await deleted(removed.id);
  await until('what is deleted is gone', async () => !(await ids()).includes(removed.id));
  expect(await ids()).toEqual([paused.id, active.id]);
});
