import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../microservices/chassis/testing/until.ts';
import { startTriggers } from './testing/triggers.ts';

/** What takes as long as a session of a consumer group does: half a minute each. */
const triggers = startTriggers();
const { activate, eventsOf, executed, isAllCommitted, nameOf, newWorkflow, startProcess } = triggers;

test('killed between emit and commit, n8n meets the events again and runs them, although it knows their first executions', async () => {
  const workflowId = newWorkflow();
  const first = await startProcess(workflowId, 60_000);
  const events = eventsOf(5, 1);
  await triggers.publish(events);
  const started = () => first.lines.filter((line) => line.startsWith('start ')).map((line) => line.slice(6));
  await until(() => started().length === 5);
  await first.kill('SIGKILL');

  const { host } = await activate(workflowId, async () => 'success', { executionKeys: new Set(started()) });
  await until(() => isAllCommitted(workflowId, 5));
  expect(executed(host).toSorted()).toEqual(events.map(nameOf).toSorted());
  expect(host.executions.every(({ key }) => key.endsWith('.2'))).toBe(true);
});

test('idle for longer than a session, it still takes the next event', async () => {
  const workflowId = newWorkflow();
  const { host } = await activate(workflowId, async () => 'success');
  await sleep(25_000);
  await triggers.publish(eventsOf(1, 1));
  await until(() => isAllCommitted(workflowId, 1));
  expect(host.executions).toHaveLength(1);
  expect(host.failures).toEqual([]);
});
