import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { until } from '../chassis/testing/until.ts';
import { germanAddress, oneOnSale, openShop, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

describe('order search', () => {
  const orderOf = async (name: string) => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const quote = await shop.guest.createQuote({
      lines: [{ sku, quantity: 1 }],
      currency: 'EUR',
      shippingAddress: { ...germanAddress, name },
      email: 'guest@example.com',
    });
    return shop.guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' });
  };
  const found = async (search: string) => (await shop.api.listOrders({ search })).items.map(({ id }) => id);

  test.each([
    ['Zoë Jäger', ['zoe', 'Zoë', 'ZOE JAGER', 'Zoe\u0308', 'jager']],
    ['Łukasz Ærø', ['lukasz', 'ŁUKASZ', 'aero']],
    ['Renée İpek', ['renee', 'ipek']],
  ])('%s is found however the name is typed', async (name, searches) => {
    const order = await orderOf(name);
    for (const search of searches) expect(await found(search)).toContain(order.id);
    expect(await found('somebody else')).toEqual([]);
  });

  test('an order is found by its number, whole, begun or without its prefix', async () => {
    const { id, number } = await orderOf('Erika');
    const bare = number.replace('FC-', '');
    for (const search of [number, number.toLowerCase(), bare]) expect(await found(search)).toEqual([id]);
    expect(await found(bare.slice(0, -1))).toContain(id);
    expect(await found(bare.slice(1))).not.toContain(id);
  });

  test('orders of before names were folded are found too, once the job has run', async () => {
    const { id } = await orderOf('Chloé Früh');
    const unfold = 'UPDATE orders SET recipient_folded = NULL WHERE id = $1';
    await shop.platform.database('orders').run(unfold, [id]);
    await until(async () => (await found('chloe fruh')).includes(id));
  });

  test('signs stand for themselves', async () => {
    await orderOf('Erika');
    for (const search of ['%', '_', '%%']) expect(await found(search)).toEqual([]);
  });
});
