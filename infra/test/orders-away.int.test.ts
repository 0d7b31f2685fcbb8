import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalog } from '../../microservices/catalog/index.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { orders } from '../../microservices/orders/index.ts';
import {
  confirmOrder,
  newCustomer,
  oneOnSale,
  openShop,
  placeOrder,
  refusal,
  type Shop,
} from '../../microservices/orders/testing.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import { paymentsAway } from './payments-away.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { makeLegacyStock } from './stock-shop.ts';
import { startTwin } from './twin.ts';

// Orders run in a process of their own; the way from inventory to them can be cut.
const way = { isCut: false, asked: 0, to: '' };
let shop: Shop;
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let server: Server;

beforeAll(async () => {
  server = createServer((asked, answer) => {
    way.asked += 1;
    if (way.isCut) return void asked.socket.destroy();
    const onward = request(new URL(asked.url ?? '/', way.to), { method: asked.method, headers: asked.headers });
    onward.on('response', (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const others = [catalog, customers, inventory, wallet] as const;
  shop = await openShop(async (options) => {
    platform = await startTestPlatform({
      ...options,
      services: others,
      remote: [{ contract: ordersContract, url }, paymentsAway],
    });
    const remote = [...others.map(({ contract }) => ({ contract, url: platform.url })), paymentsAway];
    twin = await startTwin(platform, { ...options, services: [orders], remote });
    way.to = twin.url;
    return {
      ...platform,
      client: (contract, { credential = platform.adminKey } = {}) =>
        contract.domain === 'orders'
          ? createClient(contract, { url: twin.url, credential })
          : platform.client(contract, { credential }),
    };
  });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
  server.close();
});

test('news of an order waits while orders cannot be asked, however long, and then moves its stock once', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const customer = await newCustomer(shop, 100_000);
  const [first, second] = [
    await placeOrder(customer.orders, [{ sku, quantity: 4 }]),
    await placeOrder(customer.orders, [{ sku, quantity: 3 }]),
  ];
  for (const order of [first, second]) await confirmOrder(shop, order);
  const level = async () => (await shop.inventory.listLevels({ sku })).items[0];
  expect(await level()).toMatchObject({ onHand: 10, allocated: 7 });

  Object.assign(way, { isCut: true, asked: 0 });
  await shop.api.shipOrder({ orderId: first.id });
  await shop.api.cancelOrder({ orderId: second.id, reason: 'changed my mind' });
  // More often than an event is tried before it goes to the dead letters.
  await until('inventory has asked often', () => way.asked > 40);
  expect(await level()).toMatchObject({ onHand: 10, allocated: 7 });

  way.isCut = false;
  await until('both have had their effect', level, (now) => now?.allocated === 0);
  expect(await level()).toMatchObject({ onHand: 6, allocated: 0, available: 6 });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true });
});

test('a count waits while it is not known what an earlier version had shipped of what it committed', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const customer = await newCustomer(shop, 100_000);
  const order = await placeOrder(customer.orders, [{ sku, quantity: 4 }]);
  const { reservation } = await confirmOrder(shop, order);
  way.isCut = true;
  await makeLegacyStock(platform, reservation.id);
  const count = () => shop.inventory.countStock({ sku, locationId: shop.locationId, counted: 10 });
  expect(await refusal(count())).toMatchObject({ code: 'UPDATE_UNFINISHED', status: 503 });
  way.isCut = false;
  const { level } = await until(
    'it is known and counted',
    () => count().catch(() => undefined),
    (counted) => counted !== undefined,
  ).then((counted) => counted ?? count());
  expect(level).toMatchObject({ onHand: 10, allocated: 4, available: 6, short: 0 });
});
