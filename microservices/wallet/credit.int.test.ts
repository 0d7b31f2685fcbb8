import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { until } from '../chassis/testing/until.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOrder, newOwner, refusal, remote, usd } from './testing.ts';

const DAY_MS = 86_400_000;
let platform: TestPlatform;
let ahead = 0;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

const api = () => platform.client(walletContract);
const inDays = (days: number) => new Date(Date.now() + ahead + days * DAY_MS).toISOString();
const grant = (ownerId: string, amount: number, reference: string, days?: number) =>
  api().grantCredit({
    ownerId,
    amount: eur(amount),
    reason: 'a late delivery',
    reference,
    ...(days === undefined ? {} : { expiresAt: inDays(days) }),
  });
const balanceOf = async (ownerId: string) => (await api().getBalance({ ownerId, currency: 'EUR' })).items[0];
const pay = async (ownerId: string, amount: number): Promise<void> => {
  const hold = await api().authorizeHold({ ownerId, amount: eur(amount), reference: newOrder() });
  await api().captureHold({ holdId: hold.id });
};
const leftOf = async (ownerId: string) =>
  Object.fromEntries((await api().listCredits({ ownerId })).items.map((one) => [one.reference, one.remaining.amount]));

test('credit is granted once for each reference, as the shop’s expense', async () => {
  const ownerId = newOwner();
  const { credit, balance } = await grant(ownerId, 500, 'birthday-2026', 30);
  expect(balance).toEqual({ currency: 'EUR', balance: 500, held: 0, available: 500, credit: 500 });
  expect(credit).toMatchObject({ ownerId, amount: eur(500), remaining: eur(500), state: 'active' });
  expect(await grant(ownerId, 500, 'birthday-2026')).toEqual({ credit, balance });
  expect(await refusal(grant(ownerId, 600, 'birthday-2026'))).toMatchObject({ code: 'REFERENCE_USED', status: 409 });
  const event = await platform.waitForEvent('wallet.credit_granted', ({ subject }) => subject === credit.accountId);
  expect(event.data).toMatchObject({ creditId: credit.id, ownerId, amount: eur(500), expiresAt: credit.expiresAt });
  expect(JSON.stringify(event)).not.toContain('late delivery');
  const { items } = await api().listSystemAccounts({ currency: 'EUR' });
  expect(items.find(({ name }) => name === 'credits')).toMatchObject({ debits: '500' });
});

test('credit pays for orders before other money, and can neither be transferred nor paid out', async () => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
  await grant(ownerId, 50, 'welcome');
  const out = [
    () => api().payOut({ ownerId, amount: eur(101), reference: 'bank' }),
    () => api().transfer({ fromOwnerId: ownerId, toOwnerId: newOwner(), amount: eur(101), reference: 'x' }),
  ];
  for (const way of out) {
    const refused = await refusal(way());
    expect(refused).toMatchObject({ code: 'INSUFFICIENT_FUNDS', data: { available: eur(100) } });
    expect(refused.message).toContain('besides 0.50 EUR of credit, which only pays for orders');
  }
  await pay(ownerId, 30);
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 120, credit: 20 });
  await api().payOut({ ownerId, amount: eur(100), reference: 'bank' });
  await pay(ownerId, 20);
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 0, credit: 0 });
});

test('a refund gives credit back as credit: buying and returning turns it into no money', async () => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
  await grant(ownerId, 50, 'welcome', 30);
  const hold = await api().authorizeHold({ ownerId, amount: eur(80), reference: newOrder() });
  await api().captureHold({ holdId: hold.id });
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 70, credit: 0 });
  const refund = (amount: number, reference: string) =>
    api().refundCapture({ holdId: hold.id, amount: eur(amount), reason: 'returned', reference });
  await refund(20, 'first');
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 90, credit: 20 });
  await refund(60, 'second');
  await refund(60, 'second');
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 150, credit: 50 });
  expect(await leftOf(ownerId)).toEqual({ welcome: 0, first: 20, second: 30 });
  expect(await refusal(api().payOut({ ownerId, amount: eur(101), reference: 'bank' }))).toMatchObject({ status: 402 });
});

test('what expires first is spent first; what is left at its expiry is taken back', async () => {
  const ownerId = newOwner();
  await grant(ownerId, 100, 'later', 10);
  await pay(ownerId, 10);
  await grant(ownerId, 100, 'sooner', 5);
  await grant(ownerId, 100, 'for-ever');
  await pay(ownerId, 60);
  expect(await leftOf(ownerId)).toEqual({ 'for-ever': 100, sooner: 40, later: 90 });
  ahead += 6 * DAY_MS;
  await until('the job took it back', async () => (await balanceOf(ownerId))?.balance === 190);
  expect(await leftOf(ownerId)).toEqual({ 'for-ever': 100, sooner: 0, later: 90 });
  const expired = await platform.waitForEvent(
    'wallet.credit_expired',
    ({ data }) => (data as { ownerId: string }).ownerId === ownerId,
  );
  expect(expired.data).toMatchObject({ reference: 'sooner', amount: eur(40) });
  await pay(ownerId, 90);
  ahead += 6 * DAY_MS;
  await pay(ownerId, 100);
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 0, credit: 0 });
  expect((await api().listCredits({ ownerId })).items.map(({ state }) => state)).toEqual(['spent', 'expired', 'spent']);
});

test('credit that an order holds outlives its expiry until the hold ends', async () => {
  const ownerId = newOwner();
  await grant(ownerId, 100, 'campaign', 2);
  const paid = await api().authorizeHold({
    ownerId,
    amount: eur(30),
    reference: newOrder(),
    expiresInSeconds: 900_000,
  });
  const given = await api().authorizeHold({
    ownerId,
    amount: eur(20),
    reference: newOrder(),
    expiresInSeconds: 900_000,
  });
  ahead += 3 * DAY_MS;
  await until('the rest is taken back', async () => (await balanceOf(ownerId))?.balance === 50);
  await api().captureHold({ holdId: paid.id });
  await api().voidHold({ holdId: given.id });
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 20, credit: 20 });
  ahead += 120_000;
  await until('what was released is taken back', async () => (await balanceOf(ownerId))?.balance === 0);
});

test('of twenty grants at once no more than the owner may have within the period are made', async () => {
  const ownerId = newOwner();
  const capped = (reference: string) =>
    api().grantCredit({ ownerId, amount: eur(5), reason: 'x', reference, atMost: eur(50), periodDays: 30 });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => capped(`reward-${index}`)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  const refused = await refusal(capped('reward-more'));
  expect(refused).toMatchObject({
    code: 'CREDIT_LIMIT_REACHED',
    status: 409,
    data: { granted: eur(50), atMost: eur(50) },
  });
  expect(refused.message).toContain('was granted 0.50 EUR within 30 days');
  expect(await balanceOf(ownerId)).toMatchObject({ balance: 50 });
  ahead += 31 * DAY_MS;
  await capped('reward-next-month');
});

test('bad grants are refused in words', async () => {
  const good = { ownerId: newOwner(), amount: eur(5), reason: 'x', reference: 'r' };
  const past = await refusal(api().grantCredit({ ...good, expiresAt: inDays(-1) }));
  expect(past).toMatchObject({ code: 'EXPIRY_PASSED', status: 422 });
  const mixed = await refusal(api().grantCredit({ ...good, atMost: usd(50) }));
  expect(mixed).toMatchObject({
    status: 400,
    message: expect.stringContaining('atMost and amount need the same currency') as string,
  });
  const nobody = await refusal(api().grantCredit({ ...good, ownerId: 'ann@example.com' }));
  expect(nobody).toMatchObject({ status: 400 });
});
