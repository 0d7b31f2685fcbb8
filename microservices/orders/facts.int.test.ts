import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { until } from '../chassis/testing/until.ts';
import { confirmOrder, eur, newCustomer, oneOnSale, openShop, placeOrder, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

describe('a customer’s orders in numbers', () => {
  test('count, spent and the last one; cancelled orders do not count, refunds are taken off', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const customer = await newCustomer(shop, 100_000);
    const none = { count: 0, spent: [], firstOrderAt: null, lastOrderAt: null };
    expect(await shop.api.getCustomerFacts({ customerId: customer.id })).toEqual(none);

    const paid = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    const { hold } = await confirmOrder(shop, paid);
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === paid.id);
    const cancelled = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    await shop.api.cancelOrder({ orderId: cancelled.id, reason: 'by mistake' });
    const open = await placeOrder(customer.orders, [{ sku, quantity: 2 }]);
    await shop.api.refundOrder({ orderId: paid.id, reason: 'late', shipping: eur(90) });
    await shop.platform.waitForEvent('wallet.refunded', ({ data }) => JSON.stringify(data).includes(paid.id));
    const { spent } = await until(
      () => shop.api.getCustomerFacts({ customerId: customer.id }),
      (facts) => facts.spent[0]?.amount !== paid.totals.grandTotal.amount,
    );
    expect(spent).toEqual([eur(paid.totals.grandTotal.amount - 90)]);

    expect(await shop.api.getCustomerFacts({ customerId: customer.id })).toEqual({
      count: 2,
      spent: [eur(paid.totals.grandTotal.amount - 90)],
      firstOrderAt: paid.placedAt,
      lastOrderAt: open.placedAt,
    });
    const { id: stranger } = await newCustomer(shop);
    // A customer sees their own, whoever they ask about.
    expect((await customer.orders.getCustomerFacts({ customerId: stranger })).count).toBe(2);
  });

  test('a filter takes one state or several, and counting takes the same filters', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const { id: customerId, orders } = await newCustomer(shop, 100_000);
    const placed = await placeOrder(orders, [{ sku, quantity: 1 }]);
    const cancelled = await placeOrder(orders, [{ sku, quantity: 1 }]);
    await shop.api.cancelOrder({ orderId: cancelled.id, reason: 'by mistake' });
    const found = async (state: 'placed' | ('placed' | 'cancelled' | 'closed')[]) =>
      (await shop.api.listOrders({ customerId, state })).items.map(({ id }) => id);
    expect(await found('placed')).toEqual([placed.id]);
    expect(await found(['placed'])).toEqual([placed.id]);
    expect(await found(['placed', 'cancelled'])).toEqual([cancelled.id, placed.id]);
    expect(await found(['closed'])).toEqual([]);
    expect(await shop.api.countOrders({ customerId })).toEqual({ count: 2 });
    expect(await shop.api.countOrders({ customerId, state: ['cancelled'] })).toEqual({ count: 1 });
    expect(await shop.api.countOrders({ customerId, sku: 'NOTHING' })).toEqual({ count: 0 });
  });
});
