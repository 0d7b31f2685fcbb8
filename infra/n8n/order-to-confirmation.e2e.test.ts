import { randomUUID } from 'node:crypto';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { customerWithMoney, openShop, orderUnits, type Shop } from '../faults/shop.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { assignSetting, startJourneyPlatform, submitForm, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

let environment: JourneyPlatform;
let shop: Shop;
let scarce: { sku: string; locationId: string };

beforeAll(async () => {
  // Orders of three pieces wait four seconds for their reviewer, all others a day.
  environment = await startJourneyPlatform((journey) =>
    assignSetting(
      journey,
      'order-to-confirmation',
      'reviewHours',
      '={{ $json.data.lines[0].quantity === 3 ? 0.001 : 24 }}',
    ),
  );
  shop = await openShop(environment.platform, { skus: 1, stock: 1_000, customers: 1 });
  const { skus, locationId } = await openShop(environment.platform, { skus: 1, stock: 2, customers: 0 });
  scarce = { sku: skus[0] ?? '', locationId };
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const client = <Contract extends Parameters<typeof environment.platform.client>[0]>(contract: Contract) =>
  environment.platform.client(contract);
const sku = (): string => shop.skus[0] ?? '';
const buyer = (): string => shop.customers[0] ?? '';
const ofOrder = (orderId: string) => (event: { subject: string }) => event.subject === orderId;
const order = (orderId: string) => client(ordersContract).getOrder({ orderId });

/** Mails about an order, once there are as many as expected. */
const mailsAbout = async (template: string, number: string, count = 1) => {
  const inbox = client(notificationsContract);
  const found = async () =>
    (await inbox.listDevInbox({ template, limit: 200 })).items.filter(({ subject }) => subject.includes(number));
  await until(async () => (await found()).length >= count);
  return found();
};

const audited = async (): Promise<void> => {
  expect(await client(inventoryContract).auditStock({})).toMatchObject({ consistent: true });
  expect(await client(walletContract).auditLedger({})).toMatchObject({ consistent: true });
  expect(await client(ordersContract).auditOrders({})).toMatchObject({ consistent: true });
};

test('an order of a customer with money is confirmed, paid for and told about', async () => {
  const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 2, customerId: buyer() });
  await environment.platform.waitForEvent('order.confirmed', ofOrder(orderId));
  await environment.platform.waitForEvent('order.paid', ofOrder(orderId));
  const confirmed = await order(orderId);
  expect(confirmed).toMatchObject({ state: 'confirmed', paymentState: 'paid', allocationState: 'committed' });
  expect(confirmed.payments.captured).toEqual({ amount: 2_000, currency: 'EUR' });
  expect(await mailsAbout('order-confirmation', confirmed.number)).toHaveLength(1);
  await audited();
});

test('a guest who pays on delivery is confirmed without a hold', async () => {
  const email = `guest-${randomUUID().slice(0, 8)}@example.com`;
  const orderId = await orderUnits(environment.platform, {
    sku: sku(),
    quantity: 1,
    email,
    paymentMethod: 'cash_on_delivery',
  });
  await environment.platform.waitForEvent('order.confirmed', ofOrder(orderId));
  const confirmed = await order(orderId);
  expect(confirmed).toMatchObject({ state: 'confirmed', holdId: null, paymentState: 'due_on_delivery' });
  expect(await mailsAbout('order-confirmation', confirmed.number)).toMatchObject([{ to: email }]);
});

test('an order of more than there is ends in words, and nothing is charged', async () => {
  const { id: quoteId } = await client(ordersContract).createQuote({
    lines: [{ sku: scarce.sku, quantity: 2 }],
    currency: 'EUR',
    customerId: buyer(),
    shippingAddress: { name: 'Late', line1: 'Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  });
  // A quote checks the stock; what breaks after it is found by the reservation.
  await client(inventoryContract).adjustStock({ ...scarce, change: -1, reason: 'damaged' });
  const { id: orderId } = await client(ordersContract).placeOrder({ quoteId });
  await environment.platform.waitForEvent('order.cancelled', ofOrder(orderId));
  const cancelled = await order(orderId);
  expect(cancelled).toMatchObject({ state: 'cancelled', stateReason: 'out of stock' });
  expect(cancelled.payments.captured.amount).toBe(0);
  const [mail] = await mailsAbout('order-cancelled', cancelled.number);
  expect(mail?.text).toContain('out of stock');
  await audited();
});

test('an order that the wallet cannot pay gives its stock back', async () => {
  const poor = await customerWithMoney(environment.platform, `poor-${randomUUID().slice(0, 8)}`, 10);
  const before = await client(inventoryContract).getItem({ sku: sku() });
  const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 1, customerId: poor });
  await environment.platform.waitForEvent('order.cancelled', ofOrder(orderId));
  expect(await order(orderId)).toMatchObject({ state: 'cancelled', stateReason: 'payment declined' });
  await until(async () => (await client(inventoryContract).getItem({ sku: sku() })).reserved === before.reserved);
  expect(await client(inventoryContract).getItem({ sku: sku() })).toMatchObject({ onHand: before.onHand });
  await audited();
});

test('an order that the score refuses outright is rejected without asking anybody', async () => {
  const before = await client(fraudContract).getPolicy({});
  // Every second order is fraud here, looking is dear and refusing is cheap.
  await client(fraudContract).setPolicy({
    expectedFraudRate: 0.5,
    rejectedGoodOrderCost: 0.01,
    neverRejectBelow: 0.5,
    alwaysReviewFrom: 1,
    reviewCosts: [{ amount: 1_000_000, currency: 'EUR' }],
  });
  try {
    const stranger = await customerWithMoney(environment.platform, `stranger-${randomUUID().slice(0, 8)}`, 1_000_000);
    const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 1, customerId: stranger });
    await environment.platform.waitForEvent('order.rejected', ofOrder(orderId));
    const rejected = await order(orderId);
    expect(rejected).toMatchObject({ state: 'rejected', stateReason: 'the fraud score is too high' });
    expect(rejected.payments.captured.amount).toBe(0);
    expect(await mailsAbout('order-rejected', rejected.number)).toHaveLength(1);
    expect((await client(fraudContract).listReviews({ orderId })).items).toEqual([]);
    await audited();
  } finally {
    const { expectedFraudRate, rejectedGoodOrderCost, neverRejectBelow, alwaysReviewFrom, reviewCosts } = before;
    const usual = { expectedFraudRate, rejectedGoodOrderCost, neverRejectBelow, alwaysReviewFrom, reviewCosts };
    await client(fraudContract).setPolicy(usual);
  }
});

describe('risky orders', () => {
  beforeAll(async () => {
    await client(fraudContract).setPolicy({ alwaysReviewFrom: 0.000_001 });
  });
  afterAll(async () => {
    await client(fraudContract).setPolicy({ alwaysReviewFrom: 0.5 });
  });

  /** The link in the e-mail that asks staff for a decision about this order. */
  const reviewForm = async (orderId: string): Promise<string> => {
    await environment.platform.waitForEvent('order.held_for_review', ofOrder(orderId));
    const [mail] = await mailsAbout('staff-order-review', (await order(orderId)).number);
    return /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
  };

  test('a person approves, and the order goes on to the end', async () => {
    const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 1, customerId: buyer() });
    await submitForm(await reviewForm(orderId), { Decision: 'approve', Reason: 'a customer we know' });
    await environment.platform.waitForEvent('order.confirmed', ofOrder(orderId));
    expect(await order(orderId)).toMatchObject({ state: 'confirmed' });
  });

  test('a person rejects, and the customer is told', async () => {
    const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 1, customerId: buyer() });
    await submitForm(await reviewForm(orderId), { Decision: 'reject', Reason: 'the address does not exist' });
    await environment.platform.waitForEvent('order.rejected', ofOrder(orderId));
    const rejected = await order(orderId);
    expect(rejected).toMatchObject({ state: 'rejected', stateReason: 'a person decided against it' });
    expect(await mailsAbout('order-rejected', rejected.number)).toHaveLength(1);
  });

  test('nobody decides in time, and the order is rejected', async () => {
    const orderId = await orderUnits(environment.platform, { sku: sku(), quantity: 3, customerId: buyer() });
    // n8n looks for journeys whose time has come once a minute.
    await until(async () => (await order(orderId)).state === 'rejected');
    const [review] = (await client(fraudContract).listReviews({ orderId, state: 'rejected' })).items;
    expect(review).toMatchObject({ orderId, state: 'rejected' });
    await audited();
  }, 120_000);
});
