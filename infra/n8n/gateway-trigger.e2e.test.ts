import { eventsContract } from '../../microservices/events/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import type { WorkflowFile, WorkflowNode } from './journeys.ts';
import { publishWorkflow, startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

/** Journeys that are started by signed pushes from the platform, in a real n8n. */
let environment: JourneyPlatform;
let credentials: NonNullable<WorkflowNode['credentials']>;

beforeAll(async () => {
  environment = await startJourneyPlatform(undefined, {
    environment: {
      PUSH_ALLOW_PRIVATE: 'loopback',
      PUSH_RETRY_MS: '100',
      PUSH_PROBE_MS: '200',
      PUSH_POLL_MS: '100',
    },
  });
  credentials = { fusionCommerceApi: await environment.credential('fusionCommerceApi') };
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const events = () => environment.platform.client(eventsContract);
const publish = (type: string, subject: string, n: number) => events().publishEvent({ type, subject, data: { n } });

/** Gateway Trigger → our Event node, which publishes `answer` with what the trigger gave. */
const journey = (name: string, type: string, answer: { type: string; subject: string }): WorkflowFile => ({
  id: `gateway-${name}`,
  name: `Gateway: ${name}`,
  active: false,
  settings: { executionOrder: 'v1', saveDataErrorExecution: 'all', saveDataSuccessExecution: 'none' },
  nodes: [
    {
      id: `trigger-${name}`,
      name: 'Event',
      type: 'n8n-nodes-fusioncommerce.fusionCommerceGatewayTrigger',
      typeVersion: 1,
      position: [0, 0],
      parameters: { customEventTypes: type, options: { attempts: 2 } },
      credentials,
      webhookId: `webhook-${name}`,
    } as WorkflowNode,
    {
      id: `publish-${name}`,
      name: 'Publish',
      type: 'n8n-nodes-fusioncommerce.fusionCommerceEvent',
      typeVersion: 1,
      position: [220, 0],
      parameters: {
        resource: 'event',
        operation: 'publish',
        type: { __rl: true, mode: 'id', value: answer.type },
        subject: answer.subject,
        data: '={{ $json.data }}',
      },
      credentials,
    },
  ],
  connections: { Event: { main: [[{ node: 'Publish', type: 'main', index: 0 }]] } },
});

const activate = (workflow: WorkflowFile): Promise<void> => publishWorkflow(environment, workflow);

const seen = (type: string): { subject: string; n: number }[] =>
  environment.platform
    .events('events')
    .filter((event) => event.type === type)
    .map(({ subject, data }) => ({ subject, n: (data as { n: number }).n }));

test('pushed events start journeys, each has its effect once, and events of one subject stay in order', async () => {
  await activate(journey('order', 'custom.pushed', { type: 'custom.pushed_seen', subject: '={{ $json.subject }}' }));
  for (let n = 0; n < 30; n += 1) await publish('custom.pushed', `customer-${n % 3}`, n);
  await until(async () => seen('custom.pushed_seen').length >= 30);
  for (const subject of ['customer-0', 'customer-1', 'customer-2'])
    expect(
      seen('custom.pushed_seen')
        .filter((one) => one.subject === subject)
        .map(({ n }) => n),
    ).toEqual(Array.from({ length: 30 }, (_, n) => n).filter((n) => subject === `customer-${n % 3}`));
}, 120_000);

test('what happens while n8n is killed and starts again is pushed to it afterwards', async () => {
  await activate(journey('kill', 'custom.away', { type: 'custom.away_seen', subject: '={{ $json.subject }}' }));
  await publish('custom.away', 'customer-1', 0);
  await until(async () => seen('custom.away_seen').length === 1);
  const restarted = environment.restartN8n();
  for (let n = 1; n <= 10; n += 1) await publish('custom.away', 'customer-1', n);
  await restarted;
  await until(async () => seen('custom.away_seen').length >= 11);
  expect(seen('custom.away_seen').map(({ n }) => n)).toEqual(Array.from({ length: 11 }, (_, n) => n));
}, 180_000);

test('a journey that always fails ends in the dead letters, with a failed execution to look at', async () => {
  // The Event node refuses what is no custom type.
  await activate(journey('fails', 'custom.doomed', { type: 'order.created', subject: 'customer-1' }));
  const { id } = await publish('custom.doomed', 'customer-1', 1);
  const [headers] = await environment.deadLetters('commerce.events', 1);
  expect(JSON.stringify(headers)).toContain(id);
  const { results } = await environment.editor.get<{ results: { status: string }[] }>(
    `/executions?filter=${encodeURIComponent(JSON.stringify({ workflowId: 'gateway-fails' }))}`,
  );
  expect(results.map(({ status }) => status)).toEqual(['error', 'error']);
}, 120_000);
