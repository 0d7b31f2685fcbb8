import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, NodeApiError } from 'n8n-workflow';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { orders } from '../../microservices/orders/index.ts';
import { payments } from '../../microservices/payments/index.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { builtPackage } from './built.ts';
import { releasedNodes } from './released-nodes.ts';
import { missed, savedNode } from './saved-parameters.ts';
import { loadPackage, type TestedPackage } from './testing/built-package.ts';
import { unexplained } from './tooltips.ts';
import { createCanvas, newExecution, type CanvasNode } from './testing/canvas.ts';

let platform: TestPlatform;
let built: TestedPackage;

beforeAll(async () => {
  built = await loadPackage();
  platform = await startTestPlatform({
    services: [catalog, customers, inventory, notifications, orders, payments, wallet],
  });
});
afterAll(() => platform.stop());

const canvas = (baseUrl = platform.url, timezone = 'UTC') =>
  createCanvas({ node: (type) => built.node(type), baseUrl, apiKey: platform.adminKey, timezone });

const node = (kind: string, resource: string, operation: string, parameters: IDataObject = {}): CanvasNode => ({
  name: `${kind} ${operation}`,
  type: `n8n-nodes-fusioncommerce.fusionCommerce${kind}`,
  parameters: { resource, operation, ...parameters },
});
const trigger: CanvasNode = { name: 'Trigger', type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger' };
const foreignTrigger: CanvasNode = { name: 'Webhook', type: 'n8n-nodes-base.webhook' };
const event = (id: string, data: IDataObject = {}) => ({
  json: {
    id,
    type: 'order.created',
    source: '/orders',
    subject: 'ord_1',
    time: '',
    data,
    correlationid: `cor_${id}`,
    sequence: 1,
  },
});

const stocked = async (sku: string, quantity: number): Promise<string> => {
  const stock = platform.client(inventoryContract);
  const { id } = await stock.createLocation({ code: `loc-${sku}`, name: `Place of ${sku}`, country: 'DE' });
  await stock.receiveStock({ sku, locationId: id, quantity });
  return id;
};
const reserve = (sku: string, quantity: number, more: IDataObject = {}) =>
  node('Inventory', 'reservation', 'reserve', {
    ownerId: 'order-1',
    lines: { line: [{ sku, quantity }] },
    ...more,
  });
const available = async (sku: string): Promise<number> =>
  (await platform.client(inventoryContract).getItem({ sku })).available;

test('workflows saved with the released nodes still load and run', async () => {
  const now = Object.fromEntries(built.nodes.map(({ description }) => [description.name, savedNode(description)]));
  expect(missed(await releasedNodes(), now)).toEqual([]);
});

test('who asks for the package at the same time gets one build, and later the same', async () => {
  const [first, second] = await Promise.all([builtPackage(), builtPackage()]);
  expect([second, await builtPackage()]).toEqual([first, first]);
});

test('every field has a tooltip, and every entry of a list an explanation', () => {
  expect(built.nodes.flatMap(({ description: { name, properties } }) => unexplained(name, properties))).toEqual([]);
});

test('a command acts once for one event, however often it comes, and anew for another', async () => {
  await stocked('ONCE', 10);
  const [first] = await canvas().run([trigger, reserve('ONCE', 3)], { items: [event('evt_1')] });
  const [again] = await canvas().run([trigger, reserve('ONCE', 3)], { items: [event('evt_1')] });
  expect(again?.json['id']).toBe(first?.json['id']);
  expect(first?.pairedItem).toEqual({ item: 0 });
  expect(await available('ONCE')).toBe(7);
  await canvas().run([trigger, reserve('ONCE', 3)], { items: [event('evt_2')] });
  expect(await available('ONCE')).toBe(4);
});

test('without an event the execution counts: a retry of it repeats nothing, a new one acts', async () => {
  await stocked('RETRY', 10);
  const execution = newExecution();
  await canvas().run([foreignTrigger, reserve('RETRY', 2)], { execution });
  // As n8n does on "Retry execution": a new id, the data of the old one.
  await canvas().run([foreignTrigger, reserve('RETRY', 2)], {
    execution: { id: `${execution.id}-retried`, data: execution.data },
  });
  expect(await available('RETRY')).toBe(8);
  await canvas().run([foreignTrigger, reserve('RETRY', 2)]);
  expect(await available('RETRY')).toBe(6);
});

test('items and passes of a loop are steps of their own; a key of one’s own is one step', async () => {
  await stocked('STEPS', 10);
  const same = event('evt_steps');
  await canvas().run([trigger, reserve('STEPS', 1)], { items: [same, same] });
  expect(await available('STEPS')).toBe(8);
  await canvas().run([trigger, reserve('STEPS', 1)], { items: [same], runIndex: 1 });
  expect(await available('STEPS')).toBe(7);
  const own = reserve('STEPS', 1, { options: { idempotencyKey: 'mine' } });
  await canvas().run([trigger, own], { items: [event('evt_a')] });
  await canvas().run([trigger, own], { items: [event('evt_b')] });
  expect(await available('STEPS')).toBe(6);
});

test('lines come from JSON, as the event carries them', async () => {
  await stocked('JSON', 5);
  const lines = [{ sku: 'JSON', quantity: 2, title: 'not asked for' }];
  const [item] = await canvas().run(
    [
      trigger,
      node('Inventory', 'reservation', 'reserve', {
        ownerId: 'order-2',
        linesInput: 'json',
        linesJson: '={{ $json.data.lines }}',
      }),
    ],
    { items: [event('evt_json', { lines })] },
  );
  expect(item?.json).toMatchObject({ ownerId: 'order-2', state: 'reserved' });
  expect(await available('JSON')).toBe(3);
});

test('a failure stops the node in words, or goes on with its code', async () => {
  await stocked('SCARCE', 1);
  const failed = await canvas()
    .run([trigger, reserve('SCARCE', 5)], { items: [event('evt_scarce')] })
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({
    name: 'NodeApiError',
    code: 'OUT_OF_STOCK',
    httpCode: '409',
    context: { itemIndex: 0 },
  });
  expect((failed as NodeApiError).description).toContain('OUT_OF_STOCK');
  const [item] = await canvas().run([trigger, { ...reserve('SCARCE', 5), onError: 'continueErrorOutput' }], {
    items: [event('evt_scarce')],
  });
  // n8n sends exactly what holds nothing but `error` to the error output.
  expect(Object.keys(item?.json ?? {})).toEqual(['error']);
  expect(item?.json['error']).toMatchObject({ code: 'OUT_OF_STOCK', status: 409 });
  expect(item?.pairedItem).toEqual({ item: 0 });
});

test('money comes as two fields or as the whole amount of an event', async () => {
  const ledger = platform.client(walletContract);
  const topUp = (reference: string, more: IDataObject) =>
    node('Wallet', 'wallet', 'topUp', { ownerId: { __rl: true, mode: 'id', value: 'cus-money' }, reference, ...more });
  await canvas().run([trigger, topUp('pay-1', { amount: 1999, amountCurrency: 'eur' })], { items: [event('evt_m1')] });
  await canvas().run([trigger, topUp('pay-2', { amount: '={{ $json.data.total }}' })], {
    items: [event('evt_m2', { total: { amount: 1, currency: 'EUR' } })],
  });
  const { items } = await ledger.getBalance({ ownerId: 'cus-money' });
  expect(items.map(({ balance }) => balance)).toEqual([2000]);
});

test('lists page to the end, or to the limit', async () => {
  const stock = platform.client(inventoryContract);
  for (let index = 0; index < 5; index += 1) await stock.setItem({ sku: `PAGED-${index}` });
  const list = (more: IDataObject) =>
    canvas().run([node('Inventory', 'item', 'getMany', { filters: { search: 'PAGED-' }, ...more })]);
  expect(await list({ returnAll: true })).toHaveLength(5);
  expect(await list({ limit: 3 })).toHaveLength(3);
  expect((await list({ limit: 2 })).every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
});

test('pickers list and search', async () => {
  await stocked('PICKED', 1);
  const found = await canvas().list(node('Inventory', 'location', 'get'), 'searchLocations', 'Place of PICKED');
  expect(found.results).toEqual([
    { name: 'Place of PICKED · loc-PICKED', value: expect.stringMatching(/^loc_/) as string },
  ]);
  const address = node('Customer', 'address', 'update');
  await expect(canvas().list(address, 'searchAddresses')).rejects.toThrow('Choose the customer first');
});

test('a CSV file of the item is imported', async () => {
  const csv = 'sku,title\nCSV-1,First\nCSV-2,Second\n';
  const binary = { data: { data: Buffer.from(csv).toString('base64'), mimeType: 'text/csv' } };
  const [item] = await canvas().run([trigger, node('Catalog', 'import', 'start')], {
    items: [{ ...event('evt_csv'), binary }],
  });
  expect(item?.json).toMatchObject({ state: 'completed', rows: 2, rejected: 0 });
  expect((await platform.client(catalogContract).listVariants({ skuPrefix: 'CSV-' })).items).toHaveLength(2);
});

test('times are meant in the workflow’s time zone', async () => {
  const locationId = await stocked('ZONE', 1);
  const expect_ = node('Inventory', 'delivery', 'expect', {
    sku: { __rl: true, mode: 'list', value: 'ZONE' },
    locationId: { __rl: true, mode: 'id', value: locationId },
    quantity: 4,
    additionalFields: { expectedAt: '2026-07-01T10:00:00' },
  });
  const [item] = await canvas(platform.url, 'Europe/Berlin').run([trigger, expect_], { items: [event('evt_zone')] });
  expect(item?.json['expectedAt']).toBe('2026-07-01T08:00:00.000Z');
});

test('an empty ID is told before anything is sent', async () => {
  await expect(canvas().run([node('Inventory', 'reservation', 'commit')])).rejects.toThrow(
    '“Reservation”: It is empty',
  );
});

describe('against a server that fails first', () => {
  let server: Server;
  let seen: IncomingMessage['headers'][];
  let answers: ((response: ServerResponse) => void)[];
  const problem =
    (status: number, code: string, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response
        .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
        .end(JSON.stringify({ code, status, title: code, detail: code }));
  const fine = (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"res_1"}');

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(request.headers);
      request.resume().on('end', () => (answers.shift() ?? fine)(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const commit = node('Inventory', 'reservation', 'commit', {
    reservationId: { __rl: true, mode: 'id', value: 'res_1' },
  });

  test('it is asked again under the same key, until it answers', async () => {
    answers = [
      problem(429, 'TOO_MANY_REQUESTS', { 'retry-after': '0' }),
      problem(503, 'UNAVAILABLE', { 'retry-after': '0' }),
      problem(409, 'IDEMPOTENCY_IN_FLIGHT', { 'retry-after': '0' }),
      (response) => void response.destroy(),
      fine,
    ];
    const [item] = await canvas(address()).run([trigger, commit], { items: [event('evt_9')] });
    expect(item?.json).toEqual({ id: 'res_1' });
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map((headers) => headers['idempotency-key']))).toEqual(
      new Set([expect.stringMatching(/^[\w-]{43}$/)]),
    );
    expect(seen.every((headers) => headers['x-correlation-id'] === 'cor_evt_9')).toBe(true);
  });

  test('it is asked five times at most, and an expected failure once', async () => {
    answers = Array.from({ length: 9 }, () => problem(500, 'INTERNAL', { 'retry-after': '0' }));
    await expect(canvas(address()).run([trigger, commit], { items: [event('evt_10')] })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect(seen).toHaveLength(5);
    answers = [problem(404, 'RESERVATION_NOT_FOUND')];
    await expect(canvas(address()).run([trigger, commit], { items: [event('evt_11')] })).rejects.toMatchObject({
      code: 'RESERVATION_NOT_FOUND',
    });
    expect(seen).toHaveLength(6);
  });

  test('what is no FusionCommerce says so', async () => {
    answers = [(response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>')];
    await expect(canvas(address()).run([trigger, commit], { items: [event('evt_12')] })).rejects.toThrow('Base URL');
  });
});
