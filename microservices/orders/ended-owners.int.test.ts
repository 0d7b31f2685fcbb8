import type { TestPlatform } from '../../infra/test/platform.ts';
import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { catalogContract } from '../catalog/contract.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { until } from '../chassis/testing/until.ts';
import { customersContract } from '../customers/contract.ts';
import { inventoryContract } from '../inventory/contract.ts';
import { paymentsContract } from '../payments/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import { ordersContract } from './contract.ts';
import { orders } from './index.ts';
import { germanAddress, newCustomer, oneOnSale, openShop, placeOrder, type Shop } from './testing.ts';

// Staff and journeys act for customers without a session, so that nothing but the orders' own lock keeps them from an
// ended one.
let shop: Shop;
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let sku = '';

beforeAll(async () => {
  shop = await openShop(async (options) => (platform = await startShopPlatform(options)));
  const remote = [catalogContract, customersContract, inventoryContract, paymentsContract, walletContract].map(
    (contract) => ({
      contract,
      url: platform.url,
    }),
  );
  twin = await startTwin(platform, { services: [orders], remote });
  sku = await oneOnSale(shop, { amount: 1_000, stock: 10_000 });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});

const apis = () => [shop.api, createClient(ordersContract, { url: twin.url, credential: shop.platform.adminKey })];
const both = (index: number) => apis()[index % 2] ?? shop.api;
const lines = () => [{ sku, quantity: 1 }];

const cart = (customerId: string, index: number) =>
  both(index).createCart({ currency: 'EUR', customerId, email: 'somebody@example.com', lines: lines() });
const merge = async (customerId: string, index: number) => {
  const guest = await shop.guest.createCart({ currency: 'EUR', email: 'somebody@example.com', lines: lines() });
  return both(index).mergeCart({ cartId: guest.id, customerId });
};
const order = async (customerId: string, index: number) => {
  const quote = await both(index).createQuote({
    ...{ lines: lines(), currency: 'EUR', customerId, shippingAddress: germanAddress, email: 'somebody@example.com' },
  });
  return both(index + 1).placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' });
};

/** What is left that tells who these customers were. */
const leftOf = async (customerId: string): Promise<unknown> =>
  shop.platform.database('orders').one(
    `SELECT (SELECT count(*) FROM cart WHERE customer_id = $1) AS carts,
       (SELECT count(*) FROM quote WHERE customer_id = $1) AS quotes,
       (SELECT count(*) FROM orders WHERE customer_id = $1 AND (email IS NOT NULL OR shipping_address IS NOT NULL)) AS orders`,
    [customerId],
  );

const attempts = (customerId: string) =>
  Array.from({ length: 60 }, (_, index) => ([cart, merge, order][index % 3] ?? cart)(customerId, index));

test('what is placed while the owner is erased goes with it, what comes after is refused: nothing stays', async () => {
  const { id } = await newCustomer(shop);
  const racing = attempts(id).map(async (attempt) => tally([attempt]));
  await shop.customers.eraseCustomer({ customerId: id });
  const outcomes = (await Promise.all(racing)).flatMap((outcome) => Object.keys(outcome));
  const wrong = outcomes.filter((code) => !['OK', 'CUSTOMER_NOT_FOUND', 'QUOTE_NOT_FOUND'].includes(code));
  expect([outcomes.length, wrong]).toEqual([60, []]);
  await until('the owner has ended here', async () => (await tally([cart(id, 0)]))['CUSTOMER_NOT_FOUND'] === 1);
  expect(await tally(attempts(id))).toEqual({ CUSTOMER_NOT_FOUND: 60 });
  // Open orders make the erasure wait.
  const { items } = await shop.api.listOrders({ customerId: id, limit: 200 });
  for (const { id: orderId } of items) await shop.api.cancelOrder({ orderId, reason: 'nobody is there' });
  const nothing = { carts: 0, quotes: 0, orders: 0 };
  await until(
    'nothing is left',
    () => leftOf(id),
    (left) => JSON.stringify(left) === JSON.stringify(nothing),
  );
});

test('what is placed while the owner is merged moves to the other, what comes after is refused: nothing is left behind', async () => {
  const [{ id: from }, { id: into }] = [await newCustomer(shop), await newCustomer(shop)];
  const racing = attempts(from).map(async (attempt) => tally([attempt]));
  await shop.customers.mergeCustomers({ customerId: into, fromCustomerId: from });
  await Promise.all(racing);
  await until('the owner has ended here', async () => (await tally([cart(from, 0)]))['CUSTOMER_NOT_FOUND'] === 1);
  expect(await tally(attempts(from))).toEqual({ CUSTOMER_NOT_FOUND: 60 });
  expect(await leftOf(from)).toEqual({ carts: 0, quotes: 0, orders: 0 });
});

test('a customer’s own token is refused by orders although it was let in a moment before the end', async () => {
  const person = await newCustomer(shop);
  const placed = await placeOrder(person.orders, lines(), { paymentMethod: 'cash_on_delivery' });
  // As if the end came between the door and the transaction: the session is live, the person has ended here.
  await shop.platform.database('orders').run(`UPDATE person SET ended_at = now() WHERE customer_id = $1`, [person.id]);
  const attempts = [
    person.orders.createCart({ currency: 'EUR' }),
    person.orders.createQuote({ lines: lines(), currency: 'EUR', shippingAddress: germanAddress }),
    person.orders.cancelOrder({ orderId: placed.id, reason: 'my own words' }),
  ];
  expect(await tally(attempts)).toEqual({ UNAUTHENTICATED: 3 });
});
