import type { TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { catalogContract } from '../catalog/contract.ts';
import { customersContract } from '../customers/contract.ts';
import { inventoryContract } from '../inventory/contract.ts';
import { paymentsContract } from '../payments/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import { ordersContract } from './contract.ts';
import { orders } from './index.ts';
import { germanAddress, oneOnSale, openShop, putOnSale, refusal, type Shop } from './testing.ts';

// A second instance of orders knows the first only through the database and Kafka, as two processes do.
let shop: Shop;
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;

beforeAll(async () => {
  shop = await openShop(async (options) => {
    platform = await startShopPlatform(options);
    return platform;
  });
  const remote = [catalogContract, customersContract, inventoryContract, paymentsContract, walletContract].map(
    (contract) => ({
      contract,
      url: platform.url,
    }),
  );
  twin = await startTwin(platform, { services: [orders], remote });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});

const both = (index: number) =>
  createClient(ordersContract, { url: index % 2 === 0 ? platform.url : twin.url, credential: '', attempts: 8 });

const cartOf = (skus: readonly string[]) =>
  shop.guest.createCart({ currency: 'EUR', lines: skus.map((sku) => ({ sku, quantity: 1 })) });
const quoteOf = (cartId: string, client = shop.guest) =>
  client.createQuote({ cartId, shippingAddress: germanAddress, email: 'guest@example.com' });
const place = (quoteId: string, client = shop.guest) =>
  client.placeOrder({ quoteId, paymentMethod: 'cash_on_delivery' });
const ordersOf = async (cartId: string): Promise<number> =>
  (await platform.database('orders').one<{ count: number }>('SELECT count(*) FROM orders WHERE cart_id = $1', [cartId]))
    .count;

test('of two quotes of one cart the second is refused and names the order', async () => {
  const cart = await cartOf([await oneOnSale(shop, { amount: 1_000, stock: 10 })]);
  const [first, second] = [await quoteOf(cart.id), await quoteOf(cart.id)];
  const order = await place(first.id);
  expect(await refusal(place(second.id))).toMatchObject({
    code: 'CART_ALREADY_ORDERED',
    status: 409,
    data: { orderId: order.id },
  });
  expect(await ordersOf(cart.id)).toBe(1);
  expect(await shop.guest.getCart({ cartId: cart.id })).toMatchObject({ state: 'ordered', orderId: order.id });
});

test('20 quotes of one cart placed at once over two processes make exactly 1 order', async () => {
  const cart = await cartOf([await oneOnSale(shop, { amount: 1_000, stock: 100 })]);
  const quotes = [];
  for (let index = 0; index < 20; index += 1) quotes.push(await quoteOf(cart.id));
  expect(await tally(quotes.map(({ id }, index) => place(id, both(index))))).toEqual({
    OK: 1,
    CART_ALREADY_ORDERED: 19,
  });
  expect(await ordersOf(cart.id)).toBe(1);
});

test('20 double clicks on quote-and-place over two processes make exactly 1 order', async () => {
  const cart = await cartOf([await oneOnSale(shop, { amount: 1_000, stock: 100 })]);
  const outcomes = await tally(
    Array.from({ length: 20 }, async (_, index) => place((await quoteOf(cart.id, both(index))).id, both(index))),
  );
  expect(outcomes['OK']).toBe(1);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(20);
  expect(await ordersOf(cart.id)).toBe(1);
});

test.each([
  ['got another line', (cartId: string, [, other]: string[]) => shop.guest.addCartLine({ cartId, sku: other ?? '' })],
  ['holds more', (cartId: string, [sku]: string[]) => shop.guest.addCartLine({ cartId, sku: sku ?? '' })],
  ['was emptied', (cartId: string) => shop.guest.setCartLines({ cartId, lines: [] })],
])('a cart that %s after its quote is not placed by that quote, and a new quote is', async (_, change) => {
  const skus = await putOnSale(shop, [
    { amount: 1_000, stock: 10 },
    { amount: 500, stock: 10 },
  ]);
  const cart = await cartOf(skus.slice(0, 1));
  const quote = await quoteOf(cart.id);
  const changed = await change(cart.id, skus);
  expect(await refusal(place(quote.id))).toMatchObject({
    code: 'CART_CHANGED',
    status: 409,
    data: { cartId: cart.id },
  });
  expect(await ordersOf(cart.id)).toBe(0);
  if (changed.lines.length === 0) return;
  const order = await place((await quoteOf(cart.id)).id);
  expect(order.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual(
    changed.lines.map(({ sku, quantity }) => [sku, quantity]),
  );
  expect(await shop.guest.getCart({ cartId: cart.id })).toMatchObject({ state: 'ordered', orderId: order.id });
});

test('a cart that was merged into another after its quote is not placed by that quote', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const { id: customerId } = await shop.customers.createCustomer({ email: `merge-${sku}@example.com`, name: 'Merge' });
  await shop.api.createCart({ currency: 'EUR', customerId, lines: [{ sku, quantity: 1 }] });
  const guest = await cartOf([sku]);
  const quote = await quoteOf(guest.id);
  await shop.api.mergeCart({ cartId: guest.id, customerId });
  expect(await refusal(place(quote.id))).toMatchObject({ code: 'CART_CHANGED' });
});

test('a cart whose country, e-mail address, coupon or prices changed is placed as quoted, and closed', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const cart = await cartOf([sku]);
  const quote = await quoteOf(cart.id);
  await shop.guest.updateCart({ cartId: cart.id, email: 'other@example.com' });
  await shop.guest.refreshCart({ cartId: cart.id });
  const order = await place(quote.id);
  expect(order.totals).toEqual(quote.totals);
  expect(await shop.guest.getCart({ cartId: cart.id })).toMatchObject({ state: 'ordered', orderId: order.id });
});

test('a line added while the cart is placed is either bought or refused, never left in an open cart with what was bought', async () => {
  const [sku = '', other = ''] = await putOnSale(shop, [
    { amount: 1_000, stock: 100 },
    { amount: 500, stock: 100 },
  ]);
  for (let round = 0; round < 10; round += 1) {
    const cart = await cartOf([sku]);
    const quote = await quoteOf(cart.id);
    const outcome = await tally([place(quote.id, both(0)), both(1).addCartLine({ cartId: cart.id, sku: other })]);
    const { state, lines } = await shop.guest.getCart({ cartId: cart.id });
    expect([outcome, state, lines.length]).toEqual(
      state === 'ordered' ? [{ OK: 1, CART_NOT_OPEN: 1 }, 'ordered', 1] : [{ OK: 1, CART_CHANGED: 1 }, 'open', 2],
    );
  }
});
