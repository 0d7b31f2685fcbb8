import { randomBytes } from 'node:crypto';
import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { until } from '../chassis/testing/until.ts';
import { germanAddress, newCustomer, oneOnSale, openShop, refusal, type Shop } from './testing.ts';

let shop: Shop;
let sku: string;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
  sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
});
afterAll(async () => {
  await shop.platform.stop();
});

const code = () => `CODE-${randomBytes(4).toString('hex').toUpperCase()}`;
const mail = () => `${randomBytes(6).toString('hex')}@example.com`;
const promotion = (more: Partial<Parameters<Shop['api']['createPromotion']>[0]> = {}) =>
  shop.api.createPromotion({ code: code(), title: 'Ten off', kind: 'percentage', percentage: 1_000, ...more });
type Orders = Shop['api'];
const quote = (client: Orders, couponCode: string, more: { email?: string; customerId?: string; of?: string } = {}) => {
  const { of = sku, ...rest } = more;
  const lines = [{ sku: of, quantity: 1 }];
  return client.createQuote({ lines, currency: 'EUR', couponCode, shippingAddress: germanAddress, ...rest });
};
const place = (client: Orders, quoteId: string, email?: string) =>
  client.placeOrder({ quoteId, paymentMethod: 'cash_on_delivery', ...(email ? { email } : {}) });
const usedUp = { code: 'PROMOTION_NOT_USABLE', data: { reason: 'EXHAUSTED_FOR_CUSTOMER' } };

describe('once per customer', () => {
  test('a guest who opens an account with the same e-mail address does not use a code again', async () => {
    const once = await promotion({ usageLimitPerCustomer: 1 });
    const customer = await newCustomer(shop);
    await place(shop.guest, (await quote(shop.guest, once.code, { email: customer.email.toUpperCase() })).id);
    expect(await refusal(quote(customer.orders, once.code))).toMatchObject(usedUp);
  });

  test('a customer does not use a code again as a guest', async () => {
    const once = await promotion({ usageLimitPerCustomer: 1 });
    const customer = await newCustomer(shop);
    await place(customer.orders, (await quote(customer.orders, once.code)).id);
    expect(await refusal(quote(shop.guest, once.code, { email: customer.email }))).toMatchObject(usedUp);
    const open = await quote(shop.guest, once.code);
    expect(await refusal(place(shop.guest, open.id, customer.email))).toMatchObject(usedUp);
  });

  test('what a merged customer used counts for the one that remains, also quotes that are still open', async () => {
    const once = await promotion({ usageLimitPerCustomer: 1 });
    const account = await newCustomer(shop);
    const merged = await newCustomer(shop);
    await place(merged.orders, (await quote(merged.orders, once.code)).id);
    const open = await quote(account.orders, once.code);
    await shop.customers.mergeCustomers({ customerId: account.id, fromCustomerId: merged.id });
    await until(async () => {
      const { items } = await shop.api.listOrders({ customerId: account.id });
      return items.length === 1;
    });
    expect(await refusal(quote(account.orders, once.code))).toMatchObject(usedUp);
    expect(await refusal(place(account.orders, open.id))).toMatchObject(usedUp);
  });

  test('two merged customers that used a code together may use it no third time', async () => {
    const twice = await promotion({ usageLimitPerCustomer: 2 });
    const [account, merged] = [await newCustomer(shop), await newCustomer(shop)];
    await place(account.orders, (await quote(account.orders, twice.code)).id);
    await place(merged.orders, (await quote(merged.orders, twice.code)).id);
    await shop.customers.mergeCustomers({ customerId: account.id, fromCustomerId: merged.id });
    await until(async () => (await shop.api.listOrders({ customerId: account.id })).items.length === 2);
    expect(await refusal(quote(account.orders, twice.code))).toMatchObject(usedUp);
  });

  test('a cancelled order gives its use back for the account and for the address, and counts once in all', async () => {
    const once = await promotion({ usageLimitPerCustomer: 1 });
    const customer = await newCustomer(shop);
    const order = await place(customer.orders, (await quote(customer.orders, once.code)).id);
    expect(await shop.api.getPromotion({ promotionId: once.id })).toMatchObject({ used: 1 });
    await shop.api.cancelOrder({ orderId: order.id, reason: 'changed my mind' });
    expect(await shop.api.getPromotion({ promotionId: once.id })).toMatchObject({ used: 0 });
    await place(shop.guest, (await quote(shop.guest, once.code, { email: customer.email })).id);
  });

  test('20 orders at once under one e-mail address, as guest and as customer, use a code exactly once', async () => {
    const once = await promotion({ usageLimitPerCustomer: 1 });
    const customer = await newCustomer(shop);
    const clients = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? shop.guest : customer.orders));
    const quotes = await Promise.all(clients.map((client) => quote(client, once.code, { email: customer.email })));
    const outcomes = await Promise.allSettled(quotes.map(({ id }, index) => place(clients[index] ?? shop.guest, id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await shop.api.getPromotion({ promotionId: once.id })).toMatchObject({ used: 1 });
  });
});

describe('a quote keeps its discount', () => {
  test.each([
    ['switched off', (promotionId: string) => shop.api.updatePromotion({ promotionId, active: false })],
    ['deleted', (promotionId: string) => shop.api.deletePromotion({ promotionId })],
    [
      'ended',
      (promotionId: string) =>
        shop.api.updatePromotion({ promotionId, endsAt: new Date(Date.now() - 1_000).toISOString() }),
    ],
  ])('when the code was %s after it', async (_, change) => {
    const { id, code: known } = await promotion();
    const quoted = await quote(shop.guest, known, { email: mail() });
    await change(id);
    const order = await place(shop.guest, quoted.id);
    expect(order.totals).toEqual(quoted.totals);
    expect(order.promotions).toEqual(quoted.promotions);
    expect(order.totals.discount.amount).toBeGreaterThan(0);
    await shop.api.cancelOrder({ orderId: order.id, reason: 'test' });
  });

  test('but a limit that was reached since is named as such', async () => {
    const one = await promotion({ usageLimit: 1 });
    const quotes = [
      await quote(shop.guest, one.code, { email: mail() }),
      await quote(shop.guest, one.code, { email: mail() }),
    ];
    await place(shop.guest, quotes[0]?.id ?? '');
    await expect(place(shop.guest, quotes[1]?.id ?? '')).rejects.toThrow('reached its limit');
  });
});

test('a percentage that comes to 0.00 takes nothing off and does not use the code up', async () => {
  const once = await promotion({ percentage: 1, usageLimit: 1 });
  const cheap = await oneOnSale(shop, { amount: 100, stock: 10 });
  const quoted = await quote(shop.guest, once.code, { email: mail(), of: cheap });
  expect([quoted.promotions, quoted.totals.discount.amount]).toEqual([[], 0]);
  await place(shop.guest, quoted.id);
  expect(await shop.api.getPromotion({ promotionId: once.id })).toMatchObject({ used: 0 });
});

test.each(['welcome10', '10% off', 'Summer 2026', 'v1.5', 'grün-10', 'A_B', '  spaced   out  '])(
  'the code %j can be made and used, however it is typed',
  async (typed) => {
    const tag = randomBytes(3).toString('hex');
    await promotion({ code: `${typed} ${tag}` });
    const quoted = await quote(shop.guest, ` ${typed.toUpperCase()} ${tag} `, { email: mail() });
    expect(quoted.promotions).toHaveLength(1);
  },
);

test.each(['', 'A', 'a/b', 'a'.repeat(41), 'line\nbreak'])('%j is no code', async (typed) => {
  expect(await refusal(promotion({ code: typed }))).toMatchObject({ status: 400 });
});
