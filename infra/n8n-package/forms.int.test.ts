import type { IDataObject } from 'n8n-workflow';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import type { CanvasNode } from './testing/canvas.ts';
import { commerceNode, eventItem, startShop, trigger } from './testing/shop.ts';

/** What an analyst fills in: amounts as people write them, and what is said when something is wrong. */
let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

let events = 0;
const run = (kind: string, resource: string, operation: string, parameters: IDataObject, json: IDataObject = {}) =>
  shop.canvas.run([trigger, { ...commerceNode(kind, resource, operation, parameters), typeVersion: 2 }], {
    before: [eventItem(`evt_form_${(events += 1)}`)],
    items: [{ json }],
  });
const topUp = (ownerId: string, amount: unknown, more: IDataObject = {}, json: IDataObject = {}) =>
  run('Wallet', 'wallet', 'topUp', { ownerId, reference: `pay-${ownerId}`, amount, ...more } as IDataObject, json);
const refusalOf = async (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  );

test('5 is 5.00 in the shop’s own currency', async () => {
  await topUp('own-1', 5);
  expect(await shop.balance('own-1')).toBe(500);
});

test('a chosen currency counts, with its own decimals', async () => {
  const [item] = await topUp('own-2', 5, { amountCurrency: { __rl: true, mode: 'id', value: 'JPY' } });
  expect(item?.json).toMatchObject({ transfer: { amount: { amount: 5, currency: 'JPY' } } });
});

test('an amount of an event goes on as it is, whole or by its bare number', async () => {
  const json = { data: { total: { amount: 1999, currency: 'EUR' } } };
  await topUp('own-3', '={{ $json.data.total }}', {}, json);
  await topUp('own-4', '={{ $json.data.total.amount }}', {}, json);
  expect([await shop.balance('own-3'), await shop.balance('own-4')]).toEqual([1999, 1999]);
  const words = await refusalOf(topUp('own-5', '={{ $json.data.total.amount * 2 }}', {}, json));
  expect(words).toContain('“Amount”: The expression calculates with $json.data.total.amount, which counts minor units');
  expect(await shop.balance('own-5')).toBe(0);
});

test('a workflow saved with version 1 keeps its minor units', async () => {
  const saved = commerceNode('Wallet', 'wallet', 'topUp', {
    ...{ ownerId: 'own-6', reference: 'pay-6', amount: 500, amountCurrency: 'EUR' },
  });
  await shop.canvas.run([trigger, saved], { items: [eventItem('evt_saved')] });
  expect(await shop.balance('own-6')).toBe(500);
});

test('all that is wrong is named at once, as the editor names it', async () => {
  expect(await refusalOf(topUp('', 0, { reference: '' }))).toBe(
    '“Owner”: It is empty, and the operation needs it. “Amount”: It is empty, and the operation needs it. ' +
      '“Reference”: It is empty, and the operation needs it.',
  );
  const reserved = run('Inventory', 'reservation', 'reserve', {
    ownerId: 'two words',
    lines: { line: [{ sku: 'TEA', quantity: 0 }] },
  });
  expect(await refusalOf(reserved)).toMatch(/^“Owner ID”: .+\. “Lines → 1 → Quantity”: .+\.$/);
});

test('SKUs are chosen one by one, or come as an array', async () => {
  for (const sku of ['FORM-1', 'FORM-2'])
    await shop.platform.client(inventoryContract).receiveStock({ sku, locationId: shop.locationId, quantity: 3 });
  const available = async (parameters: IDataObject, json: IDataObject = {}) =>
    (await run('Inventory', 'stock', 'getAvailability', parameters, json)).map((item) => item.json['sku']);
  const row = (sku: string) => ({ value: { __rl: true, mode: 'list', value: sku } });
  expect(await available({ skusInput: 'fields', skus: { sku: [row('FORM-1'), row(''), row('FORM-2')] } })).toEqual([
    'FORM-1',
    'FORM-2',
  ]);
  const lines = { data: { lines: [{ sku: 'FORM-2' }] } };
  const mapped = '={{ $json.data.lines.map(line => line.sku) }}';
  expect(await available({ skusInput: 'json', skusJson: mapped }, lines)).toEqual(['FORM-2']);
  expect(await refusalOf(available({ skusInput: 'fields', skus: { sku: [row('')] } }))).toContain('“SKUs”');
});

test('a refusal for good ends the item where the node is told so; a mistake in the form never does', async () => {
  const cancel = (orderId: string, options: IDataObject = {}) =>
    run('Order', 'order', 'cancel', { orderId: { __rl: true, mode: 'id', value: orderId }, reason: 'test', options });
  const gone = `ord_${'0'.repeat(32)}`;
  expect(await refusalOf(cancel(gone))).toContain(`There is no order ${gone}`);
  expect(await cancel(gone, { whenRefused: 'end' })).toEqual([]);
  expect(await refusalOf(cancel('nonsense', { whenRefused: 'end' }))).toContain('“Order”');
  expect(await refusalOf(cancel('', { whenRefused: 'end' }))).toContain('It is empty');
});

describe('a message', () => {
  const send = (parameters: IDataObject, json: IDataObject = {}) =>
    run(
      'Notification',
      'notification',
      'send',
      { additionalFields: { email: 'ada@example.org' }, ...parameters },
      json,
    );
  const here = { wording: 'here', subject: 'Order {{ number }}', dataJson: '={{ $json.data }}' };
  const sent = { email: 'ada@example.org' };

  test('written on the canvas: placeholders by Liquid, expressions by n8n, whose values stay text', async () => {
    const data = { number: 'FC-1', note: '{{ number }} {% if %}' };
    const [fixed] = await send({ ...here, text: 'Thanks for {{ number }}.' }, { data });
    expect(fixed?.json).toMatchObject({ to: sent.email, subject: 'Order FC-1', text: 'Thanks for FC-1.' });
    const [expression] = await send({ ...here, text: '=You said: {{ $json.data.note }}' }, { data });
    expect(expression?.json['text']).toBe('You said: {{ number }} {% if %}');
    expect(await refusalOf(send({ ...here, text: 'x', dataJson: '={{ $json.nothing }}' }))).toContain('number');
  });

  test('in other languages, on the in-app channel too', async () => {
    const { id } = await shop.platform
      .client(customersContract)
      .createCustomer({ email: 'otto@example.org', locale: 'de' });
    const translation = {
      locale: 'de',
      subject: 'Danke, {{ customer.name }}',
      text: '=Bestellung {{ $json.data.number }}',
    };
    const [item] = await run(
      'Notification',
      'notification',
      'send',
      {
        ...{ customerId: id, channel: 'in_app', wording: 'here', subject: 'Thanks', text: 'Order' },
        additionalFields: { translations: { translation: [{ ...translation, subject: 'Danke' }] } },
      },
      { data: { number: 'FC-2' } },
    );
    expect(item?.json).toMatchObject({ locale: 'de', subject: 'Danke', text: 'Bestellung FC-2' });
  });

  test('from a template: the picker shows each once, in English and with its subject; then a field for each value', async () => {
    const node = (template: string): CanvasNode => ({
      ...commerceNode('Notification', 'notification', 'send', {
        template: { __rl: true, mode: 'list', value: template },
      }),
      typeVersion: 2,
    });
    const { results } = await shop.canvas.list(node(''), 'searchTemplates', 'delivery-late');
    expect(results.map(({ value, name }) => [value, name])).toEqual([
      ['delivery-late', 'Delivery late · We are sorry: order {{ order.number }} is late'],
      [
        'staff-delivery-late',
        'For staff: a good customer waits for a parcel · Please look after order {{ order.number }}: it is late',
      ],
    ]);
    const fields = (template: string) => shop.canvas.load(node(template), 'resourceMapping', 'templateVariables');
    expect(await fields('')).toEqual({ fields: [], emptyFieldsNotice: 'Choose a template first.' });
    expect(await fields('delivery-late')).toMatchObject({
      fields: [
        { id: 'order.number', displayName: 'order.number (FC-1007)', type: 'string' },
        { id: 'voucher', type: 'object' },
      ],
    });
    await expect(fields('nothing')).rejects.toThrow('There is no template nothing');
    const value = { 'order.number': '={{ $json.data.number }}', voucher: '={{ $json.data.total }}' };
    const [item] = await send(
      { template: 'delivery-late', dataInput: 'fields', data: { mappingMode: 'defineBelow', value, schema: [] } },
      { data: { number: 'FC-3', total: { amount: 500, currency: 'EUR' } } },
    );
    expect(item?.json).toMatchObject({ subject: 'We are sorry: order FC-3 is late' });
    expect(item?.json['text']).toContain('€5.00');
  });
});
