import type { IDataObject } from 'n8n-workflow';
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
