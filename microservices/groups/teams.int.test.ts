import { openGroupShop, type GroupShop } from '../../infra/test/group-shop.ts';
import { until } from '../chassis/testing/until.ts';
import { newId } from '../chassis/ids.ts';
import { groupsContract } from './contract.ts';

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

const to = (customerId: string) => ({ customerId, shippingAddress: shop.address });
const open = (campaignId: string, customerId: string) => shop.groups.openTeam({ campaignId, ...to(customerId) });
const team = (teamId: string) => shop.groups.getTeam({ teamId });
const balanceOf = async (ownerId: string) => (await shop.wallet.getBalance({ ownerId })).items[0];
const levelOf = async (sku: string) => (await shop.inventory.listLevels({ sku })).items[0];
const eventsOf = (teamId: string) =>
  shop.platform
    .events('groups')
    .filter(({ subject }) => subject === teamId)
    .map(({ type }) => type);
const settled = (teamId: string) =>
  until(
    `the seats of ${teamId} are settled`,
    () => team(teamId),
    ({ seats }) => seats.every(({ state }) => state === 'ordered' || state === 'released'),
  );

describe('a campaign', () => {
  test('is refused at a price that is not lower, or below the floor, and at a window that ends before it starts', async () => {
    const tiers = (price: number) => ({ tiers: [{ size: 2, price }] });
    await expect(shop.openCampaign(tiers(2_000))).rejects.toMatchObject({ status: 422, code: 'PRICE_TOO_HIGH' });
    await expect(shop.openCampaign(tiers(399))).rejects.toMatchObject({
      code: 'PRICE_BELOW_FLOOR',
      data: { floor: { amount: 400 } },
    });
    await expect(shop.openCampaign({ endsAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'INVALID_WINDOW',
    });
    await expect(
      shop.openCampaign({
        tiers: [
          { size: 3, price: 1_900 },
          { size: 2, price: 1_800 },
        ],
      }),
    ).rejects.toMatchObject({ status: 400 });
  });

  test('is shown beside its product while it is open', async () => {
    const { id, sku, productId } = await shop.openCampaign();
    const nobody = shop.platform.client(groupsContract, { credential: '' });
    const shown = { campaignId: id, fromPrice: { amount: 1_700 }, teamSize: 3, firstSize: 2 };
    expect((await nobody.findOffers({ skus: [sku, 'NONE'] })).items).toMatchObject([shown]);
    expect((await nobody.findOffers({ productIds: [productId] })).items).toMatchObject([shown]);
    await shop.groups.closeCampaign({ campaignId: id });
    expect((await nobody.findOffers({ skus: [sku] })).items).toEqual([]);
    await expect(open(id, await shop.buyer())).rejects.toMatchObject({ status: 409, code: 'CAMPAIGN_NOT_OPEN' });
  });
});

describe('a team', () => {
  test('that is full becomes orders at the price of its tier, and who held more gets the difference back', async () => {
    const { id: campaignId, sku } = await shop.openCampaign();
    const [leader, friend, stranger] = [await shop.buyer(), await shop.buyer(), await shop.buyer()];
    const opened = await open(campaignId, leader);
    expect(opened).toMatchObject({ state: 'open', members: 1, missing: 1, seatsLeft: 2, price: { amount: 1_900 } });
    // 19.00 and 4.90 for the parcel.
    expect(await balanceOf(leader)).toMatchObject({ balance: 10_000, held: 2_390 });
    const joined = await shop.groups.joinTeam({ code: opened.code.toLowerCase(), ...to(friend) });
    expect(joined).toMatchObject({ state: 'forming', members: 2, missing: 1, reachedSize: 2 });
    await expect(shop.groups.leaveTeam({ teamId: opened.id, customerId: friend })).rejects.toMatchObject({
      code: 'TIER_REACHED',
    });
    const full = await shop.groups.matchTeam({ campaignId, ...to(stranger) });
    expect(full).toMatchObject({ id: opened.id, state: 'complete', members: 3, reachedSize: 3, seatsLeft: 0 });

    const { seats } = await settled(opened.id);
    expect(seats.map(({ customerId, price, held, paid }) => [customerId, price, held, paid].map(amountOf))).toEqual(
      [leader, friend, stranger].map((who) => [who, 1_700, 2_390, 2_190]),
    );
    for (const { orderId, customerId } of seats) {
      const order = await shop.api.getOrder({ orderId });
      expect(order).toMatchObject({ state: 'confirmed', customerId, totals: { grandTotal: { amount: 2_190 } } });
      const offer = { campaignId, teamId: opened.id, listPrice: { amount: 2_000 } };
      expect(order.lines).toMatchObject([{ sku, quantity: 1, unitPrice: { amount: 1_700 }, offer }]);
      expect(await balanceOf(customerId ?? '')).toMatchObject({ balance: 7_810, held: 0 });
    }
    expect(await levelOf(sku)).toMatchObject({ onHand: 100, reserved: 0, allocated: 3 });
    await until('all is told', () => eventsOf(opened.id).length === 8);
    expect(eventsOf(opened.id).slice(0, 5)).toEqual([
      'team.opened',
      'team.nearly_full',
      'team.joined',
      'team.joined',
      'team.completed',
    ]);
    const created = await shop.platform.waitForEvent('order.created', ({ subject }) => subject === seats[0]?.orderId);
    expect(created.data).toMatchObject({ offer: { campaignId, teamId: opened.id } });
    await until('the order knows that it is paid', async () => {
      const { paymentState } = await shop.api.getOrder({ orderId: seats[0]?.orderId ?? '' });
      return paymentState === 'paid';
    });
  });

  test('that ends with a tier reached is complete, and without one lets all money and stock go', async () => {
    const { id: campaignId, sku } = await shop.openCampaign();
    const [leader, friend, alone] = [await shop.buyer(), await shop.buyer(), await shop.buyer()];
    const [pair, single] = [await open(campaignId, leader), await open(campaignId, alone)];
    await shop.groups.joinTeam({ code: pair.code, ...to(friend) });
    await shop.platform.waitForEvent('team.opened', ({ subject }) => subject === single.id);
    shop.clock.offset += 1_380 * 60_000 + 60_000;
    await shop.platform.waitForEvent('team.expiring', ({ subject }) => subject === single.id);
    const more = await shop.groups.extendTeam({ teamId: single.id, minutes: 30 });
    expect(Date.parse(more.expiresAt) - Date.parse(single.expiresAt)).toBe(1_800_000);
    await expect(shop.groups.extendTeam({ teamId: single.id, minutes: 30 })).rejects.toMatchObject({
      code: 'ALREADY_EXTENDED',
    });
    shop.clock.offset += 3_600_000;
    expect(await settled(pair.id)).toMatchObject({ state: 'complete', price: { amount: 1_900 } });
    shop.clock.offset += 1_800_000;
    await shop.platform.waitForEvent('team.expired', ({ subject }) => subject === single.id);
    expect(await settled(single.id)).toMatchObject({ state: 'expired', seats: [{ endReason: 'team_expired' }] });
    expect(await balanceOf(leader)).toMatchObject({ balance: 7_610, held: 0 });
    expect(await balanceOf(alone)).toMatchObject({ balance: 10_000, held: 0 });
    expect(await levelOf(sku)).toMatchObject({ reserved: 0, allocated: 2 });
    await expect(shop.groups.joinTeam({ code: single.code, ...to(leader) })).rejects.toMatchObject({
      status: 409,
    });
  });

  test('is led by its longest member when the leader leaves, and ends with the last one', async () => {
    const { id: campaignId } = await shop.openCampaign({ tiers: [{ size: 4, price: 1_500 }] });
    const [leader, second, third] = [await shop.buyer(), await shop.buyer(), await shop.buyer()];
    const { id: teamId, code } = await open(campaignId, leader);
    for (const who of [second, third]) await shop.groups.joinTeam({ code, ...to(who) });
    const leave = (customerId: string) => shop.groups.leaveTeam({ teamId, customerId });
    expect(await leave(leader)).toMatchObject({ leaderId: second, members: 2, seatsLeft: 2 });
    expect(await leave(third)).toMatchObject({ leaderId: second, members: 1 });
    expect(await leave(second)).toMatchObject({ state: 'cancelled', members: 0 });
    expect(await settled(teamId)).toMatchObject({ seats: Array(3).fill({ state: 'released', endReason: 'left' }) });
    expect(await balanceOf(leader)).toMatchObject({ balance: 10_000, held: 0 });
    await until(() => eventsOf(teamId).includes('team.cancelled'));
  });

  test('keeps no place for who cannot pay, nor stock for who gets no place', async () => {
    const { id: campaignId, sku } = await shop.openCampaign({ stockCap: 3 });
    const [leader, poor] = [await shop.buyer(), await shop.buyer(100)];
    const { id: teamId, code } = await open(campaignId, leader);
    await expect(shop.groups.joinTeam({ code, ...to(poor) })).rejects.toMatchObject({
      status: 402,
      code: 'PAYMENT_REFUSED',
      data: { reason: 'insufficient_funds', needed: { amount: 2_390 } },
    });
    await expect(open(campaignId, poor)).rejects.toMatchObject({ code: 'PAYMENT_REFUSED' });
    expect(await team(teamId)).toMatchObject({ members: 1, seatsLeft: 2 });
    await until('the stock is free', async () => (await levelOf(sku))?.reserved === 1);
    await expect(shop.groups.joinTeam({ code, ...to(leader) })).rejects.toMatchObject({ code: 'ALREADY_MEMBER' });
    await expect(open(campaignId, leader)).rejects.toMatchObject({ code: 'SEATS_PER_CUSTOMER' });
    await expect(open(campaignId, newId('cus'))).rejects.toMatchObject({ status: 404, code: 'CUSTOMER_NOT_FOUND' });
    expect(await shop.groups.getCampaign({ campaignId })).toMatchObject({ taken: 1 });
  });

  test('lets go what a joiner held whose process died before the member was counted', async () => {
    const { id: campaignId, sku } = await shop.openCampaign();
    const [leader, lost] = [await shop.buyer(), await shop.buyer()];
    const { id: teamId, seats } = await open(campaignId, leader);
    const orderId = newId('ord');
    // As the process left it: the place is claimed, money and stock are held, and nobody goes on.
    await shop.platform.database('groups').run(
      `INSERT INTO seat (id, team_id, campaign_id, customer_id, state, claim_key, claimed_until, order_id, currency, shown_price, settle_after, created_at)
       SELECT $1, team_id, campaign_id, $2, 'claimed', $1, now() + interval '2 seconds' + $5 * interval '1 millisecond', $3, currency, shown_price, now(), now() FROM seat WHERE id = $4`,
      [newId('sea'), lost, orderId, seats[0]?.id, shop.clock.offset],
    );
    await shop.platform.database('groups').run('UPDATE team SET taken = taken + 1 WHERE id = $1', [teamId]);
    await shop.wallet.authorizeHold({ ownerId: lost, amount: { amount: 2_390, currency: 'EUR' }, reference: orderId });
    await shop.inventory.reserveStock({ ownerId: orderId, lines: [{ sku, quantity: 1 }] });
    await until('the money is free', async () => (await balanceOf(lost))?.held === 0);
    await until('the stock is free', async () => (await levelOf(sku))?.reserved === 1);
    expect(await team(teamId)).toMatchObject({ members: 1, seatsLeft: 2 });
  });

  test('loses a member who is erased, and knows nothing of that person any more', async () => {
    const { id: campaignId } = await shop.openCampaign();
    const [leader, gone] = [await shop.buyer(), await shop.buyer(0)];
    await shop.wallet.grantCredit({
      ownerId: gone,
      amount: { amount: 5_000, currency: 'EUR' },
      reference: 'welcome',
      reason: 'Welcome',
    });
    const { id: teamId, code } = await open(campaignId, gone);
    await shop.groups.joinTeam({ code, ...to(leader) });
    await shop.customers.eraseCustomer({ customerId: gone });
    // The wallet takes back credit that a hold has let go, a minute after the erasure at the latest.
    await shop.platform.waitForEvent('wallet.released', ({ data }) => (data as { ownerId: string }).ownerId === gone);
    shop.clock.offset += 60_000;
    await shop.platform.waitForEvent('customer.erased', ({ subject }) => subject === gone);
    const left = await team(teamId);
    expect(left).toMatchObject({ leaderId: leader, members: 1, reachedSize: 2 });
    expect(JSON.stringify(left)).not.toContain(gone);
  });
});

const amountOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'amount' in value ? value.amount : value;
