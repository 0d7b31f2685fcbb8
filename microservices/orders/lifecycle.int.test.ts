import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import {
  confirmOrder,
  eur,
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

const timeline = async (orderId: string) => (await shop.api.getTimeline({ orderId })).items;
const states = async (orderId: string) => (await timeline(orderId)).flatMap((entry) => (entry.to ? [entry.to] : []));

describe('the lifecycle of an order', () => {
  test('from cart to delivery and refund: totals, stock, money and timeline agree at every step', async () => {
    const [book, lamp] = await putOnSale(shop, [
      { amount: 1_070, stock: 10, taxCategory: 'reduced' },
      { amount: 4_999, stock: 10 },
    ]);
    const customer = await newCustomer(shop, 100_000);
    const cart = await customer.orders.createCart({ currency: 'EUR', lines: [{ sku: book ?? '', quantity: 2 }] });
    await customer.orders.addCartLine({ cartId: cart.id, sku: lamp ?? '', quantity: 1 });
    const quote = await customer.orders.createQuote({
      cartId: cart.id,
      shippingAddress: {
        name: 'Erika Muster',
        line1: 'Hauptstr. 1',
        city: 'Berlin',
        postalCode: '10115',
        country: 'DE',
      },
    });
    // 2 × 10.70 with 7 % = 20.00 + 1.40; 49.99 with 19 % = 42.01 + 7.98; shipping 4.90 = 4.12 + 0.78
    expect(quote.totals).toEqual({
      items: eur(6_201),
      discount: eur(0),
      shipping: eur(412),
      tax: eur(1_016),
      grandTotal: eur(7_629),
    });

    const order = await customer.orders.placeOrder({ quoteId: quote.id });
    expect(order).toMatchObject({
      state: 'placed',
      paymentState: 'pending',
      allocationState: 'none',
      totals: quote.totals,
      customerId: customer.id,
      secret: null,
    });
    expect(order.number).toMatch(/^FC-\d+$/);
    expect(await customer.orders.getCart({ cartId: cart.id })).toMatchObject({ state: 'ordered', orderId: order.id });

    const { confirmed, hold } = await confirmOrder(shop, order);
    expect(confirmed).toMatchObject({ state: 'confirmed', allocationState: 'committed', holdId: hold?.id });
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await shop.platform.waitForEvent('order.paid', (event) => event.subject === order.id);
    const paid = await customer.orders.getOrder({ orderId: order.id });
    expect(paid).toMatchObject({ paymentState: 'paid', payments: { captured: eur(7_629), refunded: eur(0) } });

    const [first, second] = paid.lines;
    const part = await shop.api.shipOrder({
      orderId: order.id,
      lines: [{ lineId: first?.lineId ?? '', quantity: 1 }],
      carrier: 'DHL',
      trackingNumber: 'T1',
    });
    expect(part.state).toBe('partially_fulfilled');
    expect(
      await refusal(shop.api.shipOrder({ orderId: order.id, lines: [{ lineId: first?.lineId ?? '', quantity: 2 }] })),
    ).toMatchObject({
      code: 'MORE_THAN_ORDERED',
      data: { requested: 2, left: 1 },
    });
    const whole = await shop.api.shipOrder({ orderId: order.id });
    expect(whole.state).toBe('fulfilled');
    expect(whole.fulfilments.map((fulfilment) => fulfilment.lines.map((line) => line.quantity))).toEqual([[1], [1, 1]]);
    await shop.api.setTracking({
      orderId: order.id,
      fulfilmentId: whole.fulfilments[1]?.id ?? '',
      carrier: 'UPS',
      trackingUrl: 'https://example.com/T2',
    });

    const half = await shop.api.deliverOrder({ orderId: order.id, fulfilmentId: whole.fulfilments[0]?.id ?? '' });
    expect(half.state).toBe('fulfilled');
    const delivered = await shop.api.deliverOrder({ orderId: order.id });
    expect(delivered.state).toBe('delivered');

    const refund = await shop.api.refundOrder({
      orderId: order.id,
      reason: 'one book was torn',
      lines: [{ lineId: first?.lineId ?? '', quantity: 1 }],
    });
    expect(refund).toMatchObject({ state: 'issued', amount: eur(1_070), holdId: hold?.id });
    const refunded = await until(
      () => customer.orders.getOrder({ orderId: order.id }),
      (one) => one.refunds[0]?.state === 'settled',
    );
    expect(refunded).toMatchObject({ paymentState: 'partially_refunded', payments: { refunded: eur(1_070) } });
    const { items } = await shop.wallet.getBalance({ ownerId: customer.id });
    expect(items[0]).toMatchObject({ balance: 100_000 - 7_629 + 1_070, held: 0 });

    const over = await refusal(
      shop.api.refundOrder({
        orderId: order.id,
        reason: 'all of it',
        lines: [{ lineId: second?.lineId ?? '', amount: eur(5_000) }],
      }),
    );
    expect(over).toMatchObject({ code: 'REFUND_TOO_HIGH', status: 409, data: { refundable: eur(4_999) } });

    await shop.api.addOrderNote({ orderId: order.id, text: 'Customer is friendly' });
    expect((await shop.api.closeOrder({ orderId: order.id })).state).toBe('closed');
    expect(await states(order.id)).toEqual([
      'placed',
      'approved',
      'confirmed',
      'partially_fulfilled',
      'fulfilled',
      'delivered',
      'closed',
    ]);
    const seen = (await customer.orders.getTimeline({ orderId: order.id })).items;
    expect(seen.map((entry) => entry.title)).not.toContain('Note');
    expect(seen.find((entry) => entry.to === 'approved')?.actor).toBe('shop');
    expect(
      (await timeline(order.id))
        .filter((entry) => entry.kind === 'payment' || entry.kind === 'refund')
        .map((entry) => [entry.title, entry.amount?.amount]),
    ).toEqual([
      ['Money held', 7_629],
      ['Payment captured', 7_629],
      ['Refund issued', 1_070],
      ['Money refunded', 1_070],
    ]);
    await shop.platform.waitForEvent('order.closed', (event) => event.subject === order.id);
    const told = shop.platform.events('orders').filter((event) => event.subject === order.id);
    expect(told.map((event) => event.sequence)).toEqual(told.map((_, index) => index + 1));
    expect(told.map((event) => event.type)).toEqual([
      'order.created',
      'order.approved',
      'order.allocated',
      'order.confirmed',
      'order.paid',
      'order.shipped',
      'order.shipped',
      'fulfilment.delivered',
      'fulfilment.delivered',
      'order.delivered',
      'refund.issued',
      'order.note_added',
      'order.closed',
    ]);
  });

  test('cash on delivery needs no hold; the cash collected pays it, never more than is due', async () => {
    const sku = await oneOnSale(shop, { amount: 2_000, stock: 5 });
    const order = await placeOrder(shop.guest, [{ sku, quantity: 1 }], {
      paymentMethod: 'cash_on_delivery',
      email: 'guest@example.com',
    });
    expect(order).toMatchObject({ customerId: null, paymentState: 'due_on_delivery' });
    await confirmOrder(shop, order);
    await shop.api.shipOrder({ orderId: order.id });
    expect(await refusal(shop.api.deliverOrder({ orderId: order.id, cashCollected: eur(2_491) }))).toMatchObject({
      code: 'CASH_NOT_DUE',
      data: { due: eur(2_490) },
    });
    const delivered = await shop.api.deliverOrder({ orderId: order.id, cashCollected: eur(2_490) });
    expect(delivered).toMatchObject({ state: 'delivered', paymentState: 'paid' });
    const refund = await shop.api.refundOrder({ orderId: order.id, reason: 'scratched', shipping: eur(490) });
    expect(refund).toMatchObject({ state: 'settled', holdId: null, amount: eur(490) });
    expect(await refusal(shop.api.refundOrder({ orderId: order.id, reason: 'again', shipping: eur(1) }))).toMatchObject(
      { code: 'REFUND_TOO_HIGH' },
    );
  });

  test('nothing to pay is paid at once and needs no hold; nothing to ship needs no reservation', async () => {
    const sku = await oneOnSale(shop, { amount: 0, stock: 1_000, requiresShipping: false });
    const customer = await newCustomer(shop);
    const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    expect(order).toMatchObject({ paymentState: 'paid', shipping: null, totals: { grandTotal: eur(0) } });
    await shop.api.approveOrder({ orderId: order.id });
    expect(await shop.api.confirmOrder({ orderId: order.id })).toMatchObject({ state: 'confirmed' });
    await shop.platform.waitForEvent('order.paid', (event) => event.subject === order.id);
  });
});

describe('calling off', () => {
  const bringTo = {
    placed: async () => undefined,
    under_review: async (order) => void (await shop.api.holdOrderForReview({ orderId: order.id, reason: 'unusual' })),
    approved: async (order) => void (await shop.api.approveOrder({ orderId: order.id })),
    confirmed: async (order) => void (await confirmOrder(shop, order)),
  } satisfies Record<string, (order: Awaited<ReturnType<typeof placeOrder>>) => Promise<void>>;

  test.each(Object.keys(bringTo) as (keyof typeof bringTo)[])(
    'an order that is %s is cancelled by its customer; stock and money go back',
    async (state) => {
      const sku = await oneOnSale(shop, { amount: 3_000, stock: 2 });
      const customer = await newCustomer(shop, 10_000);
      const order = await placeOrder(customer.orders, [{ sku, quantity: 2 }]);
      await bringTo[state](order);
      const cancelled = await customer.orders.cancelOrder({ orderId: order.id, reason: 'found it cheaper' });
      expect(cancelled).toMatchObject({ state: 'cancelled', stateReason: 'found it cheaper' });
      const last = (await timeline(order.id)).findLast((entry) => entry.to === 'cancelled');
      expect(last).toMatchObject({
        from: state,
        to: 'cancelled',
        reason: 'found it cheaper',
        actor: `customer:${customer.id}`,
      });
      await until(
        () => shop.inventory.getAvailability({ skus: [sku] }),
        (answer) => answer.items[0]?.available === 2,
      );
      await until(
        () => shop.wallet.getBalance({ ownerId: customer.id }),
        (answer) => answer.items[0]?.available === 10_000,
      );
      expect(await refusal(shop.api.approveOrder({ orderId: order.id }))).toMatchObject({
        code: 'ILLEGAL_STATE',
        status: 409,
        data: { state: 'cancelled', allowed: [] },
      });
    },
  );

  test('a paid order that is rejected is given back in full, and the order says so', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 2 });
    const customer = await newCustomer(shop, 10_000);
    const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    const { hold } = await confirmOrder(shop, order);
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await shop.api.rejectOrder({ orderId: order.id, reason: 'fraud' });
    const after = await until(
      () => shop.api.getOrder({ orderId: order.id }),
      (one) => one.paymentState === 'refunded',
    );
    expect(after).toMatchObject({ state: 'rejected', payments: { captured: eur(3_490), refunded: eur(3_490) } });
  });

  test('what was shipped cannot be called off', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 2 });
    const customer = await newCustomer(shop, 10_000);
    const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    await confirmOrder(shop, order);
    await shop.api.shipOrder({ orderId: order.id });
    const late = { orderId: order.id, reason: 'late' };
    for (const call of [shop.api.cancelOrder, shop.api.rejectOrder]) {
      const refused = await refusal(call(late));
      expect(refused).toMatchObject({
        code: 'ILLEGAL_STATE',
        data: { state: 'fulfilled', allowed: ['deliver', 'close'] },
      });
    }
  });

  test('the clock cancels what was not confirmed in time, and leaves what is under review', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 2 });
    const customer = await newCustomer(shop);
    const [late, reviewed] = [
      await placeOrder(customer.orders, [{ sku, quantity: 1 }]),
      await placeOrder(customer.orders, [{ sku, quantity: 1 }]),
    ];
    await shop.api.holdOrderForReview({ orderId: reviewed.id, reason: 'unusual' });
    const twoDaysAgo = `UPDATE orders SET state_since = now() - interval '2 days' WHERE id = ANY($1::text[])`;
    await shop.platform.database('orders').run(twoDaysAgo, [[late.id, reviewed.id]]);
    const cancelled = await shop.platform.waitForEvent('order.cancelled', (event) => event.subject === late.id);
    expect(cancelled.data).toMatchObject({
      from: 'placed',
      actor: 'job:cancel-unconfirmed-orders',
    });
    expect(await shop.api.getOrder({ orderId: reviewed.id })).toMatchObject({ state: 'under_review' });
  });
});

test('the audit finds nothing to say after all of this, and finds a state that the timeline does not explain', async () => {
  expect(await shop.api.auditOrders({})).toMatchObject({ consistent: true, problems: [] });
  const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
  const order = await placeOrder(shop.api, [{ sku, quantity: 1 }], {
    paymentMethod: 'cash_on_delivery',
    email: 'a@example.com',
  });
  await shop.platform.database('orders').run(`UPDATE orders SET state = 'confirmed' WHERE id = $1`, [order.id]);
  const found = await shop.api.auditOrders({});
  expect(found.consistent).toBe(false);
  expect(found.problems).toEqual([
    { orderId: order.id, problem: 'it is confirmed; the timeline ends in placed with 1 of 1 entries' },
  ]);
});
