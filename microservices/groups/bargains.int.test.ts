import { randomUUID } from 'node:crypto';
import { openGroupShop, type GroupShop } from '../../infra/test/group-shop.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { until } from '../chassis/testing/until.ts';
import { groupsContract } from './contract.ts';
import { commitmentOf, cutsOf } from './policy/cuts.ts';

let shop: GroupShop;
beforeAll(async () => {
  shop = await openGroupShop();
});
afterAll(() => shop.platform.stop());
afterEach(async () => {
  expect(await shop.groups.auditGroups({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.wallet.auditLedger({})).toMatchObject({ consistent: true, problems: [] });
  expect(await shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const DAY_MS = 86_400_000;
const now = () => Date.now() + shop.clock.offset;
/** A campaign for an article of 20.00 EUR that three friends cut down to 14.00. */
const openCampaign = async (
  more: Partial<Parameters<typeof shop.groups.createBargainCampaign>[0]> = {},
  stock = 10,
) => {
  const sku = more.sku ?? (await shop.article(stock));
  return shop.groups.createBargainCampaign({
    ...{ name: 'Slash it', sku, currency: 'EUR', floorPrice: 1_400, cuts: 3 },
    startsAt: new Date(now() - 60_000).toISOString(),
    endsAt: new Date(now() + 30 * DAY_MS).toISOString(),
    ...more,
  });
};
const start = async (bargainCampaignId: string, customerId: string) =>
  shop.groups.startBargain({ bargainCampaignId, customerId });
const cut = async (code: string) => shop.groups.cutBargain({ code, customerId: await shop.buyer(0) });
const buy = (bargainId: string, key = randomUUID()) =>
  shop.groups.buyBargain({ bargainId, shippingAddress: shop.address }, { idempotencyKey: key });
const bargain = (bargainId: string) => shop.groups.getBargain({ bargainId });
const eventsOf = (bargainId: string) => shop.platform.events('groups').filter(({ subject }) => subject === bargainId);
const balanceOf = async (ownerId: string) => (await shop.wallet.getBalance({ ownerId })).items[0];
const levelOf = async (sku: string) => (await shop.inventory.listLevels({ sku })).items[0];

test('three friends cut to the floor, as the seed settled; it is bought at the floor price, and all is told', async () => {
  const { id: campaignId, sku, listPrice } = await openCampaign();
  const owner = await shop.buyer();
  const started = await start(campaignId, owner);
  expect([listPrice, started]).toMatchObject([
    2_000,
    { state: 'running', price: { amount: 2_000 }, seed: null, cutsLeft: 3 },
  ]);
  const nobody = shop.platform.client(groupsContract, { credential: '' });
  const seen = await nobody.getBargainByCode({ code: started.code.toLowerCase() });
  expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['customerId', 'cutList']));
  const cuts = [await cut(started.code), await cut(started.code), await cut(started.code)];
  const won = await bargain(started.id);
  expect(won).toMatchObject({ state: 'won', price: { amount: 1_400 }, cutsLeft: 0, commitment: started.commitment });
  // Whoever checks it: the seed was settled before the first cut, and the cuts come of it.
  expect(commitmentOf(won.seed ?? '')).toBe(started.commitment);
  expect(cuts.map((one) => one.cut.amount.amount)).toEqual(cutsOf(won.seed ?? '', 600, 3));
  await expect(cut(started.code)).rejects.toMatchObject({ status: 409, code: 'FLOOR_REACHED' });

  // 14.00 and 4.90 for the parcel.
  expect(await buy(started.id)).toMatchObject({ state: 'paying' });
  const bought = await until(
    'it is bought',
    () => bargain(started.id),
    ({ state }) => state === 'bought',
  );
  expect(bought.paid).toEqual({ amount: 1_890, currency: 'EUR' });
  const order = await shop.api.getOrder({ orderId: bought.orderId ?? '' });
  expect(order).toMatchObject({ state: 'confirmed', customerId: owner, totals: { grandTotal: { amount: 1_890 } } });
  expect(order.lines).toMatchObject([{ sku, unitPrice: { amount: 1_400 }, offer: { campaignId, teamId: started.id } }]);
  expect(await balanceOf(owner)).toMatchObject({ balance: 8_110, held: 0 });
  expect(await levelOf(sku)).toMatchObject({ reserved: 0, allocated: 1 });
  await shop.platform.waitForEvent('bargain.bought', ({ subject }) => subject === started.id);
  expect(eventsOf(started.id).map(({ type }) => type)).toEqual([
    ...['bargain.started', 'bargain.slashed', 'bargain.slashed', 'bargain.slashed', 'bargain.won', 'bargain.bought'],
  ]);
});

test('it is bought at the present price before the floor is reached; nobody cuts any more', async () => {
  const { id } = await openCampaign();
  const owner = await shop.buyer();
  const started = await start(id, owner);
  const first = await cut(started.code);
  const key = randomUUID();
  const [one, same] = await Promise.all([buy(started.id, key), buy(started.id, key)]);
  expect(one.orderId).toBe(same.orderId);
  await expect(cut(started.code)).rejects.toMatchObject({ status: 409, code: 'BARGAIN_ENDED' });
  await expect(buy(started.id)).rejects.toMatchObject({ code: 'BARGAIN_ENDED' });
  const bought = await until(
    'it is bought',
    () => bargain(started.id),
    ({ state }) => state === 'bought',
  );
  expect(bought.paid?.amount).toBe(2_000 - first.cut.amount.amount + 490);
  expect((await shop.api.listOrders({ customerId: owner })).items).toHaveLength(1);
});

test('a purchase that is refused leaves the bargain as it was, with nothing held', async () => {
  const { id, sku } = await openCampaign();
  const poor = await shop.buyer(100);
  const started = await start(id, poor);
  await expect(buy(started.id)).rejects.toMatchObject({ status: 402, code: 'PAYMENT_REFUSED' });
  expect(await bargain(started.id)).toMatchObject({ state: 'running', orderId: null });
  await until('what was held is free', async () => {
    const [balance, level] = [await balanceOf(poor), await levelOf(sku)];
    return balance?.held === 0 && level?.reserved === 0;
  });
  await shop.wallet.topUp({ ownerId: poor, amount: { amount: 5_000, currency: 'EUR' }, reference: randomUUID() });
  await buy(started.id);
  await until(
    'it is bought',
    () => bargain(started.id),
    ({ state }) => state === 'bought',
  );
});

test('friends who race over two processes cut exactly as often as there are cuts, each once', async () => {
  const twin = await shop.startTwin();
  const { id } = await openCampaign({ cuts: 5 });
  const started = await start(id, await shop.buyer());
  const friends = await Promise.all(Array.from({ length: 12 }, () => shop.buyer(0)));
  const urls = [shop.platform.url, twin.url];
  const both = (index: number) =>
    createClient(groupsContract, { url: urls[index % 2] ?? '', credential: shop.platform.adminKey, attempts: 8 });
  const calls = friends.map((customerId, index) =>
    both(index).cutBargain({ code: started.code, customerId }, { idempotencyKey: randomUUID() }),
  );
  expect(await tally(calls)).toEqual({ OK: 5, FLOOR_REACHED: 7 });
  const { cutList, price } = await bargain(started.id);
  expect([cutList.reduce((sum, { amount }) => sum + amount.amount, 0), price.amount]).toEqual([600, 1_400]);
  expect(new Set(cutList.map(({ customerId }) => customerId)).size).toBe(5);
  await twin.stop();
});

test('a friend cuts once, nobody the own bargain, and a customer starts as many as allowed', async () => {
  const { id } = await openCampaign();
  const [owner, friend] = [await shop.buyer(), await shop.buyer(0)];
  const { code } = await start(id, owner);
  await shop.groups.cutBargain({ code, customerId: friend });
  await expect(shop.groups.cutBargain({ code, customerId: friend })).rejects.toMatchObject({
    ...{ code: 'ALREADY_CUT', data: { number: 1 } },
  });
  await expect(shop.groups.cutBargain({ code, customerId: owner })).rejects.toMatchObject({ code: 'OWN_BARGAIN' });
  await expect(start(id, owner)).rejects.toMatchObject({ code: 'BARGAINS_PER_CUSTOMER', data: { allowed: 1 } });
  await expect(shop.groups.getBargainByCode({ code: 'K7M2QWXR9TBD' })).rejects.toMatchObject({ status: 404 });
});

test('a bargain that nobody buys is told of before its end, and lapses', async () => {
  const { id } = await openCampaign({ bargainMinutes: 90 });
  const started = await start(id, await shop.buyer());
  shop.clock.offset += 31 * 60_000;
  await shop.platform.waitForEvent('bargain.expiring', ({ subject }) => subject === started.id);
  shop.clock.offset += 60 * 60_000;
  await shop.platform.waitForEvent('bargain.lapsed', ({ subject }) => subject === started.id);
  const lapsed = await bargain(started.id);
  expect([lapsed.state, commitmentOf(lapsed.seed ?? '')]).toEqual(['lapsed', started.commitment]);
  await expect(buy(started.id)).rejects.toMatchObject({ code: 'BARGAIN_ENDED', data: { state: 'lapsed' } });
});

test('terms that make no sense are refused in words', async () => {
  await expect(openCampaign({ floorPrice: 2_000 })).rejects.toMatchObject({ code: 'PRICE_TOO_HIGH' });
  await expect(openCampaign({ floorPrice: 399 })).rejects.toMatchObject({ code: 'PRICE_BELOW_FLOOR' });
  await expect(openCampaign({ floorPrice: 1_990, cuts: 11 })).rejects.toMatchObject({
    ...{ code: 'TOO_MANY_CUTS', data: { most: 10 } },
  });
  await expect(openCampaign({ endsAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'INVALID_WINDOW' });
  const { id } = await openCampaign();
  await shop.groups.closeBargainCampaign({ bargainCampaignId: id });
  await expect(shop.groups.closeBargainCampaign({ bargainCampaignId: id })).rejects.toMatchObject({ status: 409 });
  await expect(start(id, await shop.buyer())).rejects.toMatchObject({ code: 'CAMPAIGN_NOT_OPEN' });
});

test('the erasure of who started a bargain ends it, and takes friends off their cuts', async () => {
  const { id } = await openCampaign();
  const [owner, friend] = [await shop.buyer(0), await shop.buyer(0)];
  const started = await start(id, owner);
  await shop.groups.cutBargain({ code: started.code, customerId: friend });
  for (const customerId of [friend, owner]) await shop.customers.eraseCustomer({ customerId });
  const erased = await until(
    'both are forgotten',
    () => bargain(started.id),
    ({ state, cutList, customerId }) =>
      state === 'lapsed' && customerId === null && cutList.every((one) => one.customerId === null),
  );
  expect(erased.cutList).toHaveLength(1);
});
