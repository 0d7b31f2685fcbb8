import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { openShop, orderUnits } from '../faults/shop.ts';
import { startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

const ORDERS = 200;
/** Two orders each: more within minutes would make the fraud score ask for a person. */
const BUYERS = 100;
const FUNDS = 1_000_000;

let environment: JourneyPlatform;

beforeAll(async () => {
  environment = await startJourneyPlatform();
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

test('n8n killed in the middle of 200 journeys and started again: each order confirmed once, every piece and cent in its place', async () => {
  const { platform } = environment;
  const shop = await openShop(platform, { skus: 1, stock: 1_000, customers: BUYERS, funds: FUNDS });
  const sku = shop.skus[0] ?? '';
  const confirmed = () => platform.events('orders').filter(({ type }) => type === 'order.confirmed');
  const placing = Promise.all(
    shop.customers.map(async (customerId) => {
      const placed: string[] = [];
      for (let index = 0; index < ORDERS / BUYERS; index += 1)
        placed.push(await orderUnits(platform, { sku, quantity: 1, customerId }));
      return placed;
    }),
  );
  await until(() => confirmed().length >= ORDERS / 5);
  await environment.restartN8n();
  const placed = (await placing).flat();
  await until(() => new Set(confirmed().map(({ subject }) => subject)).size >= ORDERS);

  expect(
    confirmed()
      .map(({ subject }) => subject)
      .toSorted(),
  ).toEqual(placed.toSorted());
  const notifications = platform.client(notificationsContract);
  const confirmations = async () => {
    const subjects: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await notifications.listDevInbox({
        template: 'order-confirmation',
        limit: 200,
        ...(cursor ? { cursor } : {}),
      });
      subjects.push(...page.items.map(({ subject }) => subject));
      if (page.nextCursor === null) return subjects;
      cursor = page.nextCursor;
    }
  };
  await until(async () => (await confirmations()).length >= ORDERS);
  expect(new Set(await confirmations()).size).toBe(ORDERS);
  expect(await confirmations()).toHaveLength(ORDERS);
  expect(await platform.client(inventoryContract).getItem({ sku })).toMatchObject({
    onHand: 1_000,
    reserved: 0,
    allocated: ORDERS,
  });
  const balances = await Promise.all(
    shop.customers.map((ownerId) => platform.client(walletContract).getBalance({ ownerId })),
  );
  expect(balances.map(({ items: [balance] }) => balance?.available)).toEqual(
    shop.customers.map(() => FUNDS - (ORDERS / BUYERS) * 1_000),
  );
  expect(await platform.client(inventoryContract).auditStock({})).toMatchObject({ consistent: true });
  expect(await platform.client(walletContract).auditLedger({})).toMatchObject({ consistent: true });
  expect(await platform.client(ordersContract).auditOrders({})).toMatchObject({ consistent: true });
}, 300_000);
