import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { startMailServer } from '../../microservices/notifications/testing/mail-server.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { openShop, orderUnits } from '../faults/shop.ts';
import { freePort } from '../process/free-port.ts';
import { startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

let environment: JourneyPlatform;
let port: number;

beforeAll(async () => {
  port = await freePort();
  environment = await startJourneyPlatform(undefined, {
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      NOTIFICATIONS_RETRY_MS: '200',
      NOTIFICATIONS_POLL_MS: '100',
      NOTIFICATIONS_MAX_ATTEMPTS: '100',
    },
  });
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

test('with the mail provider down orders are confirmed, and the customer is told once, when it is back', async () => {
  const { platform } = environment;
  const shop = await openShop(platform, { skus: 1, stock: 10, customers: 1 });
  const customerId = shop.customers[0] ?? '';
  const orderId = await orderUnits(platform, { sku: shop.skus[0] ?? '', quantity: 1, customerId });
  await platform.waitForEvent('order.confirmed', ({ subject }) => subject === orderId);
  const about = async () =>
    (await platform.client(notificationsContract).listNotifications({ customerId, template: 'order-confirmation' }))
      .items;
  await until(async () => (await about()).length === 1);
  expect(await about()).toMatchObject([{ state: 'queued' }]);

  const server = await startMailServer(port);
  try {
    await until(async () => (await about())[0]?.state === 'sent');
    expect(server.received).toHaveLength(1);
  } finally {
    await server.close();
  }
}, 120_000);
