import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { until } from '../chassis/testing/until.ts';
import {
  confirmOrder,
  eur,
  newCustomer,
  oneOnSale,
  openShop,
  placeOrder,
  refusal,
  type Order,
  type Shop,
} from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

const PRICE = 1_000;

/** Three units ordered, confirmed, captured, and one of them shipped. */
const partlyShipped = async (paymentMethod: 'wallet' | 'cash_on_delivery' = 'wallet') => {
  const sku = await oneOnSale(shop, { amount: PRICE, stock: 10 });
  const customer = await newCustomer(shop, 100_000);
  const placed = await placeOrder(customer.orders, [{ sku, quantity: 3 }], { paymentMethod });
  const { hold } = await confirmOrder(shop, placed);
  if (hold) {
    await shop.wallet.captureHold({ holdId: hold.id });
    await until(async () => (await order(placed)).paymentState === 'paid');
  }
  const lineId = placed.lines[0]?.lineId ?? '';
  await shop.api.shipOrder({ orderId: placed.id, lines: [{ lineId, quantity: 1 }] });
  return { sku, customer, placed, lineId };
};
const order = ({ id }: Order) => shop.api.getOrder({ orderId: id });
const stockOf = async (sku: string) => {
  const { onHand, available } = await shop.inventory.getItem({ sku });
  return [onHand, available];
};
const balance = async (ownerId: string) =>
  (await shop.wallet.getBalance({ ownerId })).items.find(({ currency }) => currency === 'EUR')?.available ?? 0;
const consistent = async () => {
  expect(await shop.api.auditOrders({})).toMatchObject({ problems: [] });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true });
  expect(await shop.wallet.auditLedger({})).toMatchObject({ consistent: true });
};

describe('the rest of a partly shipped order', () => {
  test('is cancelled: its stock and its money come back, once', async () => {
    const { sku, customer, placed, lineId } = await partlyShipped();
    const before = await balance(customer.id);
    const cancelled = await customer.orders.cancelRest({ orderId: placed.id, reason: 'took too long' });
    expect(cancelled).toMatchObject({ state: 'fulfilled', paymentState: 'partially_refunded', open: [] });
    expect(cancelled.lines).toMatchObject([{ quantity: 3, shipped: 1, cancelled: 2, refundedQuantity: 2 }]);
    expect(cancelled.payments).toMatchObject({ refunded: eur(2 * PRICE), cancelled: eur(2 * PRICE) });
    await until(async () => (await order(placed)).refunds.every(({ state }) => state === 'settled'));
    await until(async () => (await stockOf(sku))[1] === 9);
    expect(await balance(customer.id)).toBe(before + 2 * PRICE);
    const { data } = await shop.platform.waitForEvent('refund.issued', ({ subject }) => subject === placed.id);
    expect(data).toMatchObject({ lines: [{ lineId, quantity: 2, unshipped: 2 }] });
    expect(await refusal(shop.api.cancelRest({ orderId: placed.id, reason: 'again' }))).toMatchObject({
      code: 'ILLEGAL_STATE',
    });
    await shop.api.deliverOrder({ orderId: placed.id });
    expect(await order(placed)).toMatchObject({ state: 'delivered' });
    await consistent();
  });

  test('is cancelled once by 20 requests at the same time', async () => {
    const { sku, placed } = await partlyShipped();
    const calls = Array.from({ length: 20 }, () => shop.api.cancelRest({ orderId: placed.id, reason: 'once' }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await order(placed)).payments.refunded).toEqual(eur(2 * PRICE));
    await until(async () => (await stockOf(sku))[1] === 9);
    await consistent();
  });

  test('is either shipped or cancelled when both are asked at once, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { sku, placed } = await partlyShipped();
      const outcomes = await Promise.allSettled([
        shop.api.shipOrder({ orderId: placed.id }),
        shop.api.cancelRest({ orderId: placed.id, reason: 'at once' }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { lines, open } = await order(placed);
      const [isShipped, isCancelled] = outcomes.map(({ status }) => status === 'fulfilled');
      expect(lines).toMatchObject([{ shipped: isShipped ? 3 : 1, cancelled: isCancelled ? 2 : 0 }]);
      expect(open).toEqual([]);
      await until(async () => (await stockOf(sku))[1] === (isCancelled ? 9 : 7));
    }
    await consistent();
  });

  test('need not be paid any more with cash on delivery', async () => {
    const { placed } = await partlyShipped('cash_on_delivery');
    await shop.api.cancelRest({ orderId: placed.id, reason: 'out of stock' });
    const due = placed.totals.grandTotal.amount - 2 * PRICE;
    expect(
      await refusal(shop.api.deliverOrder({ orderId: placed.id, cashCollected: placed.totals.grandTotal })),
    ).toMatchObject({ code: 'CASH_NOT_DUE', data: { due: eur(due) } });
    const paid = await shop.api.deliverOrder({ orderId: placed.id, cashCollected: eur(due) });
    expect(paid).toMatchObject({ state: 'delivered', paymentState: 'paid', refunds: [] });
    await consistent();
  });

  test('is refunded when its money is captured only after it was cancelled', async () => {
    const sku = await oneOnSale(shop, { amount: PRICE, stock: 10 });
    const customer = await newCustomer(shop, 100_000);
    const placed = await placeOrder(customer.orders, [{ sku, quantity: 3 }]);
    const { hold } = await confirmOrder(shop, placed);
    const lineId = placed.lines[0]?.lineId ?? '';
    await shop.api.shipOrder({ orderId: placed.id, lines: [{ lineId, quantity: 1 }] });
    const cancelled = await shop.api.cancelRest({ orderId: placed.id, reason: 'out of stock' });
    expect([cancelled.refunds, cancelled.payments.cancelled]).toEqual([[], eur(2 * PRICE)]);
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await until(async () => (await order(placed)).refunds.some(({ state }) => state === 'settled'));
    expect((await order(placed)).payments).toMatchObject({
      captured: placed.totals.grandTotal,
      refunded: eur(2 * PRICE),
    });
    expect(await balance(customer.id)).toBe(100_000 - placed.totals.grandTotal.amount + 2 * PRICE);
    await consistent();
  });

  test('makes the order delivered when what was shipped has arrived already', async () => {
    const { placed } = await partlyShipped();
    await shop.api.deliverOrder({ orderId: placed.id });
    expect(await shop.api.cancelRest({ orderId: placed.id, reason: 'rest' })).toMatchObject({ state: 'delivered' });
  });

  test('that staff refunded before is not refunded again', async () => {
    const { placed, lineId } = await partlyShipped();
    await shop.api.refundOrder({ orderId: placed.id, reason: 'late', lines: [{ lineId, quantity: 2 }] });
    const cancelled = await shop.api.cancelRest({ orderId: placed.id, reason: 'rest' });
    expect(cancelled.payments.refunded).toEqual(eur(2 * PRICE));
    await consistent();
  });

  test('is named when the order is closed with it open', async () => {
    const { placed, lineId, sku } = await partlyShipped();
    const open = [{ lineId, sku, quantity: 2, amount: eur(2 * PRICE) }];
    expect(await shop.api.closeOrder({ orderId: placed.id })).toMatchObject({ state: 'closed', open });
    const { data } = await shop.platform.waitForEvent('order.closed', ({ subject }) => subject === placed.id);
    expect(data).toMatchObject({ open });
  });

  test('is cancelled by whom the order belongs to, by the shop, and by nobody else', async () => {
    const { placed } = await partlyShipped();
    const stranger = await newCustomer(shop);
    for (const client of [stranger.orders, shop.guest])
      expect(await refusal(client.cancelRest({ orderId: placed.id, reason: 'mine' }))).toMatchObject({ status: 404 });
  });
});

test('an order of which nothing was shipped has no rest to cancel', async () => {
  const sku = await oneOnSale(shop, { amount: PRICE, stock: 10 });
  const placed = await placeOrder((await newCustomer(shop)).orders, [{ sku, quantity: 1 }]);
  expect(await refusal(shop.api.cancelRest({ orderId: placed.id, reason: 'all' }))).toMatchObject({
    code: 'ILLEGAL_STATE',
    data: { state: 'placed' },
  });
});

describe('a credit note', () => {
  test('has a number of its own, net and tax by rate, in the refund and in its event', async () => {
    const { placed, lineId } = await partlyShipped();
    const lines = [{ lineId, quantity: 1, unshipped: 0 }];
    const one = await shop.api.refundOrder({ orderId: placed.id, reason: 'torn', lines });
    expect(one.number).toMatch(/^CN-[0-9]{6}$/);
    expect([one.amount, one.net]).toEqual([eur(1_000), eur(840)]);
    expect(one.taxes).toEqual([{ category: 'standard', rate: 1_900, base: eur(840), tax: eur(160) }]);
    const { data } = await shop.platform.waitForEvent('refund.issued', ({ subject }) => subject === placed.id);
    expect(data).toMatchObject({ creditNote: one.number, net: one.net, taxes: one.taxes, lines: [{ unshipped: 0 }] });
    const rest = await shop.api.refundOrder({
      orderId: placed.id,
      reason: 'all',
      lines: [{ lineId }],
      shipping: eur(490),
    });
    expect(rest.number).not.toBe(one.number);
    const taxes = [one, rest].flatMap((refund) => refund.taxes ?? []);
    expect(taxes.reduce((sum, { tax }) => sum + tax.amount, 0)).toBe(placed.totals.tax.amount);
    expect((await order(placed)).refunds).toMatchObject([{ number: one.number }, { number: rest.number }]);
    await consistent();
  });

  test('is made for what the wallet refunds by itself too', async () => {
    const sku = await oneOnSale(shop, { amount: PRICE, stock: 10 });
    const customer = await newCustomer(shop, 100_000);
    const placed = await placeOrder(customer.orders, [{ sku, quantity: 3 }]);
    const { hold } = await confirmOrder(shop, placed);
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await until(async () => (await order(placed)).paymentState === 'paid');
    await shop.api.cancelOrder({ orderId: placed.id, reason: 'changed my mind' });
    await until(async () => (await order(placed)).refunds.length === 1);
    const [refund] = (await order(placed)).refunds;
    expect(refund).toMatchObject({ amount: placed.totals.grandTotal, taxes: placed.taxes });
    expect(refund?.number).toMatch(/^CN-/);
  });
});
