import type { ITriggerResponse } from 'n8n-workflow';
import { newId } from '../../microservices/chassis/ids.ts';
import { REPLAYED } from '../../microservices/chassis/events/replay.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { startTestKafka, type TestKafka } from '../../infra/test/kafka.ts';
import { onceKeyOf } from '../run/once-key.ts';
import { committedOffsets, customEvent, headersOf, publish } from './testing/events.ts';
import { createHost } from './testing/host.ts';

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

const TYPE = 'custom.buried';
const groupOf = (workflowId: string): string => `fusioncommerce.${workflowId}.node-1`;

/** A trigger with a filter and an age that the replayed event does not pass. */
const start = async (workflowId: string, workflow: () => Promise<'success'>) => {
  const parameters = { customEventTypes: TYPE, options: { firstDelay: 0.01, attempts: 2, maxAge: 1 } };
  const host = createHost({ address: broker.address, workflowId, parameters, workflow });
  open.push(await host.activate());
  return host;
};

const replayOf = (workflowId: string, event: ReturnType<typeof customEvent>, deadLetterId = newId('dle')) => {
  const { dataschema: _schema, ...rest } = event;
  const kafka = { topic: 'commerce.events', partition: 0, offset: '0', key: event.subject, timestamp: event.time };
  const data = { deadLetterId, group: groupOf(workflowId), event: { ...rest, kafka } };
  return customEvent(event.subject, 1, { type: REPLAYED, data });
};

const isDone = async (workflowId: string): Promise<boolean> =>
  (await committedOffsets(broker, groupOf(workflowId)))[0] === (await broker.read('commerce.events')).length;

test('a replay starts the workflow that it is for, under a key of its own, and no other', async () => {
  const [mine, other] = [await start('mine', async () => 'success'), await start('other', async () => 'success')];
  const event = customEvent('a', 1, { type: TYPE });
  const deadLetterId = newId('dle');
  await publish(broker, [replayOf('mine', event, deadLetterId)]);
  await until(async () => (await isDone('mine')) && (await isDone('other')));
  expect(other.executions).toEqual([]);
  expect(mine.executions.map(({ key }) => key)).toEqual([`${groupOf('mine')}.${deadLetterId}.${event.id}.1`]);
  expect(mine.executions[0]?.item).toMatchObject({
    id: event.id,
    type: TYPE,
    subject: 'a',
    data: event.data,
    onceKey: onceKeyOf('mine', event.id),
  });
});

test('a replay that fails goes to the dead letters again, and its event is shown to the operator', async () => {
  const host = await start('fails', async () => {
    throw new Error('still away');
  });
  const event = customEvent('b', 1, { type: TYPE });
  await publish(broker, [replayOf('fails', event)]);
  await until(() => isDone('fails'));
  expect(host.executions).toHaveLength(2);
  expect(host.buried.map(({ item }) => item.id)).toEqual([event.id]);
  const letters = (await broker.read('commerce.events.dlq')).map(headersOf);
  expect(letters.filter(({ dlq_group }) => dlq_group === groupOf('fails'))).toMatchObject([
    { ce_type: REPLAYED, dlq_error: 'still away', dlq_attempts: '2' },
  ]);
});

test('at its activation a trigger says how many messages wait', async () => {
  const first = await start('away', async () => 'success');
  await publish(broker, [customEvent('c', 1)]);
  await until(() => isDone('away'));
  expect(first.logged).toEqual([]);
  for (const trigger of open.splice(0)) await trigger.closeFunction?.();
  await publish(broker, [customEvent('c', 2), customEvent('c', 3), customEvent('c', 4)]);
  const second = await start('away', async () => 'success');
  expect(second.logged[0]).toContain('3 messages wait');
});
