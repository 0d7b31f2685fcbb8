import { randomUUID } from 'node:crypto';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { customerWithMoney, openShop, orderUnits, type Shop } from '../faults/shop.ts';
import { assignSetting, startJourneyPlatform, submitForm, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

let environment: JourneyPlatform;
let shop: Shop;
let ahead = 0;

beforeAll(async () => {
  environment = await startJourneyPlatform(
    (journey) => assignSetting(journey, 'abandoned-cart-reminder', 'hoursBetween', 0.001),
    { now: () => new Date(Date.now() + ahead), environment: { ORDERS_JOB_INTERVAL_MS: '200' } },
  );
  shop = await openShop(environment.platform, { skus: 2, stock: 100, customers: 1 });
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const client = <Contract extends Parameters<typeof environment.platform.client>[0]>(contract: Contract) =>
  environment.platform.client(contract);

const mails = (template: string, containing: string) => environment.mails(template, containing);

/** Exactly so many messages, also after things had time to go wrong. */
const exactly = async (count: number, template: string, containing: string) => {
  await until(async () => (await mails(template, containing)).length >= count);
  const found = await mails(template, containing);
  expect(found).toHaveLength(count);
  return found;
};

test('stock that falls to its threshold is told to staff once, with where else there is some', async () => {
  const sku = shop.skus[0] ?? '';
  const inventory = client(inventoryContract);
  const other = await inventory.createLocation({
    code: `other-${randomUUID().slice(0, 6)}`,
    name: 'Other',
    country: 'DE',
  });
  await inventory.receiveStock({ sku, locationId: other.id, quantity: 7 });
  await inventory.setLevel({ sku, locationId: shop.locationId, lowStockThreshold: 95 });
  await inventory.adjustStock({ sku, locationId: shop.locationId, change: -10, reason: 'damaged' });
  const [mail] = await exactly(1, 'staff-low-stock', sku);
  expect(mail?.subject).toContain('90 left');
  expect(mail?.text).toContain(`${other.id}: 7`);
});

test('a refund of shipped goods tells the customer, and what came back as new is sold again', async () => {
  const sku = shop.skus[1] ?? '';
  const customerId = shop.customers[0] ?? '';
  const orders = client(ordersContract);
  const orderId = await orderUnits(environment.platform, { sku, quantity: 3, customerId });
  await environment.platform.waitForEvent('order.paid', ({ subject }) => subject === orderId);
  await orders.shipOrder({ orderId });
  const before = await client(inventoryContract).getItem({ sku });
  const { lines, number } = await orders.getOrder({ orderId });
  await orders.refundOrder({
    orderId,
    reason: 'one was torn',
    lines: [{ lineId: lines[0]?.lineId ?? '', quantity: 1 }],
  });
  await exactly(1, 'refund-issued', number);
  const [question] = await exactly(1, 'staff-goods-back', number);
  await submitForm(/https?:\/\/\S+/.exec(question?.text ?? '')?.[0] ?? '', { Condition: 'as new' });
  await until(async () => (await client(inventoryContract).getItem({ sku })).available === before.available + 1);
  await until(async () =>
    (await orders.getTimeline({ orderId, limit: 200 })).items.some((entry) =>
      JSON.stringify(entry).includes('on the shelf again'),
    ),
  );
  expect(await client(inventoryContract).auditStock({})).toMatchObject({ consistent: true });
});

test('a refund of goods that never left tells the customer and does not ask the warehouse', async () => {
  const sku = shop.skus[1] ?? '';
  const customerId = shop.customers[0] ?? '';
  const orders = client(ordersContract);
  const orderId = await orderUnits(environment.platform, { sku, quantity: 3, customerId });
  await environment.platform.waitForEvent('order.paid', ({ subject }) => subject === orderId);
  const before = await client(inventoryContract).getItem({ sku });
  const { lines, number } = await orders.getOrder({ orderId });
  await orders.shipOrder({ orderId, lines: [{ lineId: lines[0]?.lineId ?? '', quantity: 1 }] });
  await orders.cancelRest({ orderId, reason: 'two are broken' });
  await exactly(1, 'refund-issued', number);
  await until(async () => (await client(inventoryContract).getItem({ sku })).available === before.available + 2);
  expect(await mails('staff-goods-back', number)).toEqual([]);
  expect(await client(inventoryContract).auditStock({})).toMatchObject({ consistent: true });
});

test('a journey that always fails is tried as often as it says, told to staff, and its event kept in the dead letters', async () => {
  const id = 'always-fails';
  const { versionId } = await environment.editor.post<{ versionId: string }>('/workflows', {
    id,
    name: 'Always fails',
    settings: { executionOrder: 'v1', errorWorkflow: 'journey-failed' },
    nodes: [
      {
        id: randomUUID(),
        name: 'Adjusted',
        type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger',
        typeVersion: 1,
        position: [0, 0],
        parameters: { eventTypes: ['inventory.adjusted'], options: { attempts: 2, firstDelay: 0 } },
        credentials: { fusionCommerceKafka: await environment.credential('fusionCommerceKafka') },
      },
      {
        id: randomUUID(),
        name: 'Fail',
        type: 'n8n-nodes-base.stopAndError',
        typeVersion: 1,
        position: [220, 0],
        parameters: { errorMessage: 'as it should' },
      },
    ],
    connections: { Adjusted: { main: [[{ node: 'Fail', type: 'main', index: 0 }]] } },
  });
  await environment.editor.post(`/workflows/${id}/activate`, { versionId });
  const sku = shop.skus[0] ?? '';
  await client(inventoryContract).adjustStock({ sku, locationId: shop.locationId, change: 1, reason: 'found' });
  // One for the failing node, however often it fails within the hour, and one for the dead letter.
  const texts = (await exactly(2, 'staff-journey-failed', 'Always fails')).map(({ text }) => text);
  expect(texts.filter((text) => text.includes('as it should'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes('dead letters: as it should'))).toHaveLength(1);
  const [letter] = await environment.deadLetters('commerce.inventory', 1);
  expect(letter).toMatchObject({ ce_type: 'inventory.adjusted', dlq_workflow_id: id, dlq_attempts: '2' });
  const { results } = await environment.editor.get<{ results: { status: string }[] }>(
    `/executions?filter=${encodeURIComponent(JSON.stringify({ workflowId: id }))}`,
  );
  // Two attempts, and the one that the trigger saves for the operator to see.
  expect(results.map(({ status }) => status)).toEqual(['error', 'error', 'error']);
});

// Last: the clock is not turned back.
test('a left cart is reminded of twice with consent, and never without', async () => {
  const willing = await customerWithMoney(environment.platform, `willing-${randomUUID().slice(0, 8)}`, 0);
  const unwilling = await customerWithMoney(environment.platform, `unwilling-${randomUUID().slice(0, 8)}`, 0);
  await client(customersContract).setConsent({
    customerId: willing,
    purpose: 'marketing',
    channel: 'email',
    granted: true,
    source: 'e2e',
  });
  const orders = client(ordersContract);
  const lines = [{ sku: shop.skus[1] ?? '', quantity: 2 }];
  for (const customerId of [willing, unwilling])
    await orders.createCart({ currency: 'EUR', country: 'DE', customerId, lines });
  // A cart is abandoned when it was left alone for an hour.
  ahead = 2 * 60 * 60 * 1_000;
  await environment.platform.waitForEvent(
    'cart.abandoned',
    ({ data }) => (data as { customerId: string }).customerId === willing,
  );
  const about = async (customerId: string) =>
    (await client(notificationsContract).listNotifications({ customerId, template: 'cart-reminder' })).items;
  await until(async () => (await about(willing)).length === 2);
  const texts = (await about(willing)).map(({ text }) => text);
  expect(texts.filter((text) => text?.includes('WELCOME10'))).toHaveLength(1);
  expect(await about(unwilling)).toEqual([]);
});
