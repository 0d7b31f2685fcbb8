import { until } from '../../microservices/chassis/testing/until.ts';
import {
  eur,
  newCustomer,
  oneOnSale,
  openShop,
  placeOrder,
  refusal,
  type Order,
  type Shop,
} from '../../microservices/orders/testing.ts';
import { paymentsContract } from '../../microservices/payments/contract.ts';
import { startShopPlatform } from './shop-platform.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop((options) =>
    startShopPlatform({ ...options, environment: { ...options.environment, PAYMENTS_JOB_INTERVAL_MS: '50' } }),
  );
});
afterAll(() => shop.platform.stop());

const payments = (credential?: string) =>
  shop.platform.client(paymentsContract, credential === undefined ? undefined : { credential });

/** An order of one article, to be paid by card, with its stock reserved. */
const placed = async () => {
  const sku = await oneOnSale(shop, { amount: 2_000, stock: 10 });
  const customer = await newCustomer(shop);
  const order = await placeOrder(customer.orders, [{ sku, quantity: 2 }], { paymentMethod: 'card' });
  await shop.api.approveOrder({ orderId: order.id });
  const lines = [{ sku, quantity: 2 }];
  const { id: reservationId } = await shop.inventory.reserveStock({ ownerId: order.id, lines });
  return { customer, order, reservationId };
};
const paymentStateOf = async ({ id: orderId }: Order) => (await shop.api.getOrder({ orderId })).paymentState;
const becomes = (order: Order, state: string) =>
  until(`the payment of the order is ${state}`, async () => (await paymentStateOf(order)) === state);

test('a customer pays an order by card; it is confirmed, paid, and partly refunded', async () => {
  const { customer, order, reservationId } = await placed();
  const { id: orderId } = order;
  expect(await refusal(shop.api.confirmOrder({ orderId, reservationId }))).toMatchObject({
    code: 'PAYMENT_NOT_USABLE',
    data: { paymentId: null },
  });
  const own = payments(customer.token);
  const { id: paymentId, amount } = await own.createPayment({ orderId });
  expect(amount).toEqual(order.totals.grandTotal);
  expect(await refusal(shop.api.confirmOrder({ orderId, reservationId, paymentId }))).toMatchObject({
    code: 'PAYMENT_NOT_USABLE',
    data: { paymentId, state: 'pending' },
  });
  await own.authorizePayment({ paymentId, token: 'tok_pays' });
  await shop.api.confirmOrder({ orderId, reservationId, paymentId });
  expect(await paymentStateOf(order)).toBe('authorized');
  await payments().capturePayment({ paymentId });
  const paid = await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === orderId);
  expect(paid.data).toMatchObject({ paymentMethod: 'card', amount });
  await becomes(order, 'paid');

  const lines = [{ lineId: order.lines[0]?.lineId ?? '', quantity: 1 }];
  await shop.api.refundOrder({ orderId, lines, reason: 'one is broken' });
  await shop.platform.waitForEvent('payment.refunded', ({ subject }) => subject === paymentId);
  await until('the refund is settled', async () =>
    (await shop.api.getOrder({ orderId })).refunds.every(({ state }) => state === 'settled'),
  );
  expect(await payments().getPayment({ paymentId })).toMatchObject({ refunded: eur(2_000) });
});

test('the payment of another customer’s order is not to be had', async () => {
  const { order } = await placed();
  const stranger = payments((await newCustomer(shop)).token);
  expect(await refusal(stranger.createPayment({ orderId: order.id }))).toMatchObject({ code: 'ORDER_NOT_FOUND' });
  const { id: paymentId } = await payments().createPayment({ orderId: order.id });
  expect(await refusal(stranger.getPayment({ paymentId }))).toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
  expect(await refusal(stranger.authorizePayment({ paymentId, token: 'tok_pays' }))).toMatchObject({
    code: 'PAYMENT_NOT_FOUND',
  });
});

test('an order that is cancelled gives back what was held and what was taken, once', async () => {
  const [held, taken] = [await placed(), await placed()];
  const ids: string[] = [];
  for (const { order } of [held, taken]) {
    const { id: paymentId } = await payments().createPayment({ orderId: order.id });
    await payments().authorizePayment({ paymentId, token: 'tok_times_out' });
    ids.push(paymentId);
  }
  const [heldId = '', takenId = ''] = ids;
  await payments().capturePayment({ paymentId: takenId });
  for (const { order } of [held, taken]) await shop.api.cancelOrder({ orderId: order.id, reason: 'changed my mind' });
  await shop.platform.waitForEvent('payment.voided', ({ subject }) => subject === heldId);
  await shop.platform.waitForEvent('payment.refunded', ({ subject }) => subject === takenId);
  expect(await payments().getPayment({ paymentId: takenId })).toMatchObject({
    state: 'refunded',
    refunded: taken.order.totals.grandTotal,
  });
  await becomes(held.order, 'voided');
  await becomes(taken.order, 'refunded');
  expect(await refusal(payments().createPayment({ orderId: held.order.id }))).toMatchObject({
    code: 'NOTHING_TO_PAY',
  });
});
