import type { ITriggerResponse } from 'n8n-workflow';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import type { CommerceEvent } from '../../../microservices/chassis/events/envelope.ts';
import { JOURNEY_REPORTS } from '../../../microservices/chassis/events/journey-report.ts';
import { until } from '../../../microservices/chassis/testing/until.ts';
import { committedOffsets, customEvent, publish } from './events.ts';
import type { Workflow } from './executions.ts';
import { createHost, type TestHost } from './host.ts';
import { startN8nProcess, type N8nProcess } from './start-process.ts';

const TOPIC = 'commerce.events';
const PARTITIONS = 4;

const parameters = { customEventTypes: 'custom.happened', options: { firstDelay: 0.01, attempts: 3, maxInFlight: 8 } };

/** `each` events for every key, round by round. */
const eventsOf = (keys: number, each: number): CommerceEvent[] =>
  Array.from({ length: each }, (_, round) =>
    Array.from({ length: keys }, (_key, key) => customEvent(`key-${key}`, round + 1)),
  ).flat();
const nameOf = (event: { subject: string; sequence: number }): string => `${event.subject} ${event.sequence}`;

/**
 * Triggers in this process and in others, on one broker for the file whose topics are new for each test; all are closed
 * after it.
 */
export const startTriggers = () => {
  let broker: TestKafka;
  let made = 0;
  const open: ITriggerResponse[] = [];
  const processes: N8nProcess[] = [];
  beforeAll(async () => {
    broker = await startTestKafka();
  });
  afterAll(() => broker.stop());
  beforeEach(async () => {
    await broker.createTopic(TOPIC, PARTITIONS);
    await broker.createTopic(JOURNEY_REPORTS, PARTITIONS);
  });
  afterEach(async () => {
    for (const trigger of open.splice(0)) await trigger.closeFunction?.();
    for (const process of processes.splice(0)) await process.kill('SIGKILL');
    await broker.clear();
  });
  return {
    broker: () => broker,
    eventsOf,
    nameOf,
    newWorkflow: (): string => `fault-${(made += 1)}`,
    publish: (events: readonly CommerceEvent[]) => publish(broker, events),
    activate: async (workflowId: string, workflow: Workflow, more: { executionKeys?: Set<string> } = {}) => {
      const host = createHost({ address: broker.address, workflowId, workflow, parameters, ...more });
      const trigger = await host.activate();
      open.push(trigger);
      return { host, trigger };
    },
    close: async (trigger: ITriggerResponse): Promise<void> => {
      open.splice(open.indexOf(trigger), 1);
      await trigger.closeFunction?.();
    },
    startProcess: async (workflowId: string, workMs: number): Promise<N8nProcess> => {
      const process = startN8nProcess({ address: broker.address, workflowId, parameters, workMs });
      processes.push(process);
      await until(() => process.lines.some((line) => line.startsWith('active')));
      return process;
    },
    executed: (host: TestHost): string[] => host.executions.map(({ item }) => nameOf(item)),
    isAllCommitted: async (workflowId: string, published: number): Promise<boolean> => {
      const committed = await committedOffsets(broker, `fusioncommerce.${workflowId}.node-1`);
      return committed.reduce((sum, offset) => sum + Math.max(0, offset), 0) === published;
    },
  };
};
