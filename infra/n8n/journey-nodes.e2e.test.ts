import { randomUUID } from 'node:crypto';
import { eventsContract } from '../../microservices/events/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import type { WorkflowFile, WorkflowNode } from './journeys.ts';
import { startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(55_000);

/** Wait for Event, Split and Limit in a real n8n. */
let environment: JourneyPlatform;
let api: NonNullable<WorkflowNode['credentials']>;
let kafka: NonNullable<WorkflowNode['credentials']>;
let ahead = 0;

beforeAll(async () => {
  environment = await startJourneyPlatform(undefined, {
    now: () => new Date(Date.now() + ahead),
    environment: { PUSH_ALLOW_PRIVATE: 'loopback', PUSH_RETRY_MS: '200', WAIT_POLL_MS: '200' },
  });
  api = { fusionCommerceApi: await environment.credential('fusionCommerceApi') };
  kafka = { fusionCommerceKafka: await environment.credential('fusionCommerceKafka') };
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const events = () => environment.platform.client(eventsContract);
const publish = (type: string, customerId: string, n = 0) =>
  events().publishEvent({ type, subject: randomUUID(), data: { customerId, n } });
const customer = () => `cus_${randomUUID().replaceAll('-', '')}`;

type Step = Pick<WorkflowNode, 'name' | 'type' | 'parameters'>;
const OURS = 'n8n-nodes-fusioncommerce.';

/** A node that publishes what came out of an output. */
const tell = (name: string, type: string, data: string): Step => ({
  name,
  type: `${OURS}fusionCommerceEvent`,
  parameters: {
    resource: 'event',
    operation: 'publish',
    type: { __rl: true, mode: 'id', value: type },
    subject: '={{ $("Start").item.json.data.customerId }}',
    data,
  },
});

/** Trigger → step → one node for each of its outputs. */
const journey = async (id: string, startsOn: string, step: Step, outputs: Step[]): Promise<void> => {
  const start: Step = {
    name: 'Start',
    type: `${OURS}fusionCommerceTrigger`,
    parameters: { eventTypes: [], customEventTypes: startsOn, startPosition: 'latest' },
  };
  const content: Omit<WorkflowFile, 'active'> = {
    id,
    name: id,
    settings: { executionOrder: 'v1' },
    nodes: [start, step, ...outputs].map((node, index) => ({
      ...node,
      id: `${id}-${index}`,
      typeVersion: 1,
      position: [index * 220, 0],
      credentials: index === 0 ? kafka : api,
      // As analysts draw it: n8n handles the outputs of such a node differently.
      ...(index === 1 && { onError: 'continueErrorOutput' }),
    })),
    connections: {
      Start: { main: [[{ node: step.name, type: 'main', index: 0 }]] },
      [step.name]: { main: outputs.map(({ name }) => [{ node: name, type: 'main', index: 0 }]) },
    },
  };
  await environment.editor.post('/workflows', content);
  const { versionId } = await environment.editor.get<{ versionId: string }>(`/workflows/${id}`);
  await environment.editor.post(`/workflows/${id}/activate`, { versionId });
};

const told = (type: string) =>
  environment.platform
    .events('events')
    .filter((event) => event.type === type)
    .map(({ subject, data }) => ({ subject, ...(data as { n: number }) }));

const waiting = async (value: string, state = 'waiting') =>
  until(
    async () => (await events().listWaits({ value, limit: 200 })).items,
    (items) => items.length === 1 && items[0]?.state === state,
  );

const waitJourney = (id: string) =>
  journey(
    id,
    `custom.${id}_start`,
    {
      name: 'Wait',
      type: `${OURS}fusionCommerceWaitForEvent`,
      parameters: {
        eventTypes: [],
        customEventTypes: `custom.${id}_done`,
        about: 'customer',
        timeoutAmount: 2,
        timeoutUnit: 'hours',
      },
    },
    [
      tell('Came', `custom.${id}_came`, '={{ { n: $json.awaitedEvent.data.n } }}'),
      tell('Timed Out', `custom.${id}_late`, '={{ { n: $json.data.n } }}'),
    ],
  );

test('Wait for Event: the event resumes the journey by the first output, the deadline by the second', async () => {
  await waitJourney('parks');
  const [first, second, third] = [customer(), customer(), customer()];
  await publish('custom.parks_start', first);
  await publish('custom.parks_start', second, 8);
  const [parked] = await waiting(first);
  await waiting(second);
  await publish('custom.parks_done', third, 1);
  await publish('custom.parks_done', first, 7);
  await until(() => told('custom.parks_came').length === 1);
  await waiting(first, 'resumed');
  expect(told('custom.parks_came')).toEqual([{ subject: first, n: 7 }]);
  expect(parked?.journey).toMatchObject({ workflowId: 'parks', node: 'Wait' });

  ahead = 3 * 3_600_000;
  await until(() => told('custom.parks_late').length === 1);
  ahead = 0;
  await waiting(second, 'resumed');
  expect(told('custom.parks_late')).toEqual([{ subject: second, n: 8 }]);
  // The event was there before the journey: it does not count.
  await publish('custom.parks_start', third, 9);
  const [last] = await waiting(third);
  await events().giveUpWait({ waitId: last?.id ?? '' });
  await until(() => told('custom.parks_late').length === 2);
  expect(told('custom.parks_late')).toContainEqual({ subject: third, n: 9 });
});

test('Wait for Event: what came between the trigger and the step ends the wait at once', async () => {
  await journey(
    'slow',
    'custom.slow_start',
    {
      name: 'Wait',
      type: `${OURS}fusionCommerceWaitForEvent`,
      // The journey's own event is of the awaited type as well, and does not count.
      parameters: { eventTypes: [], customEventTypes: 'custom.slow_start', about: 'customer', timeoutUnit: 'hours' },
    },
    [tell('Came', 'custom.slow_came', '={{ { n: $json.awaitedEvent.data.n } }}')],
  );
  const [one, two] = [customer(), customer()];
  await publish('custom.slow_start', one, 1);
  await publish('custom.slow_start', one, 2);
  await publish('custom.slow_start', two, 3);
  await waiting(two);
  await until(() => told('custom.slow_came').length === 1);
  expect(told('custom.slow_came')).toEqual([{ subject: one, n: 2 }]);
});

test('Wait for Event: 20 parked journeys, n8n killed while their events come: each goes on exactly once', async () => {
  await waitJourney('killed');
  const customers = Array.from({ length: 20 }, customer);
  for (const one of customers) await publish('custom.killed_start', one);
  for (const one of customers) await waiting(one);
  const restarted = environment.restartN8n();
  for (const [n, one] of customers.entries()) await publish('custom.killed_done', one, n);
  await restarted;
  for (const one of customers) await waiting(one, 'resumed');
  await until(() => told('custom.killed_came').length >= 20);
  expect(told('custom.killed_came').toSorted((left, right) => left.n - right.n)).toEqual(
    customers.map((subject, n) => ({ subject, n })),
  );
}, 180_000);

test('Limit: of five events of a customer two go through, and Split sends a customer the same way every time', async () => {
  await journey(
    'limited',
    'custom.limited',
    {
      name: 'Limit',
      type: `${OURS}fusionCommerceLimit`,
      parameters: { limit: 'two a day', most: 2, periodAmount: 1, periodUnit: 'days' },
    },
    [
      tell('Allowed', 'custom.limit_allowed', '={{ { n: $json.limit.used } }}'),
      tell('Over', 'custom.limit_over', '={{ { n: $json.limit.used } }}'),
    ],
  );
  await journey(
    'halved',
    'custom.limited',
    {
      name: 'Split',
      type: `${OURS}fusionCommerceSplit`,
      parameters: {
        split: 'halves',
        branches: { branch: [{ name: 'With', percent: 50 }] },
        holdOut: 50,
      },
    },
    [
      tell('With', 'custom.split_with', '={{ { n: $json.data.n } }}'),
      tell('Held Out', 'custom.split_without', '={{ { n: $json.data.n } }}'),
    ],
  );
  const one = customer();
  for (let n = 0; n < 5; n += 1) await publish('custom.limited', one, n);
  await until(() => told('custom.limit_allowed').length + told('custom.limit_over').length >= 5);
  expect(
    told('custom.limit_allowed')
      .map(({ n }) => n)
      .toSorted(),
  ).toEqual([1, 2]);
  expect(told('custom.limit_over')).toHaveLength(3);
  await until(() => told('custom.split_with').length + told('custom.split_without').length >= 5);
  expect([told('custom.split_with').length, told('custom.split_without').length].toSorted()).toEqual([0, 5]);
  expect(await events().getSplit({ split: 'halves' })).toMatchObject({ branches: [{ customers: 1 }] });
});
