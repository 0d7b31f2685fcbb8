import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openGroupShop, type GroupShop } from '../../infra/test/group-shop.ts';
import { createClient } from '../chassis/client.ts';
import { Problem } from '../chassis/problem.ts';
import { until } from '../chassis/testing/until.ts';
import { groupsContract } from './contract.ts';

let shop: GroupShop;
let served: ChildProcess | undefined;
beforeAll(async () => {
  shop = await openGroupShop({ groupsApart: true });
});
afterEach(() => kill());
afterAll(async () => {
  await shop.platform.stop();
});

const KILLS = Number(process.env['GROUPS_KILLS'] ?? 3);
const TEAMS_EACH = 2;
const DAY_MS = 86_400_000;

/** The groups service in a process of its own, whose clock is `laterMs` ahead. */
const start = async (laterMs: number) => {
  const { databaseUrl, kafka, access } = shop.host;
  served = spawn(process.execPath, [fileURLToPath(new URL('../../infra/test/group-process.ts', import.meta.url))], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      GROUPS_JOB_INTERVAL_MS: '20',
      DATABASE_URL: databaseUrl,
      KAFKA: kafka[0],
      ACCESS: JSON.stringify(access),
      REMOTE_URL: shop.platform.url,
      LATER_MS: String(laterMs),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!served.stdout) throw new Error('the output of the process is read');
  for await (const line of createInterface({ input: served.stdout }))
    if (line.startsWith('serves '))
      return createClient(groupsContract, {
        url: line.slice('serves '.length),
        credential: access.adminKey,
        attempts: 2,
      });
  throw new Error('the process ended before it served');
};
type Groups = Awaited<ReturnType<typeof start>>;

const kill = async (): Promise<void> => {
  const dying = served;
  dying?.kill('SIGKILL');
  if (dying && dying.exitCode === null && dying.signalCode === null) await once(dying, 'exit');
};

/** A pair of customers who want one team; the second of a lonely pair never comes. */
interface Pair {
  leader: string;
  friend: string;
  lonely: boolean;
  keys: [string, string];
}

const newPair = async (lonely: boolean): Promise<Pair> => ({
  leader: await shop.buyer(),
  friend: await shop.buyer(),
  lonely,
  keys: [randomUUID(), randomUUID()],
});

/** Sends the pair's requests as a client does that repeats them under the same keys. */
const form = async (groups: Groups, campaignId: string, { leader, friend, lonely, keys }: Pair): Promise<void> => {
  const to = (customerId: string) => ({ customerId, shippingAddress: shop.address });
  const { code } = await groups.openTeam({ campaignId, ...to(leader) }, { idempotencyKey: keys[0] });
  if (!lonely) await groups.joinTeam({ code, ...to(friend) }, { idempotencyKey: keys[1] });
};

test('kill -9 at random instants: each team ends one way, and each member is charged once or not at all', async () => {
  let groups = await start(0);
  const campaign = await shop.openCampaign({ tiers: [{ size: 2, price: 1_500 }], seatsPerCustomer: 2 }, groups);
  const pairs: Pair[] = [];
  for (let kills = 0; kills < KILLS; kills += 1) {
    const fresh = await Promise.all(Array.from({ length: TEAMS_EACH }, (_, index) => newPair(index % 2 === 1)));
    pairs.push(...fresh);
    const forming = fresh.map((pair) => form(groups, campaign.id, pair).catch(() => undefined));
    await sleep(randomInt(20, 700));
    await kill();
    await Promise.all(forming);
    groups = await start(0);
  }
  // Clients repeat what they got no answer to; a place that was given up meanwhile is refused in words.
  for (const pair of pairs)
    await form(groups, campaign.id, pair).catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 409)) throw error;
    });
  await sleep(randomInt(0, 300));
  await kill();
  // Everybody was away when the teams of the lonely ended.
  groups = await start(2 * DAY_MS);

  const customers = pairs.flatMap(({ leader, friend }) => [leader, friend]);
  const teams = await until(
    'all teams have ended and all seats are settled',
    async () => {
      const { items } = await groups.listTeams({ campaignId: campaign.id, limit: 200 });
      return Promise.all(items.map(({ id: teamId }) => groups.getTeam({ teamId })));
    },
    (all) =>
      all.every(
        ({ state, seats }) =>
          ['complete', 'expired', 'cancelled'].includes(state) &&
          seats.every((seat) => seat.state === 'ordered' || seat.state === 'released'),
      ),
  );
  const seats = teams.flatMap((team) => team.seats);
  for (const customerId of customers) {
    const ordered = seats.filter((seat) => seat.customerId === customerId && seat.state === 'ordered');
    const paid = ordered.reduce((sum, seat) => sum + (seat.paid?.amount ?? 0), 0);
    const [account] = (await shop.wallet.getBalance({ ownerId: customerId })).items;
    expect(account).toMatchObject({ balance: 10_000 - paid, held: 0 });
    const { items } = await shop.api.listOrders({ customerId });
    expect(items.map(({ id, state, grandTotal }) => [id, state, grandTotal.amount]).toSorted()).toEqual(
      ordered.map(({ orderId }) => [orderId, 'confirmed', 1_990]).toSorted(),
    );
  }
  const together = pairs.filter(({ lonely }) => !lonely).map(({ leader }) => leader);
  const leadersWithOrder = seats.filter(
    ({ state, customerId }) => state === 'ordered' && together.includes(customerId ?? ''),
  );
  expect(leadersWithOrder).toHaveLength(together.length);
  const [level] = (await shop.inventory.listLevels({ sku: campaign.sku })).items;
  expect(level).toMatchObject({ reserved: 0, allocated: seats.filter(({ state }) => state === 'ordered').length });
  expect(await groups.auditGroups({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.wallet.auditLedger({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
}, 600_000);

test('kill -9 while bargains are bought: each is bought once, and charged once', async () => {
  let groups = await start(0);
  const { id: bargainCampaignId, sku } = await groups.createBargainCampaign({
    ...{ name: 'Slash it', sku: await shop.article(100), currency: 'EUR', floorPrice: 1_400, cuts: 3 },
    startsAt: new Date(Date.now() - DAY_MS).toISOString(),
    endsAt: new Date(Date.now() + DAY_MS).toISOString(),
  });
  const bargains: { bargainId: string; customerId: string; idempotencyKey: string }[] = [];
  const buy = ({ bargainId, idempotencyKey }: (typeof bargains)[number]) =>
    groups.buyBargain({ bargainId, shippingAddress: shop.address }, { idempotencyKey });
  for (let kills = 0; kills < KILLS; kills += 1) {
    const fresh = await Promise.all(
      Array.from({ length: TEAMS_EACH }, async () => {
        const customerId = await shop.buyer();
        const { id: bargainId } = await groups.startBargain({ bargainCampaignId, customerId });
        return { bargainId, customerId, idempotencyKey: randomUUID() };
      }),
    );
    bargains.push(...fresh);
    const buying = fresh.map((one) => buy(one).catch(() => undefined));
    await sleep(randomInt(20, 700));
    await kill();
    await Promise.all(buying);
    groups = await start(0);
  }
  const unlessRefused = (error: unknown): void => {
    if (!(error instanceof Problem && error.status === 409)) throw error;
  };
  // Clients repeat what they got no answer to, under the same key.
  for (const one of bargains)
    await until(`${one.bargainId} is bought`, async () => {
      const { state } = await groups.getBargain({ bargainId: one.bargainId });
      if (state === 'running' || state === 'buying') await buy(one).catch(unlessRefused);
      return state === 'bought';
    });
  for (const { customerId } of bargains) {
    const [account] = (await shop.wallet.getBalance({ ownerId: customerId })).items;
    // 20.00, and 4.90 for the parcel.
    expect(account).toMatchObject({ balance: 7_510, held: 0 });
    expect((await shop.api.listOrders({ customerId })).items).toMatchObject([{ state: 'confirmed' }]);
  }
  const [level] = (await shop.inventory.listLevels({ sku })).items;
  expect(level).toMatchObject({ reserved: 0, allocated: bargains.length });
  expect(await groups.auditGroups({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.wallet.auditLedger({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
}, 600_000);
