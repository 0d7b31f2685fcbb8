import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from './contract.ts';
import {
  eur,
  germanAddress,
  newCustomer,
  oneOnSale,
  placeOrder,
  putOnSale,
  refusal,
  openShop,
  type Shop,
} from './testing.ts';
import { until } from '../chassis/testing/until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

describe('carts', () => {
  test('a guest fills, changes and empties a cart by its id alone', async () => {
    const [one, two] = await putOnSale(shop, [
      { amount: 100, stock: 1_000 },
      { amount: 250, stock: 1_000 },
    ]);
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    await shop.guest.addCartLine({ cartId, sku: one ?? '', quantity: 2 });
    await shop.guest.addCartLine({ cartId, sku: two ?? '' });
    const twice = await shop.guest.addCartLine({ cartId, sku: one ?? '', quantity: 3 });
    expect(twice.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      [one, 5],
      [two, 1],
    ]);
    expect(twice.subtotal).toEqual(eur(750));
    const [first, second] = twice.lines;
    expect((await shop.guest.updateCartLine({ cartId, lineId: first?.lineId ?? '', quantity: 1 })).subtotal).toEqual(
      eur(350),
    );
    expect((await shop.guest.removeCartLine({ cartId, lineId: second?.lineId ?? '' })).subtotal).toEqual(eur(100));
    expect(await refusal(shop.guest.removeCartLine({ cartId, lineId: second?.lineId ?? '' }))).toMatchObject({
      code: 'LINE_NOT_FOUND',
      status: 404,
    });
    expect((await shop.guest.setCartLines({ cartId, lines: [] })).lines).toEqual([]);
    const told = await until(
      async () => shop.platform.events('orders').filter((event) => event.subject === cartId),
      (events) => events.length === 7,
    );
    expect(told.map((event) => event.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('what cannot be sold does not get in, and says why', async () => {
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    expect(await refusal(shop.guest.addCartLine({ cartId, sku: 'NOBODY-SELLS-THIS' }))).toMatchObject({
      code: 'NOT_SELLABLE',
      status: 409,
      data: { missing: [{ sku: 'NOBODY-SELLS-THIS', reason: 'unknown_sku' }] },
    });
  });

  test('adding at the same time from many tabs loses nothing', async () => {
    const sku = await oneOnSale(shop, { amount: 100, stock: 1_000 });
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    await Promise.all(Array.from({ length: 20 }, () => shop.guest.addCartLine({ cartId, sku, quantity: 1 })));
    expect((await shop.guest.getCart({ cartId })).lines.map((line) => line.quantity)).toEqual([20]);
  });

  test('a customer’s cart is there for nobody else', async () => {
    const [customer, stranger] = [await newCustomer(shop), await newCustomer(shop)];
    const { id: cartId } = await customer.orders.createCart({ currency: 'EUR' });
    for (const client of [shop.guest, stranger.orders]) {
      expect(await refusal(client.getCart({ cartId }))).toMatchObject({ code: 'CART_NOT_FOUND', status: 404 });
      expect(await refusal(client.setCartLines({ cartId, lines: [] }))).toMatchObject({ code: 'CART_NOT_FOUND' });
    }
    expect((await stranger.orders.listCarts({})).items).toEqual([]);
    expect((await customer.orders.listCarts({})).items.map((cart) => cart.id)).toEqual([cartId]);
    expect((await shop.api.listCarts({ customerId: customer.id })).items.map((cart) => cart.id)).toEqual([cartId]);
  });

  test('on sign-in a guest’s cart becomes the customer’s; a second one is merged into it, once', async () => {
    const [one, two] = await putOnSale(shop, [
      { amount: 100, stock: 1_000 },
      { amount: 250, stock: 1_000 },
    ]);
    const customer = await newCustomer(shop);
    const first = await shop.guest.createCart({ currency: 'EUR', lines: [{ sku: one ?? '', quantity: 1 }] });
    expect(await customer.orders.mergeCart({ cartId: first.id })).toMatchObject({
      id: first.id,
      customerId: customer.id,
    });
    const second = await shop.guest.createCart({
      currency: 'EUR',
      lines: [
        { sku: one ?? '', quantity: 2 },
        { sku: two ?? '', quantity: 1 },
      ],
    });
    const merged = await customer.orders.mergeCart({ cartId: second.id });
    expect(merged).toMatchObject({ id: first.id, subtotal: eur(550) });
    expect(merged.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      [one, 3],
      [two, 1],
    ]);
    expect(await customer.orders.mergeCart({ cartId: second.id })).toEqual(merged);
    expect(await refusal(shop.guest.addCartLine({ cartId: second.id, sku: one ?? '' }))).toMatchObject({
      code: 'CART_NOT_OPEN',
      data: { state: 'merged' },
    });
    const stranger = await newCustomer(shop);
    expect(await refusal(stranger.orders.mergeCart({ cartId: first.id }))).toMatchObject({ code: 'CART_NOT_FOUND' });
  });

  test('staff report a cart as abandoned at once: once until it changes, never an empty or an ordered one', async () => {
    const sku = await oneOnSale(shop, { amount: 100, stock: 1_000 });
    const staff = shop.platform.client(ordersContract);
    const cart = await shop.guest.createCart({ currency: 'EUR', lines: [{ sku, quantity: 1 }] });
    const told = () =>
      shop.platform.events('orders').filter(({ type, subject }) => type === 'cart.abandoned' && subject === cart.id);
    await Promise.all(Array.from({ length: 10 }, () => staff.abandonCart({ cartId: cart.id })));
    await shop.guest.addCartLine({ cartId: cart.id, sku });
    await staff.abandonCart({ cartId: cart.id });
    await until(
      async () => told(),
      (events) => events.length === 2,
    );
    expect(told().map(({ data }) => (data as { lines: unknown }).lines)).toEqual([
      [{ sku, quantity: 1 }],
      [{ sku, quantity: 2 }],
    ]);
    const empty = await shop.guest.createCart({ currency: 'EUR' });
    expect(await refusal(staff.abandonCart({ cartId: empty.id }))).toMatchObject({ status: 422, code: 'CART_EMPTY' });
    expect(await refusal(shop.guest.abandonCart({ cartId: cart.id }))).toMatchObject({ status: 401 });
    const merged = await shop.guest.createCart({ currency: 'EUR', lines: [{ sku, quantity: 1 }] });
    const customer = await newCustomer(shop);
    await customer.orders.createCart({ currency: 'EUR', lines: [{ sku, quantity: 1 }] });
    await customer.orders.mergeCart({ cartId: merged.id });
    expect(await refusal(staff.abandonCart({ cartId: merged.id }))).toMatchObject({ code: 'CART_NOT_OPEN' });
  });

  test('a cart left alone is told as abandoned once, and again only after it was touched', async () => {
    const sku = await oneOnSale(shop, { amount: 100, stock: 1_000 });
    const cart = await shop.guest.createCart({
      currency: 'EUR',
      email: 'who@example.com',
      lines: [{ sku, quantity: 1 }],
    });
    const empty = await shop.guest.createCart({ currency: 'EUR' });
    const orders = shop.platform.database('orders');
    const leaveAlone = () =>
      orders.run(`UPDATE cart SET updated_at = now() - interval '61 minutes' WHERE id = ANY($1::text[])`, [
        [cart.id, empty.id],
      ]);
    const told = () =>
      shop.platform
        .events('orders')
        .filter((event) => event.type === 'cart.abandoned' && [cart.id, empty.id].includes(event.subject));
    await leaveAlone();
    await until(
      async () => told(),
      (events) => events.length === 1,
    );
    expect(told()[0]?.data).toMatchObject({ cartId: cart.id, hasEmail: true, lines: [{ sku, quantity: 1 }] });
    expect(JSON.stringify(told())).not.toContain('who@example.com');
    // Another cart is told after several more runs of the job; the first was not told again meanwhile.
    const later = await shop.guest.createCart({ currency: 'EUR', lines: [{ sku, quantity: 1 }] });
    await orders.run(`UPDATE cart SET updated_at = now() - interval '61 minutes' WHERE id = $1`, [later.id]);
    await shop.platform.waitForEvent('cart.abandoned', (event) => event.subject === later.id);
    expect(told()).toHaveLength(1);
    await shop.guest.addCartLine({ cartId: cart.id, sku });
    await leaveAlone();
    await until(
      async () => told(),
      (events) => events.length === 2,
    );
  });
});

describe('quotes', () => {
  test('a quote can be placed for 15 minutes, then not any more', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const quote = await shop.guest.createQuote({
      lines: [{ sku, quantity: 1 }],
      currency: 'EUR',
      shippingAddress: germanAddress,
      email: 'g@example.com',
    });
    expect(Date.parse(quote.expiresAt) - Date.parse(quote.createdAt)).toBe(15 * 60_000);
    shop.clock.offset = 15 * 60_000;
    try {
      expect(
        await refusal(shop.guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' })),
      ).toMatchObject({ code: 'QUOTE_EXPIRED', status: 410 });
    } finally {
      shop.clock.offset = 0;
    }
    expect(await shop.guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' })).toMatchObject({
      totals: quote.totals,
    });
  });

  test('shipping that does not go there, a cart that is empty and a quote of nothing are refused in words', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    await shop.api.setShippingMethod({
      code: 'courier',
      currency: 'EUR',
      title: 'Courier',
      rates: [{ countries: ['AT'], upToGrams: null, amount: 990, freeFrom: null }],
    });
    const ask = { lines: [{ sku, quantity: 1 }], currency: 'EUR', shippingAddress: germanAddress };
    expect(await refusal(shop.guest.createQuote({ ...ask, shippingMethod: 'courier' }))).toMatchObject({
      code: 'NO_SHIPPING_METHOD',
      data: { country: 'DE', available: ['standard'] },
    });
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    expect(await refusal(shop.guest.createQuote({ cartId, shippingAddress: germanAddress }))).toMatchObject({
      code: 'NOTHING_TO_QUOTE',
      status: 422,
    });
    expect(
      await refusal(shop.guest.createQuote({ lines: [{ sku, quantity: 1 }], shippingAddress: germanAddress })),
    ).toMatchObject({ code: 'NOTHING_TO_QUOTE' });
    const vienna = { ...germanAddress, country: 'AT' };
    const options = (await shop.guest.createQuote({ ...ask, shippingAddress: vienna })).shippingOptions;
    expect(options.map((option) => [option.code, option.price.amount])).toEqual([
      ['standard', 490],
      ['courier', 990],
    ]);
  });

  test('a country without rates is not taxed: the inclusive price stays, all of it net', async () => {
    const sku = await oneOnSale(shop, { amount: 1_190, stock: 1_000 });
    const quote = await shop.guest.createQuote({
      lines: [{ sku, quantity: 1 }],
      currency: 'EUR',
      shippingAddress: { ...germanAddress, country: 'US' },
    });
    expect(quote.totals).toEqual({
      items: eur(1_190),
      discount: eur(0),
      shipping: eur(490),
      tax: eur(0),
      grandTotal: eur(1_680),
    });
  });

  test('more than an order can come to is refused before it is multiplied', async () => {
    const sku = await oneOnSale(shop, { amount: 100_000_000_000, stock: 1_000 });
    const refused = await refusal(
      shop.guest.createQuote({
        lines: [{ sku, quantity: 1_000_000 }],
        currency: 'EUR',
        shippingAddress: germanAddress,
      }),
    );
    expect(refused).toMatchObject({ code: 'TOO_LARGE', status: 422 });
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    expect(await refusal(shop.guest.addCartLine({ cartId, sku, quantity: 1_000_000 }))).toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

describe('persons', () => {
  test('an erased customer leaves amounts and SKUs, and nothing that tells who it was', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const customer = await newCustomer(shop);
    const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    await customer.orders.createCart({ currency: 'EUR', email: customer.email }, { idempotencyKey: 'to-be-forgotten' });
    const answers = () =>
      shop.platform
        .database('orders')
        .rows<{ key: string }>('SELECT key FROM idempotency WHERE caller = $1', [`customer:${customer.id}`]);
    expect(await answers()).toEqual([{ key: 'to-be-forgotten' }]);
    await customer.orders.cancelOrder({ orderId: order.id, reason: 'Erika will not have it' });
    await shop.platform.client(customersContract).eraseCustomer({ customerId: customer.id });
    const erased = await until(
      () => shop.api.getOrder({ orderId: order.id }),
      (one) => one.shippingAddress === null,
    );
    expect(erased).toMatchObject({
      email: null,
      note: null,
      billingAddress: null,
      stateReason: null,
      totals: order.totals,
      customerId: customer.id,
    });
    expect((await shop.api.listCarts({ customerId: customer.id })).items).toEqual([]);
    expect(await answers()).toEqual([]);
    expect((await shop.api.auditOrders({})).problems).toEqual([]);
  });
});

describe('quantity 0', () => {
  test('removes a line, as its own change and among all lines', async () => {
    const [one = '', two = ''] = await putOnSale(shop, [
      { amount: 100, stock: 10 },
      { amount: 200, stock: 10 },
    ]);
    const lines = [one, two].map((sku) => ({ sku, quantity: 1 }));
    const cart = await shop.guest.createCart({ currency: 'EUR', lines });
    const lineId = cart.lines[0]?.lineId ?? '';
    const left = await shop.guest.updateCartLine({ cartId: cart.id, lineId, quantity: 0 });
    expect([left.lines.map(({ sku }) => sku), left.subtotal.amount]).toEqual([[two], 200]);
    const none = await shop.guest.setCartLines({
      cartId: cart.id,
      lines: lines.map((line) => ({ ...line, quantity: 0 })),
    });
    expect([none.lines, none.subtotal.amount]).toEqual([[], 0]);
  });
});
