import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { germanAddress, oneOnSale, openShop, putOnSale, refusal, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

const quote = (lines: { sku: string; quantity: number }[]) =>
  shop.guest.createQuote({ lines, currency: 'EUR', shippingAddress: germanAddress, email: 'guest@example.com' });

test('1,000,000 of an article with 5 is not quoted, and the refusal says how many there are', async () => {
  const [few = '', enough = ''] = await putOnSale(shop, [
    { amount: 1, stock: 5 },
    { amount: 1, stock: 10 },
  ]);
  expect(
    await refusal(
      quote([
        { sku: few, quantity: 1_000_000 },
        { sku: enough, quantity: 10 },
      ]),
    ),
  ).toMatchObject({
    code: 'INSUFFICIENT_STOCK',
    status: 409,
    data: { lines: [{ sku: few, requested: 1_000_000, available: 5 }] },
  });
});

test('a cart of it is not quoted either; the cart says what is available', async () => {
  const sku = await oneOnSale(shop, { amount: 100, stock: 5 });
  const cart = await shop.guest.createCart({ currency: 'EUR', lines: [{ sku, quantity: 5 }] });
  expect(cart.lines).toMatchObject([{ available: 5, stock: 'available' }]);
  const more = await shop.guest.addCartLine({ cartId: cart.id, sku });
  expect(more.lines).toMatchObject([{ quantity: 6, available: 5, stock: 'insufficient' }]);
  const asked = { cartId: cart.id, shippingAddress: germanAddress, email: 'guest@example.com' };
  expect(await refusal(shop.guest.createQuote(asked))).toMatchObject({ code: 'INSUFFICIENT_STOCK' });
  await shop.inventory.receiveStock({ sku, locationId: shop.locationId, quantity: 1 });
  expect((await shop.guest.refreshCart({ cartId: cart.id })).lines).toMatchObject([
    { available: 6, stock: 'available' },
  ]);
  expect((await shop.guest.createQuote(asked)).lines).toMatchObject([{ available: 6, stock: 'available' }]);
});

test('what others reserved is not available', async () => {
  const sku = await oneOnSale(shop, { amount: 100, stock: 5 });
  await shop.inventory.reserveStock({ ownerId: 'somebody', lines: [{ sku, quantity: 3 }] });
  expect(await refusal(quote([{ sku, quantity: 3 }]))).toMatchObject({
    data: { lines: [{ sku, requested: 3, available: 2 }] },
  });
  expect((await quote([{ sku, quantity: 2 }])).lines).toMatchObject([{ available: 2, stock: 'available' }]);
});

test('backorder is quoted and flagged', async () => {
  const sku = await oneOnSale(shop, { amount: 100, stock: 5 });
  await shop.inventory.setLevel({ sku, locationId: shop.locationId, backorderable: true });
  expect((await quote([{ sku, quantity: 6 }])).lines).toMatchObject([{ available: 5, stock: 'backorder' }]);
});

test('goods that are not shipped have no stock to run out of', async () => {
  const sku = await oneOnSale(shop, { amount: 100, stock: 0, requiresShipping: false });
  expect((await quote([{ sku, quantity: 6 }])).lines).toMatchObject([{ available: null, stock: 'not_tracked' }]);
});
