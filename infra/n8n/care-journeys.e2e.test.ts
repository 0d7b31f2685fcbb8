import { randomUUID } from 'node:crypto';
import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { groupsContract } from '../../microservices/groups/contract.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { customerWithMoney, openShop, orderUnits, type Shop } from '../faults/shop.ts';
import type { Journey } from './journeys.ts';
import { assignSetting, startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(50_000);
const HOUR = 3_600_000;

/** The templates that look after customers: a late delivery, an anniversary, their teams. */
let environment: JourneyPlatform;
let shop: Shop;
let ahead = 0;

/** A VIP from two orders on, and an anniversary of all who joined today, looked for every other second. */
const quicker = (journey: Journey): Journey => {
  const changed = assignSetting(
    assignSetting(journey, 'vip-order-late', 'vipFromOrders', 2),
    'anniversary',
    'years',
    0,
  );
  const everyOtherSecond = { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } };
  const nodes = changed.workflow.nodes.map((node) =>
    node.name === 'Every Morning' ? { ...node, parameters: everyOtherSecond } : node,
  );
  // Both give money away, so that a person publishes them: here it is the test.
  return { ...changed, workflow: { ...changed.workflow, nodes, meta: {} } };
};

beforeAll(async () => {
  environment = await startJourneyPlatform(quicker, {
    now: () => new Date(Date.now() + ahead),
    environment: { ORDERS_JOB_INTERVAL_MS: '200', PUSH_ALLOW_PRIVATE: 'loopback', WAIT_POLL_MS: '200' },
  });
  shop = await openShop(environment.platform, { skus: 1, stock: 100, customers: 2, funds: 100_000 });
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const client = <Contract extends Parameters<typeof environment.platform.client>[0]>(contract: Contract) =>
  environment.platform.client(contract);
const mails = (template: string, containing: string) => environment.mails(template, containing);
const balance = async (ownerId: string) =>
  (await client(walletContract).getBalance({ ownerId })).items[0]?.balance ?? 0;

/** An order that was confirmed by its journey and sent, promised for a minute ago. */
const lateOrder = async (customerId: string) => {
  const orderId = await orderUnits(environment.platform, { sku: shop.skus[0] ?? '', quantity: 1, customerId });
  await environment.platform.waitForEvent('order.confirmed', ({ subject }) => subject === orderId);
  const promisedBy = new Date(Date.now() + ahead - 60_000).toISOString();
  const { number } = await client(ordersContract).shipOrder({ orderId, promisedBy });
  return { orderId, number };
};
const waits = async (value: string, state: 'waiting' | 'resumed') =>
  until(
    async () => (await client(eventsContract).listWaits({ value })).items,
    (items) => items.length === 1 && items[0]?.state === state,
  );

test('a VIP whose parcel does not come gets one voucher and an apology; whose parcel comes, and who is no VIP, gets none', async () => {
  const [vip = '', other = ''] = shop.customers;
  const orders = client(ordersContract);
  const first = await lateOrder(vip);
  const single = await lateOrder(other);
  // The first order alone makes no VIP; the second does.
  const ended = async (subject: string) =>
    (await client(eventsContract).listJourneyRuns({ subject, workflowId: 'vip-order-late', state: 'succeeded' })).items;
  await until(async () => (await ended(first.orderId)).length === 1);
  const [late, arrives] = [await lateOrder(vip), await lateOrder(vip)];
  await waits(late.orderId, 'waiting');
  await waits(arrives.orderId, 'waiting');
  await orders.deliverOrder({ orderId: arrives.orderId });
  await waits(arrives.orderId, 'resumed');
  const before = await balance(vip);
  ahead += 25 * HOUR;
  await waits(late.orderId, 'resumed');
  await until(async () => (await mails('delivery-late', late.number)).length === 1);
  expect(await balance(vip)).toBe(before + 500);
  const { items } = await orders.getTimeline({ orderId: late.orderId, limit: 200 });
  expect(items.at(-1)).toMatchObject({
    kind: 'note',
    journey: { workflowId: 'vip-order-late', node: 'Note on Order' },
  });
  for (const { number } of [single, arrives, first]) expect(await mails('delivery-late', number)).toEqual([]);

  // Within 90 days there is no second voucher, and staff look after it.
  const again = await lateOrder(vip);
  await waits(again.orderId, 'waiting');
  ahead += 25 * HOUR;
  await until(async () => (await mails('staff-delivery-late', again.number)).length === 1);
  expect(await balance(vip)).toBeLessThan(before + 500);
  expect(await mails('delivery-late', again.number)).toEqual([]);
}, 180_000);

test('an anniversary is thanked for once with consent, however often the journey runs, and never without', async () => {
  ahead = 0;
  const names = ['willing', 'unwilling'].map((name) => `${name}-${randomUUID().slice(0, 8)}`);
  const [willing = '', unwilling = ''] = await Promise.all(
    names.map((name) => customerWithMoney(environment.platform, name, 0)),
  );
  await client(customersContract).setConsent({
    customerId: willing,
    purpose: 'marketing',
    channel: 'email',
    granted: true,
    source: 'e2e',
  });
  const runs = async () => {
    const { count } = await environment.editor.get<{ count: number }>(
      `/executions?limit=1&filter=${encodeURIComponent(JSON.stringify({ workflowId: 'anniversary', status: ['success'] }))}`,
    );
    return count;
  };
  await until(async () => (await balance(willing)) > 0);
  const seen = await runs();
  await until(async () => (await runs()) >= seen + 3);
  expect([await balance(willing), await balance(unwilling)]).toEqual([500, 0]);
  const about = await client(notificationsContract).listNotifications({ customerId: willing, template: 'anniversary' });
  expect(about.items).toHaveLength(1);
}, 180_000);

test('a team that lacks one member gets time and a reminder; complete, each member is thanked for what was paid', async () => {
  ahead = 0;
  const groups = client(groupsContract);
  const names = ['leader', 'friend', 'alone'].map((name) => `${name}-${randomUUID().slice(0, 8)}`);
  const [leader = '', friend = '', alone = ''] = await Promise.all(
    names.map((name) => customerWithMoney(environment.platform, name, 10_000)),
  );
  const shippingAddress = {
    ...{ name: 'Erika Muster', line1: 'Hauptstr. 1', city: 'Berlin' },
    ...{ postalCode: '10115', country: 'DE' },
  };
  const campaignOf = async (size: number) => {
    const { id: campaignId } = await groups.createCampaign({
      ...{ name: 'Together', sku: shop.skus[0] ?? '', currency: 'EUR', tiers: [{ size, price: 800 }] },
      ...{ teamMinutes: 90, endsAt: new Date(Date.now() + 48 * HOUR).toISOString() },
      startsAt: new Date(Date.now() - HOUR).toISOString(),
    });
    await groups.scheduleCampaign({ campaignId });
    return campaignId;
  };
  const [pair, crowd] = [await campaignOf(2), await campaignOf(5)];
  const team = await groups.openTeam({ campaignId: pair, customerId: leader, shippingAddress });
  const lonely = await groups.openTeam({ campaignId: crowd, customerId: alone, shippingAddress });
  ahead += HOUR / 2 + 60_000;
  await until(async () => (await mails('team-reminder', team.code)).length === 1);
  await until(async () => (await mails('staff-team-rescue', team.code)).length === 1);
  expect(await groups.getTeam({ teamId: team.id })).toMatchObject({ extended: true });

  await groups.joinTeam({ code: team.code, customerId: friend, shippingAddress });
  const { seats } = await until(
    () => groups.getTeam({ teamId: team.id }),
    (found) => found.seats.length === 2 && found.seats.every(({ state }) => state === 'ordered'),
  );
  for (const { orderId } of seats) {
    const { number } = await client(ordersContract).getOrder({ orderId });
    await until(async () => (await mails('team-completed', number)).length === 1);
  }
  expect([await balance(leader), await balance(friend)]).toEqual([9_200, 9_200]);
  // Four are missing there: the rule says no, and nobody is reminded.
  const runs = async () =>
    (
      await client(eventsContract).listJourneyRuns({
        subject: lonely.id,
        workflowId: 'team-rescue',
        state: 'succeeded',
      })
    ).items.length;
  await until(async () => (await runs()) === 1);
  expect(await groups.getTeam({ teamId: lonely.id })).toMatchObject({ extended: false });
  expect(await mails('team-reminder', lonely.code)).toEqual([]);
}, 180_000);

test('who started a bargain is reminded once before its end, unless it was bought', async () => {
  ahead = 0;
  const groups = client(groupsContract);
  const names = ['bargaining', 'buying', 'helping'].map((name) => `${name}-${randomUUID().slice(0, 8)}`);
  const [owner = '', buyer = '', friend = ''] = await Promise.all(
    names.map((name) => customerWithMoney(environment.platform, name, 10_000)),
  );
  const { id: bargainCampaignId } = await groups.createBargainCampaign({
    ...{ name: 'Slash it', sku: shop.skus[0] ?? '', currency: 'EUR', floorPrice: 700, cuts: 3, bargainMinutes: 90 },
    startsAt: new Date(Date.now() - HOUR).toISOString(),
    endsAt: new Date(Date.now() + 48 * HOUR).toISOString(),
  });
  const start = (customerId: string) => groups.startBargain({ bargainCampaignId, customerId });
  const [open, sold] = [await start(owner), await start(buyer)];
  await groups.cutBargain({ code: open.code, customerId: friend });
  await groups.buyBargain({
    bargainId: sold.id,
    shippingAddress: { name: 'Erika Muster', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
  });
  await until(async () => (await groups.getBargain({ bargainId: sold.id })).state === 'bought');
  ahead += HOUR / 2 + 60_000;
  await until(async () => (await mails('bargain-reminder', open.code)).length === 1);
  const [mail] = await mails('bargain-reminder', open.code);
  expect(mail?.text).toContain('2 friends can still cut it');
  await environment.platform.waitForEvent('bargain.expiring', ({ subject }) => subject === open.id);
  expect(await mails('bargain-reminder', sold.code)).toEqual([]);
}, 180_000);
