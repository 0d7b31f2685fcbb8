import { startTestPlatform, type TestPlatform } from './platform.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { fraud } from '../../ai/fraud/index.ts';
import { newOrder, openPublisher, created, orderWith } from '../../ai/fraud/testing.ts';

let platform: TestPlatform;
let publisher: Awaited<ReturnType<typeof openPublisher>>;
beforeAll(async () => {
  platform = await startTestPlatform({
    services: [customers, fraud],
    remote: [ordersContract, walletContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' })),
    environment: { FRAUD_DEADLINE_MS: '30000', ERASURE_SERVICES: 'fraud' },
  });
  publisher = await openPublisher(platform.kafka);
});
afterAll(async () => {
  await publisher.close();
  await platform.stop();
});

const rows = (sql: string, customerId: string) => platform.database('fraud').rows<object>(sql, [customerId]);

test('an erased customer’s devices, countries and what people wrote are gone, and it is acknowledged', async () => {
  const api = platform.client(fraudContract);
  const staff = platform.client(customersContract);
  await api.setPolicy({ alwaysReviewFrom: 0 });
  const { id: customerId } = await staff.createCustomer({ email: 'ada@example.com', emailVerified: true });
  const orderId = newOrder();
  await publisher.publish(created(orderId, orderWith({ customerId, shippingCountry: 'FR' })));
  const PLACED = `SELECT country FROM fact WHERE customer_id = $1 AND kind = 'order_placed'`;
  await until(async () => (await rows(PLACED, customerId)).length === 1);
  const score = await api.scoreOrder({
    orderId,
    deviceId: 'phone',
    ipAddress: '203.0.113.7',
    email: 'ada@example.com',
  });
  const reviewId = score.reviewId ?? '';
  await api.decideReview({ reviewId, decision: 'approve', reason: 'Ada rang us' });
  expect(await rows('SELECT 1 FROM sighting WHERE customer_id = $1', customerId)).toHaveLength(3);

  await staff.eraseCustomer({ customerId });
  await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
  expect(await rows('SELECT 1 FROM sighting WHERE customer_id = $1', customerId)).toEqual([]);
  expect(await rows('SELECT 1 FROM fact WHERE customer_id = $1 AND country IS NOT NULL', customerId)).toEqual([]);
  expect(await api.getReview({ reviewId })).toMatchObject({ state: 'approved', reason: null });
  // The decision stays explainable: its numbers say nothing of who it was.
  expect((await api.getScore({ scoreId: score.id })).reasons).toEqual(score.reasons);
});
