import { publishByHand } from '../../infra/test/events-by-hand.ts';
import { startWithCustomers } from '../../infra/test/with-customers.ts';
import type { TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { until } from '../chassis/testing/until.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { besideCustomers, eur, newOrder, newOwner, refusal, usd } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startWithCustomers(wallet, besideCustomers);
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

const api = () => platform.client(walletContract);
const staff = () => platform.client(customersContract);
const customerWith = async (...amounts: { amount: number; currency: string }[]): Promise<string> => {
  const { id } = await staff().createCustomer({ email: `${newId('cus')}@example.com` });
  for (const amount of amounts) await api().topUp({ ownerId: id, amount, reference: newId('card') });
  return id;
};
const merge = (customerId: string, fromCustomerId: string) => staff().mergeCustomers({ customerId, fromCustomerId });
const balances = async (ownerId: string) =>
  (await api().getBalance({ ownerId })).items.map(({ currency, balance, held }) => [currency, balance, held]);
/** True once the wallet has handled the merge: it takes no more money for the one that ended. */
const isClosed = (ownerId: string) => async () => {
  const { ended } = await platform
    .database('wallet')
    .one<{ ended: string | null }>('SELECT max(ended) AS ended FROM owner WHERE owner_id = $1', [ownerId]);
  return ended !== null;
};

test('all money of a merged customer moves to the one that remains, in every currency, and no more comes', async () => {
  const [from, to] = [await customerWith(eur(50), usd(7)), await customerWith(eur(1))];
  await merge(to, from);
  await until(isClosed(from));
  expect([await balances(from), await balances(to)]).toEqual([
    [
      ['EUR', 0, 0],
      ['USD', 0, 0],
    ],
    [
      ['EUR', 51, 0],
      ['USD', 7, 0],
    ],
  ]);
  const moved = (await api().listTransfers({ reference: `${from}/merged` })).items;
  expect(moved.map(({ fromOwnerId, toOwnerId }) => [fromOwnerId, toOwnerId])).toEqual([
    [from, to],
    [from, to],
  ]);
  expect(new Set(moved.map(({ linkedId }) => linkedId)).size).toBe(1);
  for (const refused of [
    () => api().topUp({ ownerId: from, amount: eur(1), reference: newId('card') }),
    () => api().payOut({ ownerId: from, amount: eur(1), reference: newId('bank') }),
    () => api().openAccount({ ownerId: from, currency: 'GBP' }),
    () => api().authorizeHold({ ownerId: from, amount: eur(1), reference: newOrder() }),
    () => api().transfer({ fromOwnerId: to, toOwnerId: from, amount: eur(1), reference: 'x' }),
  ]) {
    const problem = await refusal(refused());
    expect(problem).toMatchObject({ code: 'OWNER_ENDED', status: 409, data: { ownerId: from, survivorId: to } });
    expect(problem.message).toContain(`merged into ${to}`);
  }
});

test('holds move along: they are captured and refunded for the customer that remains', async () => {
  const [from, to] = [await customerWith(eur(100)), await customerWith()];
  const open = await api().authorizeHold({ ownerId: from, amount: eur(60), reference: newOrder() });
  const paid = await api().authorizeHold({ ownerId: from, amount: eur(10), reference: newOrder() });
  await api().captureHold({ holdId: paid.id });
  await merge(to, from);
  await until(isClosed(from));
  expect(await balances(to)).toEqual([['EUR', 90, 60]]);
  expect(await api().captureHold({ holdId: open.id })).toMatchObject({ ownerId: to, state: 'captured' });
  await api().refundCapture({ holdId: paid.id, amount: eur(10), reason: 'late', reference: newId('rfd') });
  expect([await balances(from), await balances(to)]).toEqual([[['EUR', 0, 0]], [['EUR', 40, 0]]]);
});

test('granted credit moves along and stays what it was', async () => {
  const [from, to] = [await customerWith(eur(100)), await customerWith()];
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const grant = { amount: eur(50), reason: 'welcome', reference: 'welcome' };
  await api().grantCredit({ ownerId: from, ...grant, expiresAt });
  await api().grantCredit({ ownerId: to, ...grant });
  const hold = await api().authorizeHold({ ownerId: from, amount: eur(20), reference: newOrder() });
  await api().captureHold({ holdId: hold.id });
  await merge(to, from);
  await until(isClosed(from));
  expect((await api().getBalance({ ownerId: to })).items).toMatchObject([{ balance: 180, credit: 80 }]);
  const left = (await api().listCredits({ ownerId: to })).items.map(({ expiresAt: at, remaining }) => [
    at,
    remaining.amount,
  ]);
  expect(left).toEqual(
    expect.arrayContaining([
      [null, 50],
      [expiresAt, 30],
    ]),
  );
  expect((await api().listCredits({ ownerId: from })).items).toEqual([]);
});

test('a chain of merges ends at the last customer, in whatever order the wallet hears of them', async () => {
  const [a, b, c] = [await customerWith(eur(1)), await customerWith(eur(10)), await customerWith(eur(100))];
  await merge(b, a);
  await merge(c, b);
  await until(isClosed(a));
  await until(isClosed(b));
  expect([await balances(a), await balances(b), await balances(c)]).toEqual([
    [['EUR', 0, 0]],
    [['EUR', 0, 0]],
    [['EUR', 111, 0]],
  ]);
});

test('a merge frees no money: a freeze stays, and so do limits and what was spent today', async () => {
  const [from, to] = [await customerWith(eur(100)), await customerWith(eur(100))];
  const accountOf = async (ownerId: string) => (await api().listAccounts({ ownerId })).items[0]?.id ?? '';
  await api().setLimits({ accountId: await accountOf(from), perTransfer: 30, perDay: null, maxBalance: null });
  await api().setLimits({ accountId: await accountOf(to), perTransfer: null, perDay: 50, maxBalance: null });
  await api().payOut({ ownerId: from, amount: eur(30), reference: 'bank' });
  await api().freezeAccount({ accountId: await accountOf(from), reason: 'stolen phone' });
  await merge(to, from);
  await until(isClosed(from));
  const accountId = await accountOf(to);
  expect(await api().getAccount({ accountId })).toMatchObject({
    balance: 170,
    frozen: true,
    freezeReason: 'stolen phone',
    limits: { perTransfer: 30, perDay: 50, maxBalance: null },
  });
  await api().unfreezeAccount({ accountId });
  const tooMuch = await refusal(api().payOut({ ownerId: to, amount: eur(21), reference: 'bank' }));
  expect(tooMuch).toMatchObject({ code: 'LIMIT_EXCEEDED', data: { limit: 'perDay', allowed: eur(20) } });
});

test('forty transfers, holds and captures while ten customers are merged: every cent is there once', async () => {
  const owners = await Promise.all(Array.from({ length: 10 }, () => customerWith(eur(100))));
  const survivor = await customerWith();
  const shop = newOwner();
  const holds = await Promise.all(
    owners.map((ownerId) => api().authorizeHold({ ownerId, amount: eur(10), reference: newOrder() })),
  );
  const outcomes = await Promise.allSettled([
    ...owners.map((ownerId) => merge(survivor, ownerId)),
    ...owners.map((fromOwnerId) => api().transfer({ fromOwnerId, toOwnerId: shop, amount: eur(3), reference: 'x' })),
    ...owners.map((ownerId) => api().authorizeHold({ ownerId, amount: eur(5), reference: newOrder() })),
    ...holds.map(({ id: holdId }) => api().captureHold({ holdId })),
  ]);
  for (const ownerId of owners) await until(isClosed(ownerId));
  const unexpected = outcomes.filter(
    (outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code !== 'OWNER_ENDED',
  );
  expect(unexpected).toEqual([]);
  for (const ownerId of owners) expect(await balances(ownerId)).toEqual([['EUR', 0, 0]]);
  const paid = (await api().getBalance({ ownerId: shop })).items[0]?.balance ?? 0;
  expect((await balances(survivor))[0]?.[1]).toBe(1_000 - paid - 100);
});

test('a merge that is said again, under the same or another id, moves nothing again', async () => {
  const [from, to] = [await customerWith(eur(50)), await customerWith()];
  await merge(to, from);
  await until(isClosed(from));
  const said = await platform.waitForEvent('customer.merged', ({ subject }) => subject === to);
  const again = { type: 'customer.merged', subject: to, data: said.data };
  await publishByHand(platform, { domain: 'customers', reader: 'wallet' }, [{ ...again, id: said.id }, again, again]);
  expect([await balances(from), await balances(to)]).toEqual([[['EUR', 0, 0]], [['EUR', 50, 0]]]);
  expect((await api().listTransfers({ reference: `${from}/merged` })).items).toHaveLength(1);
});

test('a merge or an erasure that customers know nothing of moves and closes nothing', async () => {
  const [victim, thief] = [await customerWith(eur(50)), await customerWith()];
  const merged = { customerId: thief, mergedCustomerId: victim };
  const erased = { customerId: victim, alsoKnownAs: [], requestedAt: new Date().toISOString(), services: [] };
  await publishByHand(platform, { domain: 'customers', reader: 'wallet' }, [
    { type: 'customer.merged', subject: thief, data: merged },
    { type: 'customer.erase_requested', subject: victim, data: erased },
  ]);
  await api().topUp({ ownerId: victim, amount: eur(1), reference: 'card' });
  expect([await balances(victim), await balances(thief)]).toEqual([[['EUR', 51, 0]], []]);
});
