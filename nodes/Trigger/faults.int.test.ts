import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../microservices/chassis/testing/until.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { customEvent } from './testing/events.ts';
import type { Workflow } from './testing/executions.ts';
import type { N8nProcess } from './testing/start-process.ts';
import { startTriggers } from './testing/triggers.ts';

const triggers = startTriggers();
const { activate, close, eventsOf, executed, isAllCommitted, nameOf, newWorkflow, startProcess } = triggers;

const endsOf = (process: N8nProcess): string[] =>
  process.lines.filter((line) => line.startsWith('end ')).map((line) => line.slice(4));

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
      await triggers.publish(next);
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
  await triggers.publish(events);
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
  await triggers.publish(eventsOf(1, 2));
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
  await triggers.publish(eventsOf(6, 1));
  await until(() => host.executions.length === 6);
  await triggers.broker().down();
  await until(() => ended === 6);
  await sleep(3_000);
  await triggers.broker().up();
  await until(() => isAllCommitted(workflowId, 6));
  await triggers.publish([customEvent('later', 1)]);
  await until(() => isAllCommitted(workflowId, 7));
  expect(host.executions).toHaveLength(7);
  expect(host.failures).toEqual([]);
});
