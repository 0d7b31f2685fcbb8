import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { JOURNEY_REPORTS, toReportMessage, type JourneyReport } from '../chassis/events/journey-report.ts';
import { createKafka, createProducer } from '../chassis/kafka/client.ts';
import { silentLog } from '../chassis/testing/log.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, startReceiver, until } from './testing.ts';

let platform: TestPlatform;
let producer: Producer;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [events], environment });
  producer = createProducer(createKafka({ brokers: platform.kafka, clientId: 'test', log: silentLog }));
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await platform.stop();
});

const client = () => platform.client(eventsContract);
let ticks = 0;
const report = (state: JourneyReport['state'], more: Partial<JourneyReport> = {}): JourneyReport => ({
  state,
  workflowId: 'w1',
  workflowName: 'Welcome',
  node: 'Trigger',
  event: { id: randomUUID(), type: 'order.created', subject: 'ord_1', customerId: 'cus_1' },
  attempts: 1,
  failedNode: null,
  at: new Date(Date.now() - 60_000 + (ticks += 10)).toISOString(),
  ...more,
});
const say = (...reports: JourneyReport[]) =>
  producer.send({ topic: JOURNEY_REPORTS, messages: reports.map(toReportMessage) });
const metricsOf = async (workflowId: string) => (await client().getJourneyMetrics({ workflowId })).items[0];
const told = (workflowId: string) =>
  platform
    .events('events')
    .filter(
      ({ type, data }) => type.startsWith('journey.') && (data as { workflowId: string }).workflowId === workflowId,
    )
    .map(({ type }) => type);

test('the reports of triggers become numbers, a list and events; a report twice, or of before, changes nothing', async () => {
  const [good, parked, bad] = [report('started'), report('started'), report('started')];
  const failed = { attempts: 2, failedNode: 'Reserve' };
  const ends = [
    report('succeeded', { event: good.event }),
    report('waiting', { event: parked.event }),
    report('failed', { event: bad.event, ...failed }),
    report('buried', { event: bad.event, ...failed }),
  ];
  await say(good, parked, bad);
  await until(async () => (await metricsOf('w1'))?.running === 3);
  await say(...ends);
  await until(async () => (await metricsOf('w1'))?.buried === 1);
  await say(good, ...ends);
  const last = report('started', { workflowId: 'w2', workflowName: 'Other' });
  await say(last);
  await until(async () => (await metricsOf('w2'))?.entered === 1);
  expect(await metricsOf('w1')).toMatchObject({
    workflowName: 'Welcome',
    entered: 3,
    running: 0,
    waiting: 1,
    succeeded: 1,
    failed: 0,
    buried: 1,
    failures: [{ node: 'Reserve', count: 1 }],
  });
  await platform.waitForEvent('journey.started', ({ data }) => (data as { workflowId: string }).workflowId === 'w2');
  expect(told('w1').toSorted()).toEqual([
    'journey.failed',
    'journey.started',
    'journey.started',
    'journey.started',
    'journey.succeeded',
    'journey.waiting',
  ]);
  const { items } = await client().listJourneyRuns({ subject: 'ord_1', workflowId: 'w1' });
  expect(items.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['buried', 2],
    ['waiting', 1],
    ['succeeded', 1],
  ]);
  expect(items[0]).toMatchObject({ eventId: bad.event.id, failedNode: 'Reserve' });
});

test('a page of the list begins where the one before ended', async () => {
  await say(...Array.from({ length: 5 }, () => report('started', { workflowId: 'paged' })));
  await until(async () => (await metricsOf('paged'))?.entered === 5);
  const first = await client().listJourneyRuns({ workflowId: 'paged', limit: 3 });
  const second = await client().listJourneyRuns({ workflowId: 'paged', limit: 3, cursor: first.nextCursor ?? '' });
  const ids = [...first.items, ...second.items].map(({ eventId }) => eventId);
  expect([first.items.length, second.items.length, new Set(ids).size]).toEqual([3, 2, 5]);
});

test('a journey about a journey is counted and not announced, so that none sets off itself', async () => {
  const event = { id: randomUUID(), type: 'journey.failed', subject: 'w1.x', customerId: null };
  await say(report('started', { workflowId: 'watcher', event }));
  await until(async () => (await metricsOf('watcher'))?.entered === 1);
  await say(report('started', { workflowId: 'after' }));
  await platform.waitForEvent('journey.started', ({ data }) => (data as { workflowId: string }).workflowId === 'after');
  expect(told('watcher')).toEqual([]);
});

test('what is no report is passed over', async () => {
  await producer.send({ topic: JOURNEY_REPORTS, messages: [{ value: 'nonsense' }, { value: '{"state":"started"}' }] });
  await say(report('started', { workflowId: 'sound' }));
  await until(async () => (await metricsOf('sound'))?.entered === 1);
});

test('the page and Prometheus have the numbers', async () => {
  await say(report('succeeded', { workflowId: 'shown', workflowName: 'Shown <b>' }));
  await until(async () => (await metricsOf('shown'))?.succeeded === 1);
  const parked = await client().createWait({
    ...{ step: 'shown', eventTypes: ['custom.paid'], value: 'FC-<1>', timeoutSeconds: 3_600, node: 'Wait for Payment' },
    ...{ workflowId: 'shown', executionId: '7', resumeUrl: 'http://127.0.0.1:9/webhook-waiting/7' },
    secret: `whsec_${'A'.repeat(43)}=`,
  });
  const page = await fetch(`${platform.url}/journeys`);
  expect(page.headers.get('refresh')).toBe('5');
  const text = await page.text();
  for (const shown of ['Shown &lt;b&gt;', 'Wait for Payment', 'custom.paid', 'FC-&lt;1&gt;', parked.id])
    expect(text).toContain(shown);
  const elsewhere = await fetch(`${platform.url}/journeys`, { headers: { 'x-forwarded-for': '203.0.113.1' } });
  expect(elsewhere.status).toBe(403);
  const metrics = await (await fetch(`${platform.url}/metrics`)).text();
  expect(metrics).toContain('journeys_last_day{workflow="shown",state="succeeded"} 1');
  expect(metrics).toMatch(/dead_letters\{topic="commerce\.events"\} \d/);
});

test('pushes to a Gateway Trigger are counted as journeys of its workflow; other subscriptions are not', async () => {
  const receivers = [await startReceiver(), await startReceiver()];
  const [good, bad] = receivers;
  if (!good || !bad) throw new Error('there are two receivers');
  bad.respond = 500;
  const subscribe = (url: string, type: string, externalId: string) =>
    client().createSubscription({ url, eventTypes: [type], externalId, maxAttempts: 2 });
  await subscribe(good.url, 'custom.pushed_well', 'n8n.pushed.node');
  await subscribe(bad.url, 'custom.pushed_badly', 'n8n.refused.node');
  await subscribe(good.url, 'custom.pushed_well', 'erp.pushed.elsewhere');
  await client().publishEvent({ type: 'custom.pushed_well', subject: 'cus_9', data: { customerId: 'cus_9' } });
  await client().publishEvent({ type: 'custom.pushed_badly', subject: 'cus_9', data: {} });
  await until(async () => (await metricsOf('pushed'))?.succeeded === 1);
  await until(async () => (await metricsOf('refused'))?.buried === 1);
  expect((await client().getJourneyMetrics({})).items.map(({ workflowId }) => workflowId)).not.toContain('elsewhere');
  expect((await client().listJourneyRuns({ subject: 'cus_9', workflowId: 'pushed' })).items).toMatchObject([
    { state: 'succeeded', customerId: 'cus_9' },
  ]);
  for (const receiver of receivers) await receiver.close();
});
