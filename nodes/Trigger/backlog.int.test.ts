import { startTestKafka, type TestKafka } from '../../infra/test/kafka.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { connectionOf } from './connection.ts';
import { startLive } from './live.ts';
import { MAX_IN_FLIGHT, settingsOf } from './settings.ts';
import { customEvent, publish } from './testing/events.ts';
import { createExecutions } from './testing/executions.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
  await broker.createTopic('commerce.events', 6);
});
afterAll(() => broker.stop());

const EVENTS = 10_000;
const BATCH = 100;

test('a backlog of 10,000 events runs each once, with few in memory and no more at once than allowed', async () => {
  const filling = 'x'.repeat(3_000);
  for (let from = 0; from < EVENTS; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, n) => customEvent(`key-${from + n}`, 1, { data: { filling } }));
    await publish(broker, batch);
  }
  let running = 0;
  let mostRunning = 0;
  let mostHeld = 0;
  const executions = createExecutions(async () => {
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return 'success';
  });
  const parameters: Record<string, unknown> = { customEventTypes: 'custom.happened', startPosition: 'earliest' };
  const silent = { warn: () => undefined, error: () => undefined };
  const live = await startLive(
    connectionOf({ brokers: broker.address, clientId: '', ssl: false, saslMechanism: 'none' }, silent),
    settingsOf((name, fallback) => parameters[name] ?? fallback),
    {
      workflowId: 'backlog',
      nodeId: 'node-1',
      workflowName: 'Test',
      nodeName: 'Trigger',
      emit: (item, done, key) => {
        mostHeld = Math.max(mostHeld, live.unfinished());
        executions.start(item, done, key);
      },
      bury: () => undefined,
      report: () => undefined,
      fail: () => undefined,
      log: () => undefined,
    },
  );
  await until(() => executions.started.length === EVENTS);
  await live.close();
  expect(new Set(executions.started.map(({ item }) => item.subject)).size).toBe(EVENTS);
  expect(executions.started).toHaveLength(EVENTS);
  expect(mostRunning).toBe(MAX_IN_FLIGHT);
  // Of each of 6 partitions.
  expect(mostHeld).toBeLessThanOrEqual(6 * 400);
});
