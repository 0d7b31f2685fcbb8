import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import type { PayloadOf } from '../../microservices/chassis/contract/index.ts';
import { toMessage } from '../../microservices/chassis/events/envelope.ts';
import { newId } from '../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import type { ordersContract } from '../../microservices/orders/contract.ts';
import { confirmOrder, newCustomer, oneOnSale, placeOrder, type Shop } from '../../microservices/orders/testing.ts';
import type { TestPlatform } from './platform.ts';
import { openStockShop } from './stock-shop.ts';

type Opened = Awaited<ReturnType<typeof openStockShop>>;

// Orders tell inventory what was shipped and what will not be; both are real here, as are PostgreSQL and the broker.
let shop: Shop;
let platform: TestPlatform;
let confirmed: Opened['confirmed'];
let levelOf: Opened['levelOf'];
let levelIs: Opened['levelIs'];
let producer: Producer;
beforeAll(async () => {
  ({ shop, platform, confirmed, levelOf, levelIs } = await openStockShop());
  const log = createLogger({ level: 'fatal', service: 'test' });
  producer = createProducer(createKafka({ brokers: platform.kafka, clientId: 'forger', log }));
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await platform.stop();
});
afterEach(async () => {
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const timelineOf = async (reservationId: string) =>
  (await shop.inventory.getReservationTimeline({ reservationId })).items.map(({ kind, actor, lines }) => [
    kind,
    actor,
    lines.reduce((sum, { quantity }) => sum + quantity, 0),
  ]);
const stockOf = async (orderId: string) => (await shop.api.getOrder({ orderId })).allocationState;

test('a count of the shelf is the truth: units of confirmed orders lie there until they are shipped', async () => {
  const { sku, orderId, lineId, reservationId } = await confirmed(4);
  expect(await levelOf(sku)).toEqual({ onHand: 10, reserved: 0, allocated: 4, available: 6, short: 0 });
  const counted = await shop.inventory.countStock({ sku, locationId: shop.locationId, counted: 10 });
  expect(counted).toMatchObject({ movement: { kind: 'count', change: 0 }, level: { onHand: 10, available: 6 } });

  await shop.api.shipOrder({ orderId, lines: [{ lineId, quantity: 1 }] });
  await levelIs(sku, { onHand: 9, allocated: 3, available: 6 });
  await shop.inventory.countStock({ sku, locationId: shop.locationId, counted: 9 });
  await shop.api.shipOrder({ orderId });
  await levelIs(sku, { onHand: 6, allocated: 0, available: 6 });
  expect(await shop.inventory.getReservation({ reservationId })).toMatchObject({
    state: 'committed',
    lines: [{ quantity: 4, shipped: 4, allocated: 0, returned: 0 }],
  });
  const { items } = await shop.inventory.listMovements({ causeId: reservationId });
  expect(items.map(({ kind, change, actor }) => [kind, change, actor])).toEqual([
    ['sale', -3, 'event:order.shipped'],
    ['sale', -1, 'event:order.shipped'],
  ]);
  expect(await timelineOf(reservationId)).toEqual([
    ['reserved', null, 4],
    ['committed', expect.stringMatching(/^service|^key/) as string, 4],
    ['shipped', 'event:order.shipped', 1],
    ['shipped', 'event:order.shipped', 3],
  ]);
});

test('a parcel leaves the location that it names, where units of it are allocated', async () => {
  const { id: other } = await shop.inventory.createLocation({ code: newId('x').slice(-9), name: 'Ulm', country: 'DE' });
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 3 });
  await shop.inventory.receiveStock({ sku, locationId: other, quantity: 2 });
  const customer = await newCustomer(shop, 100_000);
  const placed = await placeOrder(customer.orders, [{ sku, quantity: 5 }]);
  await confirmOrder(shop, placed);
  const lineId = placed.lines[0]?.lineId ?? '';
  await shop.api.shipOrder({ orderId: placed.id, lines: [{ lineId, quantity: 2 }], locationId: other });
  await until(
    'both left Ulm',
    async () => (await shop.inventory.listLevels({ sku, locationId: other })).items[0]?.onHand === 0,
  );
  expect(await levelOf(sku)).toMatchObject({ onHand: 3, allocated: 3 });
});

describe('an order that ends before it is shipped', () => {
  test('cancelled before the commit: its reservation is released', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const customer = await newCustomer(shop, 100_000);
    const placed = await placeOrder(customer.orders, [{ sku, quantity: 4 }]);
    const reserve = { ownerId: placed.id, lines: [{ sku, quantity: 4 }] };
    const { id: reservationId } = await shop.inventory.reserveStock(reserve);
    await shop.api.cancelOrder({ orderId: placed.id, reason: 'changed my mind' });
    await levelIs(sku, { onHand: 10, reserved: 0, available: 10 });
    expect(await shop.inventory.getReservation({ reservationId })).toMatchObject({ state: 'released' });
    expect(await timelineOf(reservationId)).toEqual([
      ['reserved', null, 4],
      ['released', 'event:order.cancelled', 4],
    ]);
    await until('the order knows', async () => (await stockOf(placed.id)) === 'released');
  });

  test.each(['cancelOrder', 'rejectOrder'] as const)(
    '%s after the commit: it is released too, and the order says so',
    async (end) => {
      const { sku, orderId, reservationId } = await confirmed(4);
      expect(await stockOf(orderId)).toBe('committed');
      await shop.api[end]({ orderId, reason: 'changed my mind' });
      await levelIs(sku, { onHand: 10, allocated: 0, available: 10 });
      expect(await shop.inventory.getReservation({ reservationId })).toMatchObject({
        state: 'released',
        lines: [{ quantity: 4, shipped: 0, allocated: 0, returned: 4 }],
      });
      expect((await timelineOf(reservationId)).map(([kind]) => kind)).toEqual(['reserved', 'committed', 'released']);
      await until('the order knows', async () => (await stockOf(orderId)) === 'released');
      const { items } = await shop.api.getTimeline({ orderId });
      expect(items.map(({ title }) => title)).toContain('Stock released');
      // Nothing left the shelf, so that nothing came back.
      expect((await shop.inventory.listMovements({ causeId: reservationId })).items).toEqual([]);
    },
  );

  test('closed with units that were never shipped: they can be sold again', async () => {
    const { sku, orderId, lineId } = await confirmed(3);
    await shop.api.shipOrder({ orderId, lines: [{ lineId, quantity: 1 }] });
    await shop.api.closeOrder({ orderId });
    await levelIs(sku, { onHand: 9, allocated: 0, available: 9 });
  });
});

test('goods that came back are returned: the reservation and the order say so', async () => {
  const { sku, orderId, reservationId } = await confirmed(2);
  await shop.api.shipOrder({ orderId });
  await levelIs(sku, { onHand: 8, allocated: 0 });
  await shop.inventory.returnStock({ reservationId, lines: [{ sku, quantity: 1 }] });
  expect(await shop.inventory.getReservation({ reservationId })).toMatchObject({ state: 'committed' });
  await shop.inventory.returnStock({ reservationId });
  expect(await shop.inventory.getReservation({ reservationId })).toMatchObject({ state: 'returned' });
  expect(await levelOf(sku)).toMatchObject({ onHand: 10, available: 10 });
  await until('the order knows', async () => (await stockOf(orderId)) === 'returned');
});

test('a count below what buyers were promised is recorded; staff hear of it, with the orders', async () => {
  const { sku, orderId, reservationId } = await confirmed(4);
  const open = await shop.inventory.reserveStock({ ownerId: newId('ord'), lines: [{ sku, quantity: 3 }] });
  const at = { sku, locationId: shop.locationId };
  const { level } = await shop.inventory.countStock({ ...at, counted: 5 });
  expect(level).toMatchObject({ onHand: 5, available: 0, short: 2 });
  const { data } = await platform.waitForEvent('stock.short', ({ subject }) => subject === `${sku}@${shop.locationId}`);
  expect(data).toMatchObject({
    ...at,
    onHand: 5,
    short: 2,
    claims: [
      { reservationId: open.id, ownerId: open.ownerId, state: 'reserved', quantity: 3 },
      { reservationId, ownerId: orderId, state: 'committed', quantity: 4 },
    ],
  });
  await shop.inventory.countStock({ ...at, counted: 0 });
  expect(await levelOf(sku)).toMatchObject({ onHand: 0, available: 0, short: 7 });
  await shop.inventory.countStock({ ...at, counted: 6 });
  await shop.api.cancelOrder({ orderId, reason: 'we have too few' });
  await levelIs(sku, { onHand: 6, reserved: 3, allocated: 0, available: 3, short: 0 });
  expect(
    platform
      .events('inventory')
      .filter(({ type, subject }) => type === 'stock.short' && subject === `${sku}@${shop.locationId}`),
  ).toHaveLength(2);
});

test('news of stock carries the title of the product, or the name that the item was given', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const at = { sku, locationId: shop.locationId };
  const product = await shop.catalog.getVariantBySku({ sku });
  await shop.catalog.updateProduct({
    productId: product.productId,
    title: { en: 'Paper lantern', de: 'Papierlaterne' },
  });
  await until('the new title is known', async () => {
    const found = await platform
      .database('inventory')
      .maybeOne<{ title: string }>('SELECT title FROM product_title WHERE sku = $1', [sku]);
    return found?.title === 'Paper lantern';
  });
  const titled = async (threshold: number) => {
    await shop.inventory.setLevel({ ...at, lowStockThreshold: threshold });
    const { data } = await platform.waitForEvent(
      'inventory.low',
      (event) =>
        event.subject === `${sku}@${at.locationId}` && (event.data as { threshold: number }).threshold === threshold,
    );
    return (data as { title: string | null }).title;
  };
  expect(await titled(10)).toBe('Paper lantern');
  await shop.inventory.setLevel({ ...at, lowStockThreshold: null });
  await shop.inventory.setItem({ sku, name: 'Lantern, paper' });
  expect(await titled(11)).toBe('Lantern, paper');
});

type Orders = typeof ordersContract;
type OrderNews = 'order.shipped' | 'order.cancelled' | 'order.rejected' | 'order.rest_cancelled' | 'order.closed';

/** Puts events onto orders' topic that orders never published. */
const forge = async <Name extends OrderNews>(
  type: Name,
  orderId: string,
  data: Omit<PayloadOf<Orders, Name>, 'orderId' | 'number' | 'customerId' | 'actor'>,
  times = 1,
): Promise<void> => {
  const event = {
    type,
    source: '/orders',
    subject: orderId,
    time: new Date().toISOString(),
    sequence: 9,
    correlationid: randomUUID(),
    dataschema: '',
    data: { orderId, number: 'A-1001', customerId: null, actor: 'key:forged', ...data },
  };
  const messages = Array.from({ length: times }, () => toMessage({ ...event, id: randomUUID() }));
  await producer.send({ topic: 'commerce.orders', messages });
};
const forgeParcel = (
  { orderId, lineId, sku }: Pick<Awaited<ReturnType<typeof confirmed>>, 'orderId' | 'lineId' | 'sku'>,
  fulfilmentId: string,
  times = 1,
) =>
  forge(
    'order.shipped',
    orderId,
    { fulfilmentId, lines: [{ lineId, sku, quantity: 1 }], carrier: null, trackingNumber: null, complete: false },
    times,
  );

test('an event that orders did not publish moves nothing', async () => {
  const one = await confirmed(4);
  const { sku, orderId, lineId, reservationId } = one;
  const open = [{ lineId, sku, quantity: 4, amount: { amount: 4_000, currency: 'EUR' } }];
  for (const type of ['order.cancelled', 'order.rejected'] as const)
    await forge(type, orderId, { from: 'confirmed', reason: 'forged' });
  await forge('order.rest_cancelled', orderId, { lines: open });
  await forge('order.closed', orderId, { from: 'fulfilled', reason: null, open });
  await forgeParcel(one, newId('ful'));
  for (const unknown of [newId('ord'), 'not-an-order']) {
    await shop.inventory.reserveStock({ ownerId: unknown, lines: [{ sku, quantity: 1 }] });
    await forge('order.cancelled', unknown, { from: 'confirmed', reason: 'forged' });
  }
  // Events of one order are handled in their order: when the true parcel has left, the forged ones have been read.
  await shop.api.shipOrder({ orderId, lines: [{ lineId, quantity: 1 }] });
  await levelIs(sku, { onHand: 9, allocated: 3, reserved: 2 });
  expect((await timelineOf(reservationId)).map(([kind]) => kind)).toEqual(['reserved', 'committed', 'shipped']);
});

test('the same news, again and again and late, moves its units once', async () => {
  const one = await confirmed(5);
  const { sku, orderId, lineId, reservationId } = one;
  const ship = () => shop.api.shipOrder({ orderId, lines: [{ lineId, quantity: 1 }] });
  const first = await ship();
  await levelIs(sku, { onHand: 9 });
  await forgeParcel(one, first.fulfilments[0]?.id ?? '', 3);
  await ship();
  await forgeParcel(one, first.fulfilments[0]?.id ?? '', 3);
  await shop.api.cancelRest({ orderId, reason: 'enough' });
  await forge('order.rest_cancelled', orderId, { lines: [] }, 3);
  await shop.api.deliverOrder({ orderId });
  await shop.api.closeOrder({ orderId });
  await levelIs(sku, { onHand: 8, allocated: 0, available: 8 });
  await forge('order.closed', orderId, { from: 'delivered', reason: null }, 3);
  const other = await confirmed(1);
  await shop.api.cancelOrder({ orderId: other.orderId, reason: 'last' });
  await levelIs(other.sku, { allocated: 0 });
  expect(await levelOf(sku)).toMatchObject({ onHand: 8, available: 8 });
  expect((await timelineOf(reservationId)).map(([kind, , units]) => [kind, units])).toEqual([
    ['reserved', 5],
    ['committed', 5],
    ['shipped', 1],
    ['shipped', 1],
    ['released', 3],
  ]);
});
