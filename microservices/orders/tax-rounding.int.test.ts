import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { eur, germanAddress, openShop, putOnSale, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(({ environment, ...options }) =>
    startShopPlatform({ ...options, environment: { ...environment, ORDERS_TAX_ROUNDING: 'rate' } }),
  );
});
afterAll(async () => {
  await shop.platform.stop();
});

test('a shop that rounds tax per rate charges 1.01 on 5.32 for 40 lines of 0.03, and its orders add up', async () => {
  const skus = await putOnSale(
    shop,
    Array.from({ length: 40 }, () => ({ amount: 3, stock: 1, taxInclusive: false })),
  );
  const quote = await shop.guest.createQuote({
    lines: skus.map((sku) => ({ sku, quantity: 1 })),
    currency: 'EUR',
    shippingAddress: germanAddress,
    email: 'guest@example.com',
  });
  expect(quote.taxes).toEqual([{ category: 'standard', rate: 1_900, base: eur(532), tax: eur(101) }]);
  const order = await shop.guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' });
  expect(order.totals).toMatchObject({ tax: eur(101), grandTotal: eur(633) });
  expect(await shop.api.auditOrders({})).toMatchObject({ consistent: true });
});
