import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import {
  eur,
  freshSku,
  germanAddress,
  newCustomer,
  oneOnSale,
  placeOrder,
  putOnSale,
  refusal,
  openShop,
  untilAnswered,
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

const cash = { paymentMethod: 'cash_on_delivery', email: 'guest@example.com' } as const;
const quoteOf = (sku: string, more: { couponCode?: string; email?: string } = {}) =>
  shop.guest.createQuote({
    lines: [{ sku, quantity: 1 }],
    currency: 'EUR',
    shippingAddress: germanAddress,
    email: 'guest@example.com',
    ...more,
  });
const place = (quoteId: string, idempotencyKey?: string) =>
  shop.guest.placeOrder(
    { quoteId, paymentMethod: 'cash_on_delivery' },
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
const created = (quoteId: string) =>
  shop.platform.database('orders').one<{ count: number }>('SELECT count(*) FROM orders WHERE quote_id = $1', [quoteId]);

describe('placing', () => {
  test('the same key 50 times at once makes one order, answers it 50 times and tells it once', async () => {
    const quote = await quoteOf(await oneOnSale(shop, { amount: 1_000, stock: 1_000 }));
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => untilAnswered(() => place(quote.id, `fifty-${quote.id}`))),
    );
    expect(new Set(answers.map((order) => JSON.stringify(order))).size).toBe(1);
    expect(await created(quote.id)).toEqual({ count: 1 });
    const orderId = answers[0]?.id ?? '';
    await shop.platform.waitForEvent('order.created', (event) => event.subject === orderId);
    const marker = await placeOrder(
      shop.guest,
      [{ sku: await oneOnSale(shop, { amount: 1, stock: 1_000 }), quantity: 1 }],
      cash,
    );
    await shop.platform.waitForEvent('order.created', (event) => event.subject === marker.id);
    expect(shop.platform.events('orders').filter((event) => event.subject === orderId)).toHaveLength(1);
  });

  test('a quote under 20 different keys at once makes one order; the others learn which', async () => {
    const quote = await quoteOf(await oneOnSale(shop, { amount: 1_000, stock: 1_000 }));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        place(quote.id, `${index}-${quote.id}`).catch((error: unknown) => error),
      ),
    );
    const orders = outcomes.filter((outcome) => !(outcome instanceof Error));
    expect(orders).toHaveLength(1);
    expect(await created(quote.id)).toEqual({ count: 1 });
    expect(await refusal(place(quote.id))).toMatchObject({
      code: 'QUOTE_ALREADY_PLACED',
      status: 409,
      data: { orderId: orders.map((order) => (order as { id: string }).id)[0] },
    });
  });

  test('the same key with another quote is refused', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const [one, two] = [await quoteOf(sku), await quoteOf(sku)];
    await place(one.id, `reused-${one.id}`);
    expect(await refusal(place(two.id, `reused-${one.id}`))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      status: 422,
    });
  });

  test('the price that was quoted is the price that is charged, whatever the shop changes meanwhile', async () => {
    const quote = await quoteOf(await oneOnSale(shop, { amount: 1_000, stock: 1_000 }));
    await shop.api.setTaxRate({ country: 'DE', category: 'standard', rate: 2_500 });
    const order = await place(quote.id);
    await shop.api.setTaxRate({ country: 'DE', category: 'standard', rate: 1_900 });
    expect(order.totals).toEqual(quote.totals);
    expect(
      order.lines.map(({ shipped: _, cancelled: __, refunded: ___, refundedQuantity: ____, ...line }) => line),
    ).toEqual(quote.lines.map(({ available: _, stock: __, ...line }) => line));
  });

  test('an order of 200 lines works, to the minor unit', async () => {
    const skus = await putOnSale(
      shop,
      Array.from({ length: 200 }, (_, index) => ({ amount: 99 + index * 7, stock: 1_000 })),
    );
    const order = await placeOrder(
      shop.guest,
      skus.map((sku, index) => ({ sku, quantity: 1 + (index % 9) })),
      cash,
    );
    expect(order.lines).toHaveLength(200);
    const lines = order.lines.reduce((sum, line) => sum + line.total.amount, 0);
    expect(order.totals.grandTotal.amount).toBe(lines + (order.shipping?.total.amount ?? 0));
    expect((await shop.api.getOrder({ orderId: order.id })).lines).toEqual(order.lines);
    const event = await shop.platform.waitForEvent('order.created', (one) => one.subject === order.id);
    expect((event.data as { lines: unknown[] }).lines).toHaveLength(200);
  });

  test('inclusive and exclusive prices stand side by side in one order', async () => {
    const [inclusive, exclusive] = await putOnSale(shop, [
      { amount: 11_900, stock: 1_000 },
      { amount: 10_000, stock: 1_000, taxInclusive: false },
    ]);
    const order = await placeOrder(
      shop.guest,
      [inclusive, exclusive].map((sku) => ({ sku: sku ?? '', quantity: 1 })),
      cash,
    );
    expect(order.lines.map(({ net, tax, total }) => [net.amount, tax.amount, total.amount])).toEqual([
      [10_000, 1_900, 11_900],
      [10_000, 1_900, 11_900],
    ]);
  });

  test('a guest sees the order with its secret, and nobody without; events hold no personal data', async () => {
    const order = await placeOrder(
      shop.guest,
      [{ sku: await oneOnSale(shop, { amount: 1_000, stock: 1_000 }), quantity: 1 }],
      cash,
    );
    expect(order.secret).toMatch(/^[\w-]{32}$/);
    expect(await shop.guest.getOrder({ orderId: order.id, secret: order.secret ?? '' })).toMatchObject({
      id: order.id,
      secret: null,
    });
    const stranger = await newCustomer(shop);
    const unseen = { code: 'ORDER_NOT_FOUND', status: 404 };
    expect(await refusal(shop.guest.getOrder({ orderId: order.id }))).toMatchObject(unseen);
    expect(await refusal(shop.guest.getOrder({ orderId: order.id, secret: 'guess' }))).toMatchObject(unseen);
    expect(await refusal(stranger.orders.getOrder({ orderId: order.id }))).toMatchObject(unseen);
    expect(await refusal(shop.guest.cancelOrder({ orderId: order.id, reason: 'not mine' }))).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
    expect((await shop.guest.getTimeline({ orderId: order.id, secret: order.secret ?? '' })).items).toHaveLength(1);
    const event = await shop.platform.waitForEvent('order.created', (one) => one.subject === order.id);
    for (const personal of ['Erika', 'Hauptstr', 'guest@example.com', order.secret ?? ''])
      expect(JSON.stringify(event)).not.toContain(personal);
  });

  test('guests need an address to write to, and pay otherwise than from a wallet', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const quote = await shop.guest.createQuote({
      lines: [{ sku, quantity: 1 }],
      currency: 'EUR',
      shippingAddress: germanAddress,
    });
    expect(await refusal(place(quote.id))).toMatchObject({ code: 'CONTACT_REQUIRED', status: 422 });
    expect(await refusal(shop.guest.placeOrder({ quoteId: quote.id, email: 'g@example.com' }))).toMatchObject({
      code: 'PAYMENT_METHOD_NOT_POSSIBLE',
      status: 422,
    });
  });
});

describe('promotions', () => {
  const newCode = () => freshSku().slice(4);

  test('25 guests at once for a code with 10 uses: exactly 10 get it, the rest make no order', async () => {
    const code = newCode();
    const promotion = await shop.api.createPromotion({
      code,
      title: 'Ten',
      kind: 'percentage',
      percentage: 1_000,
      usageLimit: 10,
    });
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const quotes = await Promise.all(
      Array.from({ length: 25 }, (_, index) => quoteOf(sku, { couponCode: code, email: `g${index}@example.com` })),
    );
    expect(quotes[0]).toMatchObject({
      promotions: [{ code, listDiscount: eur(100) }],
      totals: { grandTotal: eur(1_390) },
    });
    const outcomes = await Promise.all(
      quotes.map((quote) =>
        place(quote.id).then(
          () => 'placed',
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'placed')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'PROMOTION_NOT_USABLE')).toHaveLength(15);
    expect(await shop.api.getPromotion({ promotionId: promotion.id })).toMatchObject({ used: 10 });
    expect(await refusal(quoteOf(sku, { couponCode: code }))).toMatchObject({
      code: 'PROMOTION_NOT_USABLE',
      data: { reason: 'EXHAUSTED' },
    });
  });

  test('one customer, eight quotes at once, two uses each: exactly two; a cancelled order gives its use back', async () => {
    const code = newCode();
    const promotion = await shop.api.createPromotion({
      code,
      title: 'Two each',
      kind: 'amount',
      amount: 300,
      currency: 'EUR',
      usageLimitPerCustomer: 2,
    });
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
    const quotes = await Promise.all(
      Array.from({ length: 8 }, () => quoteOf(sku, { couponCode: code, email: 'same@example.com' })),
    );
    const outcomes = await Promise.all(
      quotes.map((quote) =>
        place(quote.id).catch((error: unknown) => (error as { data: { reason: string } }).data.reason),
      ),
    );
    const placed = outcomes.filter((outcome) => typeof outcome !== 'string');
    expect(placed).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === 'EXHAUSTED_FOR_CUSTOMER')).toHaveLength(6);
    expect(await refusal(quoteOf(sku, { couponCode: code, email: 'same@example.com' }))).toMatchObject({
      data: { reason: 'EXHAUSTED_FOR_CUSTOMER' },
    });
    const [first] = placed;
    await shop.api.cancelOrder({ orderId: typeof first === 'object' ? first.id : '', reason: 'changed my mind' });
    const again = await quoteOf(sku, { couponCode: code, email: 'same@example.com' });
    expect((await place(again.id)).promotions).toEqual([
      { promotionId: promotion.id, code, title: 'Two each', listDiscount: eur(300) },
    ]);
  });

  test('staff create, find, change and end promotions; nonsense and taken codes are refused in words', async () => {
    const code = newCode();
    const promotion = await shop.api.createPromotion({
      code: code.toLowerCase(),
      title: 'Autumn',
      kind: 'percentage',
      percentage: 500,
    });
    expect(promotion.code).toBe(code);
    expect(
      await refusal(shop.api.createPromotion({ code, title: 'Again', kind: 'percentage', percentage: 500 })),
    ).toMatchObject({ code: 'CODE_TAKEN', status: 409 });
    expect(await refusal(shop.api.createPromotion({ code: newCode(), title: 'None', kind: 'amount' }))).toMatchObject({
      code: 'PROMOTION_INVALID',
      status: 422,
    });
    expect((await shop.api.listPromotions({ search: code.slice(1, 8) })).items.map((one) => one.id)).toEqual([
      promotion.id,
    ]);
    expect(
      await refusal(shop.guest.createPromotion({ code: 'X1', title: 'X', kind: 'percentage', percentage: 1 })),
    ).toMatchObject({ status: 401 });
    expect(await shop.api.updatePromotion({ promotionId: promotion.id, active: false })).toMatchObject({
      active: false,
      percentage: 500,
    });
    const { id: cartId } = await shop.guest.createCart({ currency: 'EUR' });
    expect(await refusal(shop.guest.applyCoupon({ cartId, code }))).toMatchObject({
      code: 'PROMOTION_NOT_USABLE',
      data: { reason: 'NOT_ACTIVE' },
    });
    await shop.api.updatePromotion({ promotionId: promotion.id, active: true });
    expect((await shop.guest.applyCoupon({ cartId, code })).couponCode).toBe(code);
    expect((await shop.guest.removeCoupon({ cartId })).couponCode).toBeNull();
    expect(await shop.api.deletePromotion({ promotionId: promotion.id })).toEqual({ id: promotion.id });
    expect(await refusal(shop.guest.applyCoupon({ cartId, code }))).toMatchObject({ data: { reason: 'UNKNOWN' } });
  });
});

describe('finding orders', () => {
  test('filters, search, sorting and pages over a customer’s orders', async () => {
    const customer = await newCustomer(shop);
    const skus = await putOnSale(
      shop,
      [300, 100, 200].map((amount) => ({ amount, stock: 1_000 })),
    );
    const placed = [];
    for (const sku of skus) placed.push(await placeOrder(customer.orders, [{ sku, quantity: 1 }]));
    const ids = placed.map((order) => order.id);
    const pages = async (sort: 'newest' | 'oldest' | 'highest' | 'lowest') => {
      const found: string[] = [];
      for (let cursor: string | null = null; ;) {
        const page = await customer.orders.listOrders({ sort, limit: 2, ...(cursor === null ? {} : { cursor }) });
        found.push(...page.items.map((order) => order.id));
        if (page.nextCursor === null) return found;
        cursor = page.nextCursor;
      }
    };
    expect(await pages('oldest')).toEqual(ids);
    expect(await pages('newest')).toEqual(ids.toReversed());
    expect(await pages('lowest')).toEqual([ids[1], ids[2], ids[0]]);
    expect(await pages('highest')).toEqual([ids[0], ids[2], ids[1]]);
    const find = async (filter: Parameters<typeof shop.api.listOrders>[0]) =>
      (await shop.api.listOrders({ customerId: customer.id, ...filter })).items.map((order) => order.id);
    expect(await find({ sku: skus[1] ?? '' })).toEqual([ids[1]]);
    expect(await find({ search: placed[2]?.number.toLowerCase() ?? '' })).toEqual([ids[2]]);
    expect(await find({ search: 'rika mus', sort: 'oldest' })).toEqual(ids);
    expect(await find({ state: 'approved' })).toEqual([]);
    expect(await find({ placedBefore: placed[1]?.placedAt ?? '' })).toEqual([ids[0]]);
    expect(await refusal(shop.api.listOrders({ cursor: 'nonsense' }))).toMatchObject({
      code: 'INVALID_CURSOR',
      status: 400,
    });
    const stranger = await newCustomer(shop);
    expect((await stranger.orders.listOrders({ customerId: customer.id })).items).toEqual([]);
    expect(await refusal(shop.guest.listOrders({}))).toMatchObject({ status: 401 });
  });
});

test('after all of this the audit finds nothing', async () => {
  await until(
    () => shop.api.auditOrders({}),
    (answer) => answer.consistent,
  );
});

describe('metadata', () => {
  test('of an order is set by keys of the shop, not by buyers', async () => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const metadata = { discount: 'all' };
    const placing = { paymentMethod: 'cash_on_delivery', metadata } as const;
    const quote = await quoteOf(sku);
    expect(await refusal(shop.guest.placeOrder({ quoteId: quote.id, ...placing }))).toMatchObject({
      code: 'METADATA_NOT_ALLOWED',
      status: 403,
    });
    const customer = await newCustomer(shop);
    const own = await customer.orders.createQuote({
      lines: [{ sku, quantity: 1 }],
      currency: 'EUR',
      shippingAddress: germanAddress,
    });
    expect(await refusal(customer.orders.placeOrder({ quoteId: own.id, ...placing }))).toMatchObject({
      code: 'METADATA_NOT_ALLOWED',
    });
    expect(await shop.api.placeOrder({ quoteId: own.id, ...placing })).toMatchObject({ metadata });
  });
});
