import { randomUUID } from 'node:crypto';
import { openGroupShop, type GroupShop } from '../../infra/test/group-shop.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { until } from '../chassis/testing/until.ts';
import { groupsContract } from './contract.ts';

// Two instances of all services that know each other only through the database and Kafka, as two processes do.
let shop: GroupShop;
let twin: Awaited<ReturnType<GroupShop['startTwin']>>;
beforeAll(async () => {
  shop = await openGroupShop();
  twin = await shop.startTwin();
});
afterAll(async () => {
  await twin.stop();
  await shop.platform.stop();
});

/** Many customers with wallets, orders and all: on a busy machine that takes its time. */
const LONG_MS = 180_000;

const both = (index: number) =>
  createClient(groupsContract, {
    url: index % 2 === 0 ? shop.platform.url : twin.url,
    credential: shop.platform.adminKey,
    attempts: 8,
  });

const buyers = (count: number) => Promise.all(Array.from({ length: count }, () => shop.buyer()));

/** Money and stock are held for members and for nobody else. */
const expectHeldExactly = async (sku: string, customers: readonly string[], members: number): Promise<void> => {
  await until('what the others held is free', async () => {
    const balances = await Promise.all(customers.map((ownerId) => shop.wallet.getBalance({ ownerId })));
    const holders = balances.filter(({ items }) => (items[0]?.held ?? 0) > 0).length;
    const level = (await shop.inventory.listLevels({ sku })).items[0];
    return holders === members && level?.reserved === members;
  });
  expect(await shop.groups.auditGroups({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.wallet.auditLedger({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
};

test(
  '24 customers race for the last seats of a team over two processes: exactly its size gets in',
  async () => {
    const campaign = await shop.openCampaign({
      tiers: [
        { size: 5, price: 1_900 },
        { size: 12, price: 1_500 },
      ],
    });
    const [leader = '', ...others] = await buyers(25);
    const to = (customerId: string) => ({ customerId, shippingAddress: shop.address });
    const { id: teamId, code } = await shop.groups.openTeam({ campaignId: campaign.id, ...to(leader) });
    const calls = others.map((who, index) =>
      both(index).joinTeam({ code, ...to(who) }, { idempotencyKey: randomUUID() }),
    );
    const outcome = await tally(calls);
    expect(outcome['OK']).toBe(11);
    expect((outcome['TEAM_FULL'] ?? 0) + (outcome['TEAM_ENDED'] ?? 0)).toBe(13);
    const complete = await until(
      'all are ordered',
      () => shop.groups.getTeam({ teamId }),
      ({ seats }) => seats.filter(({ state }) => state === 'ordered').length === 12,
    );
    expect(complete).toMatchObject({ state: 'complete', members: 12, reachedSize: 12 });
    const orders = await Promise.all(complete.seats.map(({ orderId }) => shop.api.getOrder({ orderId })));
    expect(new Set(orders.map(({ totals }) => totals.grandTotal.amount))).toEqual(new Set([1_990]));
    await expectHeldExactly(campaign.sku, [leader, ...others], 0);
  },
  LONG_MS,
);

test(
  'the cap of a campaign holds over all of its teams',
  async () => {
    const campaign = await shop.openCampaign({ tiers: [{ size: 4, price: 1_500 }], stockCap: 7 });
    const customers = await buyers(16);
    const wish = (customerId: string) => ({ campaignId: campaign.id, customerId, shippingAddress: shop.address });
    const calls = customers.map((who, index) => both(index).matchTeam(wish(who), { idempotencyKey: randomUUID() }));
    expect(await tally(calls)).toEqual({ OK: 7, SOLD_OUT: 9 });
    expect(await shop.groups.getCampaign({ campaignId: campaign.id })).toMatchObject({ taken: 7 });
    const { items } = await shop.groups.listTeams({ campaignId: campaign.id });
    expect(items.reduce((sum, { members }) => sum + members, 0)).toBe(7);
    const forming = items.filter(({ state }) => state !== 'complete').reduce((sum, { members }) => sum + members, 0);
    await expectHeldExactly(campaign.sku, customers, forming);
  },
  LONG_MS,
);

test(
  'two requests with one key take one seat',
  async () => {
    const campaign = await shop.openCampaign();
    const customerId = await shop.buyer();
    const input = { campaignId: campaign.id, customerId, shippingAddress: shop.address };
    const idempotencyKey = randomUUID();
    const teams = await Promise.all([0, 1, 2, 3].map((index) => both(index).openTeam(input, { idempotencyKey })));
    expect(new Set(teams.map(({ id }) => id)).size).toBe(1);
    await expectHeldExactly(campaign.sku, [customerId], 1);
  },
  LONG_MS,
);
