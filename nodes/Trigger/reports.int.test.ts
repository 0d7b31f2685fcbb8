import { JOURNEY_REPORTS, readReport, type JourneyReport } from '../../microservices/chassis/events/journey-report.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { readTopics } from '../../microservices/chassis/kafka/read-topics.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { startTriggers } from './testing/triggers.ts';

const triggers = startTriggers();

const reports = async (): Promise<JourneyReport[]> => {
  const kafka = createKafka({ brokers: [triggers.broker().address], clientId: 'test', log: silentLog });
  const { messages } = await readTopics(kafka, [JOURNEY_REPORTS]);
  return messages.flatMap(({ message }) => readReport(message) ?? []);
};
const statesOf = (all: readonly JourneyReport[], subject: string) =>
  all.filter(({ event }) => event.subject === subject).map(({ state, attempts }) => `${state} ${attempts}`);

test('the trigger reports the start and the end of each execution of a journey, and what was buried', async () => {
  const workflowId = triggers.newWorkflow();
  let failures = 0;
  await triggers.activate(workflowId, async ({ subject }) => {
    if (subject === 'key-1') return 'waiting';
    if (subject === 'key-2' && failures++ < 1) throw new Error('not yet');
    if (subject === 'key-3') throw new Error('never');
    return 'success';
  });
  await triggers.publish(triggers.eventsOf(4, 1));
  const all = await until(reports, (said) => said.filter(({ state }) => state !== 'started').length >= 8);
  expect(statesOf(all, 'key-0')).toEqual(['started 1', 'succeeded 1']);
  expect(statesOf(all, 'key-1')).toEqual(['started 1', 'waiting 1']);
  expect(statesOf(all, 'key-2')).toEqual(['started 1', 'failed 1', 'started 2', 'succeeded 2']);
  expect(statesOf(all, 'key-3').at(-1)).toBe('buried 3');
  expect(all.find(({ state }) => state === 'buried')).toMatchObject({
    workflowId,
    workflowName: 'Test',
    failedNode: 'Reserve stock',
  });
});
