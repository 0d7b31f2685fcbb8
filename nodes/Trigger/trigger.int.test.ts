import type { ITriggerResponse } from 'n8n-workflow';
import { newUuid } from '../../microservices/chassis/ids.ts';
import { onceKeyOf } from '../run/once-key.ts';
import { startTestKafka, type TestKafka } from '../../infra/test/kafka.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { committedOffsets, customEvent, headersOf, publish, publishRaw } from './testing/events.ts';
import { Cancelled } from './testing/executions.ts';
import { createHost, type HostOptions, type TestHost } from './testing/host.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
  await broker.createTopic('commerce.events', 1);
});
afterAll(() => broker.stop());

const open: ITriggerResponse[] = [];
afterEach(async () => {
  for (const trigger of open.splice(0)) await trigger.closeFunction?.();
});

let made = 0;
/** A trigger of its own: workflow, consumer group and event type. */
const start = async (options: Partial<HostOptions> & Pick<HostOptions, 'workflow'>) => {
  made += 1;
  const type = `custom.case_${made}`;
  const workflowId = options.workflowId ?? `workflow-${made}`;
  const host = createHost({
    address: broker.address,
    workflowId,
    ...options,
    parameters: { customEventTypes: type, options: { firstDelay: 0.01, attempts: 3 }, ...options.parameters },
  });
  open.push(await host.activate());
  const group = `fusioncommerce.${workflowId}.node-1`;
  const event = (subject: string, sequence: number, data?: unknown) =>
    customEvent(subject, sequence, { type, ...(data === undefined ? {} : { data }) });
  return { host, group, type, event };
};

const endOf = async (): Promise<number> => (await broker.read('commerce.events')).length;
const isCommitted = async (group: string, offset: number): Promise<boolean> =>
  (await committedOffsets(broker, group))[0] === offset;
const deadLettersOf = async (group: string) =>
  (await broker.read('commerce.events.dlq')).filter((message) => headersOf(message).dlq_group === group);
const sequences = (host: TestHost): number[] => host.executions.map(({ item }) => item.sequence);

test('an event starts one execution, and its offset is committed only after that succeeded', async () => {
  let release: () => void = () => undefined;
  const { host, group, event } = await start({
    workflow: () => new Promise((resolve) => (release = () => resolve('success'))),
  });
  const before = await endOf();
  const wanted = event('a', 1);
  await publish(broker, [customEvent('x', 1, { type: 'custom.unwanted' }), wanted]);
  await until(() => host.executions.length === 1);
  expect(host.executions[0]?.item).toEqual({
    id: wanted.id,
    type: wanted.type,
    source: '/events',
    subject: 'a',
    time: wanted.time,
    sequence: 1,
    correlationid: wanted.correlationid,
    data: { subject: 'a', sequence: 1 },
    onceKey: onceKeyOf(group.split('.')[1] ?? '', wanted.id),
    kafka: {
      topic: 'commerce.events',
      partition: 0,
      offset: String(before + 1),
      key: 'a',
      timestamp: expect.any(String) as string,
    },
  });
  expect(host.executions[0]?.key).toBe(`${group}.${wanted.id}.1`);
  await until(() => isCommitted(group, before + 1));
  release();
  await until(() => isCommitted(group, before + 2));
});

test('a journey that is parked on a person counts as taken', async () => {
  const { host, group, event } = await start({ workflow: async () => 'waiting' });
  await publish(broker, [event('a', 1), event('a', 2)]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(sequences(host)).toEqual([1, 2]);
});

test('events of one key run one after the other, also across retries; other keys run beside them', async () => {
  const running = new Set<string>();
  const done: string[] = [];
  let together = 0;
  const failed = new Set<string>();
  const { host, group, event } = await start({
    workflow: async ({ subject, sequence }) => {
      expect(running.has(subject)).toBe(false);
      running.add(subject);
      together = Math.max(together, running.size);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.delete(subject);
      const name = `${subject}${sequence}`;
      if (subject === 'a' && !failed.has(name)) {
        failed.add(name);
        throw new Error('not yet');
      }
      done.push(name);
      return 'success';
    },
  });
  const events = [1, 2, 3, 4, 5].flatMap((sequence) => ['a', 'b', 'c'].map((subject) => event(subject, sequence)));
  await publish(broker, events);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  for (const subject of ['a', 'b', 'c']) {
    expect(done.filter((name) => name.startsWith(subject))).toEqual([1, 2, 3, 4, 5].map((n) => `${subject}${n}`));
  }
  expect(together).toBe(3);
  expect(host.executions).toHaveLength(20);
});

test('a journey that fails twice and then succeeds is done, and each attempt has a key of its own', async () => {
  let failures = 0;
  const { host, group, event } = await start({
    workflow: async () => {
      if (failures++ < 2) throw new Error('the service was away');
      return 'success';
    },
  });
  const wanted = event('a', 1);
  await publish(broker, [wanted]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(host.executions.map(({ key }) => key)).toEqual([1, 2, 3].map((n) => `${group}.${wanted.id}.${n}`));
  expect(await deadLettersOf(group)).toEqual([]);
  expect([host.reported, host.buried]).toEqual([[], []]);
});

test('a journey that always fails goes to the dead letters, is shown to the operator, and holds up nobody', async () => {
  const { host, group, event } = await start({
    workflow: async ({ subject }) => {
      if (subject === 'bad') throw new Error('Not enough stock');
      return 'success';
    },
  });
  const bad = event('bad', 1);
  const before = await endOf();
  await publish(broker, [bad, event('good', 1), event('bad', 2), event('good', 2)]);
  await until(() => isCommitted(group, before + 4));
  expect(host.executions.filter(({ item }) => item.subject === 'good')).toHaveLength(2);
  expect(host.executions.filter(({ item }) => item.subject === 'bad')).toHaveLength(6);
  const letters = await deadLettersOf(group);
  expect(letters.map((message) => headersOf(message).ce_sequence)).toEqual(['1', '2']);
  expect(letters[0]?.value?.toString()).toBe(JSON.stringify(bad.data));
  expect(headersOf(letters[0])).toMatchObject({
    ce_id: bad.id,
    dlq_error: 'Not enough stock',
    dlq_kind: 'failed',
    dlq_topic: 'commerce.events',
    dlq_partition: '0',
    dlq_offset: String(before),
    dlq_group: group,
    dlq_workflow_id: group.split('.')[1],
    dlq_node: 'Reserve stock',
    dlq_attempts: '3',
  });
  expect(host.reported).toEqual([]);
  expect(host.buried.map(({ item }) => item.sequence)).toEqual([1, 2]);
  const [first] = host.buried;
  expect(first?.item).toEqual(host.executions.find(({ item }) => item.id === bad.id)?.item);
  expect(first?.message).toBe(
    `Dead letter (no attempt): the journey of ${bad.type} of bad failed 3 times, and its event was put into the dead letters: Not enough stock`,
  );
  expect(first?.description).toMatch(
    /^This execution ran nothing: .* The 3 failed executions before it are the attempts\./,
  );
});

test('with failures left to people a journey is tried once', async () => {
  const { host, group, event } = await start({
    parameters: { afterFailure: 'leave', options: { attempts: 5, firstDelay: 0.01 } },
    workflow: async () => {
      throw new Error('The supplier was away');
    },
  });
  await publish(broker, [event('a', 1)]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(host.executions).toHaveLength(1);
  expect(headersOf((await deadLettersOf(group))[0])).toMatchObject({ dlq_attempts: '1' });
  expect(host.buried[0]?.message).toContain('failed once');
});

test('events older than the trigger takes start nothing and are passed', async () => {
  const { host, group, event } = await start({
    parameters: { options: { maxAge: 60 } },
    workflow: async () => 'success',
  });
  const now = new Date().toISOString();
  const old = new Date(Date.now() - 2 * 3_600_000).toISOString();
  await publish(broker, [
    { ...event('a', 1), time: old },
    { ...event('a', 2), time: now },
    { ...event('b', 3), time: old },
  ]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(sequences(host)).toEqual([2]);
  expect(host.logged.filter((line) => line.includes('is skipped'))).toHaveLength(2);
});

test('an execution that a person stopped is not started again: its event goes to the dead letters', async () => {
  const { host, group, event } = await start({
    workflow: async () => {
      throw new Cancelled('manual');
    },
  });
  await publish(broker, [event('a', 1)]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(host.executions).toHaveLength(1);
  expect(headersOf((await deadLettersOf(group))[0]).dlq_error).toContain('stopped by a person');
});

test('a journey that does not end in time counts as failed', async () => {
  const { host, group, event } = await start({
    parameters: { options: { attempts: 2, firstDelay: 0.01, deadline: 0.2 } },
    workflow: () => new Promise(() => undefined),
  });
  await publish(broker, [event('a', 1)]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(host.executions).toHaveLength(2);
  expect(headersOf((await deadLettersOf(group))[0]).dlq_error).toContain('did not end within');
});

test('messages that are broken go to the dead letters as they are, and those behind them go on', async () => {
  const { host, group, type, event } = await start({
    workflow: async () => 'success',
  });
  await publish(broker, [event('a', 1)]);
  await publishRaw(broker, { ce_type: type, ce_id: 'not-a-uuid' }, 'a', '{}');
  const whole = {
    ce_id: newUuid(),
    ce_type: type,
    ce_source: '/events',
    ce_subject: 'a',
    ce_time: '2026-11-23T10:00:00Z',
  };
  await publishRaw(broker, whole, 'a', '{ broken');
  await publish(broker, [event('a', 2)]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(sequences(host)).toEqual([1, 2]);
  const letters = await deadLettersOf(group);
  expect(letters.map((message) => headersOf(message).dlq_kind)).toEqual(['undecodable', 'undecodable']);
  expect(letters[1]?.value?.toString()).toBe('{ broken');
  expect(host.reported).toHaveLength(2);
});

test('an execution is never spent on an event that the filter does not want', async () => {
  const { host, group, event } = await start({
    workflow: async () => 'success',
    parameters: {
      conditions: { condition: [{ field: 'data.total', operator: 'greaterThan', kind: 'number', value: '100' }] },
    },
  });
  await publish(broker, [event('a', 1, { total: 50 }), event('a', 2, { total: 150 }), event('a', 3, { total: 100 })]);
  const end = await endOf();
  await until(() => isCommitted(group, end));
  expect(sequences(host)).toEqual([2]);
});
