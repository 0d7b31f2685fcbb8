import { startTestKafka, type TestKafka } from '../../microservices/chassis/testing/kafka.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { committedOffsets, customEvent, publish } from './testing/events.ts';
import { createHost } from './testing/host.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
  await broker.createTopic('commerce.events', 1);
});
afterAll(() => broker.stop());

const GROUP = 'fusioncommerce.workflow-1.node-1';

test('an event starts one execution, and its offset is committed after it succeeded', async () => {
  let release: () => void = () => undefined;
  const host = createHost({
    address: broker.address,
    parameters: { customEventTypes: 'test.happened', startPosition: 'earliest' },
    workflow: () => new Promise((resolve) => (release = () => resolve('success'))),
  });
  const event = customEvent('a', 1);
  await publish(broker, [customEvent('x', 1, { type: 'test.unwanted' }), event]);
  const trigger = await host.activate();
  await until(() => host.executions.length === 1);
  expect(host.executions[0]?.item).toEqual({
    id: event.id,
    type: 'test.happened',
    source: '/events',
    subject: 'a',
    time: event.time,
    sequence: 1,
    correlationid: event.correlationid,
    data: { subject: 'a', sequence: 1 },
    kafka: { topic: 'commerce.events', partition: 0, offset: '1', key: 'a', timestamp: expect.any(String) as string },
  });
  await until(async () => (await committedOffsets(broker, GROUP))[0] === 1);
  release();
  await until(async () => (await committedOffsets(broker, GROUP))[0] === 2);
  await trigger.closeFunction?.();
  expect(host.failures).toEqual([]);
});
