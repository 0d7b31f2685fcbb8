import { setTimeout as sleep } from 'node:timers/promises';
import type { ITriggerResponse } from 'n8n-workflow';
import { startTestKafka, type TestKafka } from '../../infra/test/kafka.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { committedOffsets, customEvent, publish } from './testing/events.ts';
import type { Workflow } from './testing/executions.ts';
import { createHost, type TestHost } from './testing/host.ts';
import { startN8nProcess, type N8nProcess } from './testing/start-process.ts';

const TOPIC = 'commerce.events';
const PARTITIONS = 4;

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
});
afterAll(() => broker.stop());
beforeEach(() => broker.createTopic(TOPIC, PARTITIONS));
const open: ITriggerResponse[] = [];
const processes: N8nProcess[] = [];
afterEach(async () => {
  for (const trigger of open.splice(0)) await trigger.closeFunction?.();
  for (const process of processes.splice(0)) await process.kill('SIGKILL');
  await broker.clear();
});

let made = 0;
const newWorkflow = (): string => `fault-${(made += 1)}`;
const parameters = { customEventTypes: 'custom.happened', options: { firstDelay: 0.01, attempts: 3, maxInFlight: 8 } };

const activate = async (workflowId: string, workflow: Workflow, more: { executionKeys?: Set<string> } = {}) => {
  const host = createHost({ address: broker.address, workflowId, workflow, parameters, ...more });
  const trigger = await host.activate();
  open.push(trigger);
  return { host, trigger };
};
const close = async (trigger: ITriggerResponse): Promise<void> => {
  open.splice(open.indexOf(trigger), 1);
  await trigger.closeFunction?.();
};
const startProcess = async (workflowId: string, workMs: number): Promise<N8nProcess> => {
  const process = startN8nProcess({ address: broker.address, workflowId, parameters, workMs });
  processes.push(process);
  await until(() => process.lines.some((line) => line.startsWith('active')));
  return process;
};

const eventsOf = (keys: number, each: number): CommerceEvent[] =>
  Array.from({ length: each }, (_, round) =>
    Array.from({ length: keys }, (_key, key) => customEvent(`key-${key}`, round + 1)),
  ).flat();
const nameOf = (event: { subject: string; sequence: number }): string => `${event.subject} ${event.sequence}`;
const endsOf = (process: N8nProcess): string[] =>
  process.lines.filter((line) => line.startsWith('end ')).map((line) => line.slice(4));
const executed = (host: TestHost): string[] => host.executions.map(({ item }) => nameOf(item));

const isAllCommitted = async (workflowId: string, published: number): Promise<boolean> => {
  const committed = await committedOffsets(broker, `fusioncommerce.${workflowId}.node-1`);
  return committed.reduce((sum, offset) => sum + Math.max(0, offset), 0) === published;
};

test('killed between emit and commit, n8n meets the events again and runs them, although it knows their first executions', async () => {
  const workflowId = newWorkflow();
  const first = await startProcess(workflowId, 60_000);
  const events = eventsOf(5, 1);
  await publish(broker, events);
  const started = () => first.lines.filter((line) => line.startsWith('start ')).map((line) => line.slice(6));
  await until(() => started().length === 5);
  await first.kill('SIGKILL');

  const { host } = await activate(workflowId, async () => 'success', { executionKeys: new Set(started()) });
  await until(() => isAllCommitted(workflowId, 5));
  expect(executed(host).toSorted()).toEqual(events.map(nameOf).toSorted());
  expect(host.executions.every(({ key }) => key.endsWith('.2'))).toBe(true);
});

/** A rebalance may come between the end of a run and its commit: what runs again then has run before, in order. */
const firstOfEach = (sequence: readonly number[]): number[] => [...new Set(sequence)];

test('while another n8n joins and leaves the group, no event is lost and each key keeps its order', async () => {
  const workflowId = newWorkflow();
  const ends: string[] = [];
  await activate(workflowId, async (item) => {
    await sleep(20);
    ends.push(nameOf(item));
    return 'success';
  });
  const events: CommerceEvent[] = [];
  let goesOn = true;
  // Until the other has come and gone, however long the broker takes for that.
  const publishing = (async () => {
    for (let round = 1; goesOn; round += 1) {
      const next = Array.from({ length: 12 }, (_, key) => customEvent(`key-${key}`, round));
      await publish(broker, next);
      events.push(...next);
      await sleep(50);
    }
  })();
  const other = await startProcess(workflowId, 20);
  await until(() => endsOf(other).length > 20);
  await other.kill('SIGTERM');
  const alone = ends.length;
  await until(() => ends.length > alone + 20);
  goesOn = false;
  await publishing;
  await until(() => isAllCommitted(workflowId, events.length));
  const everywhere = [...endsOf(other), ...ends];
  expect(new Set(everywhere)).toEqual(new Set(events.map(nameOf)));
  for (const one of [ends, endsOf(other)]) {
    for (let key = 0; key < 12; key += 1) {
      const sequence = one.filter((name) => name.startsWith(`key-${key} `)).map((name) => Number(name.split(' ')[1]));
      expect(firstOfEach(sequence)).toEqual(firstOfEach(sequence).toSorted((a, b) => a - b));
    }
  }
});

test('closed with work in flight, it lets running journeys end, and the next activation runs the rest, each once', async () => {
  const workflowId = newWorkflow();
  const slow: Workflow = async () => {
    await sleep(200);
    return 'success';
  };
  const { host: before, trigger } = await activate(workflowId, slow);
  const events = eventsOf(20, 3);
  await publish(broker, events);
  await until(() => before.executions.length >= 20);
  await close(trigger);
  const startedBefore = before.executions.length;
  expect(startedBefore).toBeLessThan(60);

  const { host: after } = await activate(workflowId, slow);
  await until(() => isAllCommitted(workflowId, 60));
  expect(before.executions).toHaveLength(startedBefore);
  expect([...executed(before), ...executed(after)].toSorted()).toEqual(events.map(nameOf).toSorted());
});

test('switched off and on while a long journey runs, it waits for that journey instead of starting a second one', async () => {
  const workflowId = newWorkflow();
  let release: () => void = () => undefined;
  const { host: before, trigger } = await activate(
    workflowId,
    () => new Promise((resolve) => (release = () => resolve('success'))),
  );
  await publish(broker, eventsOf(1, 2));
  await until(() => before.executions.length === 1);
  await close(trigger);
  const { host: after } = await activate(workflowId, async () => 'success');
  await sleep(2_000);
  expect(after.executions).toHaveLength(0);
  release();
  await until(() => isAllCommitted(workflowId, 2));
  expect([...executed(before), ...executed(after)]).toEqual(['key-0 1', 'key-0 2']);
});

test('with the broker away, journeys end, and when it is back their offsets are committed and nothing runs twice', async () => {
  const workflowId = newWorkflow();
  let ended = 0;
  const { host } = await activate(workflowId, async () => {
    await sleep(1_000);
    ended += 1;
    return 'success';
  });
  await publish(broker, eventsOf(6, 1));
  await until(() => host.executions.length === 6);
  await broker.down();
  await until(() => ended === 6);
  await sleep(3_000);
  await broker.up();
  await until(() => isAllCommitted(workflowId, 6));
  await publish(broker, [customEvent('later', 1)]);
  await until(() => isAllCommitted(workflowId, 7));
  expect(host.executions).toHaveLength(7);
  expect(host.failures).toEqual([]);
});

test('idle for longer than a session, it still takes the next event', async () => {
  const workflowId = newWorkflow();
  const { host } = await activate(workflowId, async () => 'success');
  await sleep(25_000);
  await publish(broker, eventsOf(1, 1));
  await until(() => isAllCommitted(workflowId, 1));
  expect(host.executions).toHaveLength(1);
  expect(host.failures).toEqual([]);
});
