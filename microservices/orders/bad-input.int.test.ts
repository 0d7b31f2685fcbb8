import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { eur, germanAddress, oneOnSale, placeOrder, refusal, openShop, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

const cash = { paymentMethod: 'cash_on_delivery', email: 'guest@example.com' } as const;

describe('bad input', () => {
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${shop.platform.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${shop.platform.adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { code: string; detail: string } };
  };
  const ord = 'ord_00000000000000000000000000000000';
  const lin = 'lin_00000000000000000000000000000000';

  test.each([
    ['POST', '/orders', {}],
    ['POST', '/orders', { quoteId: 'x' }],
    ['POST', '/orders', '{"quoteId": '],
    ['POST', '/orders', { quoteId: 'quo_00000000000000000000000000000000', paymentMethod: 'barter' }],
    ['POST', '/orders', { quoteId: 'quo_00000000000000000000000000000000', note: 'a\u0000b' }],
    ['POST', '/carts', { currency: 'euro' }],
    ['POST', '/carts', { currency: 'EUR', lines: [{ sku: 'A', quantity: 0 }] }],
    ['POST', '/carts', { currency: 'EUR', lines: [{ sku: 'A', quantity: 1e300 }] }],
    [
      'POST',
      '/carts',
      { currency: 'EUR', lines: Array.from({ length: 501 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })) },
    ],
    [
      'POST',
      '/quotes',
      {
        lines: [{ sku: 'A', quantity: 1 }],
        currency: 'EUR',
        shippingAddress: { ...germanAddress, country: 'Germany' },
      },
    ],
    [
      'POST',
      `/orders/${ord}/refunds`,
      { reason: 'x', lines: [{ lineId: lin, amount: { amount: -5, currency: 'EUR' } }] },
    ],
    ['POST', `/orders/${ord}/cancel`, { reason: '' }],
    ['PUT', '/tax-rates/DE/standard', { rate: 10_001 }],
    [
      'PUT',
      '/shipping-methods/standard/EUR',
      { title: 'x', rates: [{ countries: [], upToGrams: -1, amount: 1, freeFrom: null }] },
    ],
    ['POST', '/promotions', { code: 'A', title: 'x', kind: 'percentage', percentage: 20_000 }],
    ['GET', '/orders?limit=0', undefined],
    ['GET', '/orders?placedFrom=yesterday', undefined],
    ['GET', '/orders/nonsense', undefined],
  ])('%s %s is the caller’s mistake, told as such (row %#)', async (method, path, body) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.detail.length).toBeGreaterThan(10);
  });

  test.each([
    ['GET', `/orders/${ord}`, undefined],
    ['GET', `/orders/${ord}/timeline`, undefined],
    ['POST', `/orders/${ord}/approve`, {}],
    ['POST', `/orders/${ord}/confirm`, { reservationId: 'res_00000000000000000000000000000000' }],
    ['POST', `/orders/${ord}/fulfilments`, {}],
    ['POST', `/orders/${ord}/deliver`, {}],
    ['POST', `/orders/${ord}/notes`, { text: 'hello' }],
    ['POST', `/orders/${ord}/refunds`, { reason: 'x', shipping: eur(1) }],
    ['GET', '/carts/crt_00000000000000000000000000000000', undefined],
    ['GET', '/quotes/quo_00000000000000000000000000000000', undefined],
    ['POST', '/orders', { quoteId: 'quo_00000000000000000000000000000000' }],
    ['DELETE', '/tax-rates/FR/reduced', undefined],
  ])('%s %s of what is not there is 404', async (method, path, body) => {
    expect((await send(method, path, body)).status).toBe(404);
  });

  test('moments at the edges of the calendar filter without failing', async () => {
    for (const moment of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
      const { status } = await send('GET', `/orders?placedFrom=${moment}&placedBefore=${moment}`);
      expect([200, 400]).toContain(status);
    }
  });

  test('a refund in another currency is refused', async () => {
    const order = await placeOrder(
      shop.guest,
      [{ sku: await oneOnSale(shop, { amount: 1_000, stock: 1_000 }), quantity: 1 }],
      cash,
    );
    const refused = await refusal(
      shop.api.refundOrder({ orderId: order.id, reason: 'x', shipping: { amount: 1, currency: 'USD' } }),
    );
    expect(refused).toMatchObject({ code: 'OTHER_CURRENCY', status: 422 });
  });
});
