import type { IDataObject } from 'n8n-workflow';
import { startTestKafka, type TestKafka } from '../../infra/test/kafka.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { testConnection } from './credential-test.ts';
import { committedOffsets, customEvent, headersOf, publish } from './testing/events.ts';
import { createHost, type TestHost } from './testing/host.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
  await broker.createTopic('commerce.events', 1);
});
afterAll(() => broker.stop());

const done = async () => 'success' as const;
const hostFor = (workflowId: string, parameters: IDataObject, address = broker.address): TestHost =>
  createHost({ address, workflowId, parameters, workflow: done });
const said = async (host: TestHost): Promise<string> =>
  host.activate().then(
    () => 'it was activated',
    (error: unknown) => (error as Error).message,
  );

describe('activation fails in words', () => {
  test('when no broker answers', async () => {
    const words = await said(hostFor('w', { customEventTypes: 'custom.a' }, '127.0.0.1:1'));
    expect(words).toContain('Kafka cannot be reached at 127.0.0.1:1');
  });

  test('when a topic is missing', async () => {
    expect(await said(hostFor('w', { eventTypes: ['order.created'] }))).toContain('no topic "commerce.orders"');
  });

  test('when no event type is chosen, a condition makes no sense, or the start time is none', async () => {
    expect(await said(hostFor('w', {}))).toContain('No event type is chosen');
    const condition = [{ field: 'data.total', operator: 'greaterThan', kind: 'number', value: 'many' }];
    expect(await said(hostFor('w', { customEventTypes: 'custom.a', conditions: { condition } }))).toContain('"many"');
    const parameters = { customEventTypes: 'custom.a', startPosition: 'timestamp', startTimestamp: 'soon' };
    expect(await said(hostFor('w', parameters))).toContain('"soon"');
  });
});

describe('the credential test', () => {
  const credential = { clientId: '', ssl: false, saslMechanism: 'none' as const };
  test('signs in to a broker that is there', async () => {
    expect(await testConnection({ ...credential, brokers: broker.address })).toEqual({
      status: 'OK',
      message: 'Kafka answers with 1 broker',
    });
  });

  test('says what is wrong otherwise', async () => {
    expect((await testConnection({ ...credential, brokers: '127.0.0.1:1' })).message).toContain('cannot be reached');
    expect((await testConnection({ ...credential, brokers: 'kafka' })).message).toContain('host:port');
    expect((await testConnection({ ...credential, brokers: '' })).message).toContain('names no broker');
  });
});

describe('the start position', () => {
  const run = async (workflowId: string, type: string, position: IDataObject, expected: number): Promise<number[]> => {
    const host = hostFor(workflowId, { customEventTypes: type, ...position });
    const trigger = await host.activate();
    const end = (await broker.read('commerce.events')).length;
    await until(async () => (await committedOffsets(broker, `fusioncommerce.${workflowId}.node-1`))[0] === end);
    await until(() => host.executions.length >= expected);
    await trigger.closeFunction?.();
    return host.executions.map(({ item }) => item.sequence);
  };

  test('earliest and from a time are applied once, latest passes over what waits, committed goes on', async () => {
    const type = 'custom.position';
    const event = (sequence: number) => customEvent('a', sequence, { type });
    await publish(broker, [event(1), event(2)]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const between = new Date().toISOString();
    await publish(broker, [event(3)]);
    expect(await run('earliest', type, { startPosition: 'earliest' }, 3)).toEqual([1, 2, 3]);
    expect(await run('earliest', type, { startPosition: 'earliest' }, 0)).toEqual([]);
    expect(await run('new', type, { startPosition: 'committed' }, 0)).toEqual([]);
    expect(await run('time', type, { startPosition: 'timestamp', startTimestamp: between }, 1)).toEqual([3]);
    await publish(broker, [event(4)]);
    expect(await run('time', type, { startPosition: 'timestamp', startTimestamp: between }, 1)).toEqual([4]);
    await publish(broker, [event(5)]);
    expect(await run('new', type, { startPosition: 'committed' }, 2)).toEqual([4, 5]);
    await publish(broker, [event(6)]);
    expect(await run('new', type, { startPosition: 'latest' }, 0)).toEqual([]);
  });
});

describe('a manual test', () => {
  const manual = async (parameters: IDataObject) => {
    const host = createHost({ address: broker.address, workflow: done, mode: 'manual', parameters });
    const trigger = await host.activate();
    await trigger.manualTriggerFunction?.();
    return host.emitted[0];
  };
  const groups = async (): Promise<string[]> => {
    const admin = broker.kafka.admin();
    await admin.connect();
    const listed = await admin.listGroups();
    await admin.disconnect();
    return listed.groups.map(({ groupId }) => groupId);
  };

  test('takes the latest event that matches, leaves no group behind, and moves no offset', async () => {
    const type = 'custom.manual';
    const live = hostFor('live', { customEventTypes: type });
    const trigger = await live.activate();
    const event = (n: number) => customEvent('a', n, { type, data: { n } });
    await publish(broker, [event(1), event(2), event(3)]);
    await until(() => live.executions.length === 3);
    await trigger.closeFunction?.();
    const before = await committedOffsets(broker, 'fusioncommerce.live.node-1');
    const condition = [{ field: 'data.n', operator: 'lessThan', kind: 'number', value: '3' }];
    const item = await manual({ customEventTypes: type, conditions: { condition } });
    expect(item?.data).toEqual({ n: 2 });
    expect(await committedOffsets(broker, 'fusioncommerce.live.node-1')).toEqual(before);
    expect((await groups()).filter((group) => group.startsWith('fusioncommerce.test.'))).toEqual([]);
  });

  test('takes the event that was chosen, as long as it fits', async () => {
    const type = 'custom.chosen';
    const [first, second] = [
      customEvent('a', 1, { type, data: { n: 1 } }),
      customEvent('a', 2, { type, data: { n: 2 } }),
    ];
    await publish(broker, [first, second]);
    const chosen = { customEventTypes: type, testEvent: { __rl: true, mode: 'list', value: first.id } };
    expect((await manual(chosen))?.data).toEqual({ n: 1 });
    const condition = [{ field: 'data.n', operator: 'greaterThan', kind: 'number', value: '1' }];
    await expect(manual({ ...chosen, conditions: { condition } })).rejects.toThrow('does not fit the conditions');
    await expect(manual({ ...chosen, testEvent: 'gone' })).rejects.toThrow('not among the last 500 any more');
  });

  test('says so when events are there and none fits, with what the latest one holds', async () => {
    const type = 'custom.unfit';
    await publish(broker, [
      customEvent('a', 1, { type, data: { n: 1 } }),
      customEvent('a', 2, { type, data: { n: 2 } }),
    ]);
    const condition = [{ field: 'data.n', operator: 'greaterThan', kind: 'number', value: '5' }];
    await expect(manual({ customEventTypes: type, conditions: { condition } })).rejects.toThrow(
      'None of the last 2 events of the chosen types fits the conditions, so the workflow would not have started. In the latest one, data.n is 2.',
    );
  });

  test('offers a sample that says so when there is no event yet, and none that does not fit', async () => {
    await broker.createTopic('commerce.wallet', 1);
    const item = await manual({ eventTypes: ['wallet.opened'] });
    expect(item).toMatchObject({
      ...{ sample: true, type: 'wallet.opened', source: '/wallet', data: { currency: 'EUR' } },
      kafka: { topic: 'commerce.wallet' },
    });
    const condition = (value: string) => ({
      condition: [{ field: 'data.currency', operator: 'equals', kind: 'text', value }],
    });
    expect(await manual({ eventTypes: ['wallet.opened'], conditions: condition('EUR') })).toMatchObject({
      sample: true,
    });
    await expect(manual({ eventTypes: ['wallet.opened'], conditions: condition('USD') })).rejects.toThrow(
      'There is no event of the chosen types yet, and the sample does not fit the conditions.',
    );
  });
});

test('while the dead letters cannot be written the offset stays; afterwards it goes on', async () => {
  const host = createHost({
    address: broker.address,
    workflowId: 'unwritable',
    parameters: { customEventTypes: 'custom.unwritable', options: { attempts: 1 } },
    workflow: async () => {
      throw new Error('always');
    },
  });
  const trigger = await host.activate();
  const admin = broker.kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: ['commerce.events.dlq'] });
  await admin.disconnect();
  const start = (await broker.read('commerce.events')).length;
  await publish(broker, [customEvent('a', 1, { type: 'custom.unwritable' })]);
  await until(() => host.logged.some((line) => line.includes('could not be written to the dead letters')));
  expect(await committedOffsets(broker, 'fusioncommerce.unwritable.node-1')).toEqual([start]);
  await broker.createTopic('commerce.events', 1);
  await until(async () => (await committedOffsets(broker, 'fusioncommerce.unwritable.node-1'))[0] === start + 1);
  expect(headersOf((await broker.read('commerce.events.dlq'))[0]).dlq_error).toBe('always');
  expect(host.buried).toHaveLength(1);
  await trigger.closeFunction?.();
});
