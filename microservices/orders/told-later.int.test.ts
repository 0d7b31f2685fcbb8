import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { until } from '../chassis/testing/until.ts';
import { confirmOrder, newCustomer, oneOnSale, openShop, placeOrder, type Shop } from './testing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(() => shop.platform.stop());

const confirmed = async () => {
  const sku = await oneOnSale(shop, { amount: 100, stock: 10 });
  const customer = await newCustomer(shop, 10_000);
  const order = await placeOrder(customer.orders, [{ sku, quantity: 2 }]);
  await confirmOrder(shop, order);
  return { customer, order, lineId: order.lines[0]?.lineId ?? '' };
};
const told = (type: string, subject: string) =>
  shop.platform.events('orders').filter((event) => event.type === type && event.subject === subject);
const inHours = (hours: number): string => new Date(Date.now() + shop.clock.offset + hours * HOUR).toISOString();
/** Two runs of a job lie between the events of two orders. */
const later = async () => {
  const { order } = await confirmed();
  await shop.api.shipOrder({ orderId: order.id, promisedBy: inHours(-1) });
  await shop.platform.waitForEvent('order.delivery_late', ({ subject }) => subject === order.id);
};

test('a shipment that has not arrived as promised is announced once, and again only for a new promise', async () => {
  const { order, lineId } = await confirmed();
  const shipped = await shop.api.shipOrder({
    orderId: order.id,
    lines: [{ lineId, quantity: 1 }],
    carrier: 'DHL',
    promisedBy: inHours(2),
  });
  const fulfilmentId = shipped.fulfilments[0]?.id ?? '';
  await shop.api.shipOrder({ orderId: order.id });
  await later();
  expect(told('order.delivery_late', order.id)).toEqual([]);
  shop.clock.offset += 3 * HOUR;
  await shop.platform.waitForEvent('order.delivery_late', ({ subject }) => subject === order.id);
  await later();
  expect(told('order.delivery_late', order.id).map(({ data }) => data)).toMatchObject([
    { fulfilmentId, customerId: order.customerId, number: order.number },
  ]);
  const { items } = await shop.api.getTimeline({ orderId: order.id });
  expect(items.filter(({ title }) => title === 'Delivery late')).toMatchObject([{ reference: fulfilmentId }]);

  await shop.api.setTracking({ orderId: order.id, fulfilmentId, promisedBy: inHours(1) });
  await later();
  expect(told('order.delivery_late', order.id)).toHaveLength(1);
  shop.clock.offset += 2 * HOUR;
  await until(() => told('order.delivery_late', order.id).length === 2);
});

test('what arrived in time is never late', async () => {
  const { order } = await confirmed();
  await shop.api.shipOrder({ orderId: order.id, promisedBy: inHours(1) });
  await shop.api.deliverOrder({ orderId: order.id });
  shop.clock.offset += 2 * HOUR;
  await later();
  expect(told('order.delivery_late', order.id)).toEqual([]);
});

test('a customer who has not ordered for 90 days is announced once, and again after the next order', async () => {
  const { customer, order } = await confirmed();
  const other = await confirmed();
  shop.clock.offset += 91 * DAY;
  await shop.platform.waitForEvent('customer.inactive', ({ subject }) => subject === customer.id);
  await shop.platform.waitForEvent('customer.inactive', ({ subject }) => subject === other.customer.id);
  await later();
  expect(told('customer.inactive', customer.id).map(({ data }) => data)).toMatchObject([
    { customerId: customer.id, days: 90, lastOrderId: order.id },
  ]);
  const sku = await oneOnSale(shop, { amount: 100, stock: 10 });
  const next = await placeOrder(shop.api, [{ sku, quantity: 1 }], { customerId: customer.id });
  shop.clock.offset += 89 * DAY;
  await later();
  expect(told('customer.inactive', customer.id)).toHaveLength(1);
  shop.clock.offset += 2 * DAY;
  await until(() => told('customer.inactive', customer.id).length === 2);
  expect(told('customer.inactive', customer.id)[1]?.data).toMatchObject({ lastOrderId: next.id });
});

test('a note is announced without its text', async () => {
  const { order } = await confirmed();
  const { position } = await shop.api.addOrderNote({ orderId: order.id, text: 'Rings twice', visibleToCustomer: true });
  const event = await shop.platform.waitForEvent('order.note_added', ({ subject }) => subject === order.id);
  expect(event.data).toMatchObject({ orderId: order.id, position, visibleToCustomer: true });
  expect(JSON.stringify(event)).not.toContain('Rings');
});

test('the timeline names the journey that a request came from, to staff only, and believes API keys only', async () => {
  const { customer, order } = await confirmed();
  const ask = (path: string, key: string, body: object) =>
    fetch(`${shop.platform.url}/v1/orders/${order.id}/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-journey': 'workflow=vip&execution=42&node=Add%20Note',
      },
      body: JSON.stringify(body),
    });
  const noted = await ask('notes', shop.platform.adminKey, { text: 'By a journey', visibleToCustomer: true });
  const journey = { workflowId: 'vip', executionId: '42', node: 'Add Note' };
  expect(await noted.json()).toMatchObject({ journey });
  expect((await ask('cancel', customer.token, { reason: 'changed my mind' })).status).toBe(200);
  const { items } = await shop.api.getTimeline({ orderId: order.id });
  expect(items.filter((entry) => entry.journey !== null)).toMatchObject([{ title: 'Note', journey }]);
  expect(items.at(-1)).toMatchObject({ to: 'cancelled', journey: null });
  const seen = await customer.orders.getTimeline({ orderId: order.id });
  expect(seen.items.filter((entry) => entry.journey !== null)).toEqual([]);
});
