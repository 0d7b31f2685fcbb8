import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../microservices/chassis/testing/until.ts';
import { startTriggers } from './testing/triggers.ts';

/** What takes as long as a session of a consumer group does, 20 seconds: both at the same time. */
const SESSION_MS = 20_000;
const triggers = startTriggers();
const { activate, eventsOf, executed, isAllCommitted, nameOf, newWorkflow, startProcess } = triggers;

test('killed between emit and commit, n8n runs the events again, although it knows their first executions; one that was idle for a session takes the next event', async () => {
  const idleId = newWorkflow();
  const idle = await activate(idleId, async () => 'success');
  const workflowId = newWorkflow();
  const first = await startProcess(workflowId, 60_000);
  const events = eventsOf(5, 1);
  await triggers.publish(events);
  const started = () => first.lines.filter((line) => line.startsWith('start ')).map((line) => line.slice(6));
  await until('all five have started', () => started().length === 5);
  await until('the other trigger has run them', () => isAllCommitted(idleId, 5));
  const idleSince = performance.now();
  await first.kill('SIGKILL');

  const { host } = await activate(workflowId, async () => 'success', { executionKeys: new Set(started()) });
  await until('they were run again', () => isAllCommitted(workflowId, 5));
  expect(executed(host).toSorted()).toEqual(events.map(nameOf).toSorted());
  expect(host.executions.every(({ key }) => key.endsWith('.2'))).toBe(true);

  await sleep(Math.max(0, SESSION_MS + 2_000 - (performance.now() - idleSince)));
  await triggers.publish(eventsOf(1, 1));
  await until('the idle one has run it', () => isAllCommitted(idleId, 6));
  expect(idle.host.executions).toHaveLength(6);
  expect(idle.host.failures).toEqual([]);
});
