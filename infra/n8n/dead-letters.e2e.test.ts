import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { onceKeyOf } from '../../nodes/run/once-key.ts';
import { openShop, type Shop } from '../faults/shop.ts';
import { readJourneys, type Journey, type WorkflowFile, type WorkflowNode } from './journeys.ts';
import { assignSetting, publishWorkflow, startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

/** The list of the day every two seconds. */
const oftener = (journey: Journey): Journey => ({
  ...journey,
  workflow: {
    ...journey.workflow,
    nodes: journey.workflow.nodes.map((node) =>
      node.name === 'Every Morning'
        ? { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } } }
        : node,
    ),
  },
});

let environment: JourneyPlatform;
let shop: Shop;
let credentials: NonNullable<WorkflowNode['credentials']>;
beforeAll(async () => {
  environment = await startJourneyPlatform(oftener, { environment: { STAFF_EMAIL: 'operations@shop.example' } });
  shop = await openShop(environment.platform, { skus: 1, stock: 100, customers: 0 });
  credentials = {
    fusionCommerceKafka: await environment.credential('fusionCommerceKafka'),
    fusionCommerceApi: await environment.credential('fusionCommerceApi'),
  };
}, 300_000);
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  await environment?.stop();
}, 60_000);

const events = () => environment.platform.client(eventsContract);

/** A supplier that responds as it is told, and what it was asked. */
const startSupplier = async () => {
  const asked: IncomingHttpHeaders[] = [];
  const supplier = { asked, status: 500, url: '' };
  const server = createServer((request, response) => {
    asked.push(request.headers);
    request.resume().on('end', () => {
      response.writeHead(supplier.status, { 'content-type': 'application/json' }).end('{"id":"po-1"}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  supplier.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
  return supplier;
};

const node = (name: string, type: string, version: number, more: Partial<WorkflowNode>): WorkflowNode => ({
  ...{
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    type,
    typeVersion: version,
    position: [0, 0],
    parameters: {},
  },
  ...more,
});

/** Trigger → the supplier → an event that says so. Its failures are left to people. */
const ordering = (id: string, url: string): WorkflowFile => ({
  id,
  name: id,
  active: false,
  settings: { executionOrder: 'v1', saveDataErrorExecution: 'all' },
  nodes: [
    node('Event', 'n8n-nodes-fusioncommerce.fusionCommerceTrigger', 1, {
      parameters: { customEventTypes: `custom.${id}`, afterFailure: 'leave' },
      credentials,
    }),
    node('Supplier', 'n8n-nodes-base.httpRequest', 4.2, {
      parameters: {
        method: 'POST',
        url,
        sendHeaders: true,
        headerParameters: { parameters: [{ name: 'Idempotency-Key', value: '={{ $json.onceKey }}' }] },
        options: {},
      },
    }),
    node('Say So', 'n8n-nodes-fusioncommerce.fusionCommerceEvent', 1, {
      parameters: {
        resource: 'event',
        operation: 'publish',
        type: { __rl: true, mode: 'id', value: `custom.${id.replace('-', '_')}_done` },
        subject: "={{ $('Event').item.json.subject }}",
        data: '={{ {} }}',
      },
      credentials,
    }),
  ],
  connections: {
    Event: { main: [[{ node: 'Supplier', type: 'main', index: 0 }]] },
    Supplier: { main: [[{ node: 'Say So', type: 'main', index: 0 }]] },
  },
});

const letterOf = async (workflowId: string) => {
  const [letter] = await until(
    'a dead letter',
    async () => (await events().listDeadLetters({ workflowId })).items,
    ({ length }) => length > 0,
  );
  if (!letter) throw new Error(`There is no dead letter of ${workflowId}`);
  return letter;
};

const executions = async (workflowId: string) =>
  (
    await environment.editor.get<{ results: { id: string; status: string; mode: string }[] }>(
      `/executions?filter=${encodeURIComponent(JSON.stringify({ workflowId }))}`,
    )
  ).results;

const done = (type: string) => environment.platform.waitForEvent(type);

test('n8n’s Retry of a dead letter’s execution runs the journey with its event', async () => {
  const supplier = await startSupplier();
  await publishWorkflow(environment, ordering('retried', supplier.url));
  await events().publishEvent({ type: 'custom.retried', subject: 'sku-1', data: {} });
  await letterOf('retried');
  // The attempt, and the execution that shows the dead letter.
  const failed = await until(
    'both are shown',
    () => executions('retried'),
    ({ length }) => length === 2,
  );
  expect(failed.map(({ status }) => status)).toEqual(['error', 'error']);
  supplier.status = 200;
  const [newest] = failed.toSorted((left, right) => Number(right.id) - Number(left.id));
  await environment.editor.post(`/executions/${newest?.id}/retry`, { loadWorkflow: false });
  await done('custom.retried_done');
  expect(supplier.asked).toHaveLength(2);
  expect(new Set(supplier.asked.map((headers) => headers['idempotency-key'])).size).toBe(1);
}, 240_000);

test('“Execute workflow” in the editor runs it on the latest real event', async () => {
  const supplier = await startSupplier();
  supplier.status = 200;
  const workflow = ordering('by-hand', supplier.url);
  const type = 'custom.by_hand';
  const [trigger, ...others] = workflow.nodes;
  const nodes = [{ ...trigger, parameters: { customEventTypes: type } }, ...others] as WorkflowNode[];
  const { active: _active, ...content } = { ...workflow, nodes };
  await environment.editor.post('/workflows', content);
  const { id } = await events().publishEvent({ type, subject: 'sku-9', data: {} });
  await environment.platform.waitForEvent(type);
  await environment.editor.post('/workflows/by-hand/run', { triggerToStartFrom: { name: 'Event' } });
  await until('it ended', async () => (await executions('by-hand')).some(({ status }) => status === 'success'));
  expect(supplier.asked.map((headers) => headers['idempotency-key'])).toEqual([onceKeyOf('by-hand', id)]);
}, 240_000);

test('a replay runs the journey with its event, and staff were told of the dead letter', async () => {
  const supplier = await startSupplier();
  await publishWorkflow(environment, ordering('replayed', supplier.url));
  await events().publishEvent({ type: 'custom.replayed', subject: 'sku-1', data: {} });
  const letter = await letterOf('replayed');
  expect(letter).toMatchObject({ node: 'Supplier', attempts: 1, subject: 'sku-1', state: 'waiting' });
  const mails = async () =>
    (
      await environment.platform
        .client(notificationsContract)
        .listDevInbox({ template: 'staff-event-buried', limit: 200 })
    ).items;
  const told = await until('staff are told', mails, (all) => all.some(({ text }) => text.includes(letter.id)));
  expect(told.map(({ to }) => to)).toContain('operations@shop.example');
  // The list of the day, of what waits still.
  await until('and have their list', mails, (all) =>
    all.some(({ to, text }) => to === 'staff@example.com' && text.includes('Today’s list')),
  );
  supplier.status = 200;
  await events().replayDeadLetter({ deadLetterId: letter.id });
  await done('custom.replayed_done');
  expect(supplier.asked).toHaveLength(2);
}, 240_000);

test('an audit trail that somebody changed is told to staff once a day, a whole one to nobody', async () => {
  const filter = encodeURIComponent(JSON.stringify({ workflowId: 'audit-trail-check', status: ['success'] }));
  const runs = async () =>
    (await environment.editor.get<{ count: number }>(`/executions?limit=1&filter=${filter}`)).count;
  const mails = () => environment.mails('written-here', 'audit trail');
  await until('a whole trail was checked', async () => (await runs()) > 0);
  expect(await mails()).toEqual([]);
  await environment.platform.database('audit').run('DELETE FROM audit_entry WHERE position = 2');
  const [told] = await until('staff are told', mails, ({ length }) => length > 0);
  expect([told?.subject, told?.text]).toEqual([
    'The audit trail is broken at entry 2',
    expect.stringContaining('position 2 (missing)'),
  ]);
  const seen = await runs();
  await until('it was checked twice more', async () => (await runs()) >= seen + 2);
  expect(await mails()).toHaveLength(1);
}, 240_000);

test('a supplier that is away at first gets the order of an event under one key, and once it took it no more', async () => {
  const supplier = await startSupplier();
  const journey = (await readJourneys()).find(({ name }) => name === 'supplier-order-once-per-event');
  if (!journey) throw new Error('The template is gone');
  const { workflow } = assignSetting(journey, 'supplier-order-once-per-event', 'supplierUrl', supplier.url);
  const stored = await environment.editor.get<{ active: boolean; versionId: string }>(`/workflows/${workflow.id}`);
  expect(stored.active).toBe(false);
  const nodes = workflow.nodes.map((one) => {
    const mine = Object.keys(one.credentials ?? {}).map((type) => [type, credentials[type]]);
    const quick = one.name === 'Stock Is Low' ? { options: { firstDelay: 0 } } : {};
    return {
      ...one,
      parameters: { ...one.parameters, ...quick },
      ...(mine.length > 0 && { credentials: Object.fromEntries(mine) as typeof credentials }),
    };
  });
  await publishWorkflow(environment, { ...workflow, id: 'supplier', nodes });
  const inventory = environment.platform.client(inventoryContract);
  const sku = shop.skus[0] ?? '';
  await inventory.setLevel({ sku, locationId: shop.locationId, lowStockThreshold: 95 });
  await inventory.adjustStock({ sku, locationId: shop.locationId, change: -10, reason: 'damaged' });
  await until('the supplier was asked', () => supplier.asked.length >= 2);
  supplier.status = 200;
  await done('custom.supplier_ordered');
  const asked = supplier.asked.length;
  expect(new Set(supplier.asked.map((headers) => headers['idempotency-key'])).size).toBe(1);
  const low = await environment.platform.waitForEvent('inventory.low');
  // Whoever claims it now, as the next attempt would, is not the first.
  const key = String(supplier.asked[0]?.['idempotency-key']);
  expect(await events().claimOnce({ step: 'supplier order', key })).toMatchObject({ first: false });
  expect([low.subject.startsWith(sku), supplier.asked.length]).toEqual([true, asked]);
}, 240_000);
