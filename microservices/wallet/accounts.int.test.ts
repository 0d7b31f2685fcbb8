import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOrder, newOwner, refusal, remote, usd } from './testing.ts';

let platform: TestPlatform;
let ahead = 0;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const fund = (ownerId: string, amount = eur(100)) => api().topUp({ ownerId, amount, reference: newId('card') });
const pay = (ownerId: string, amount: number) =>
  api().payOut({ ownerId, amount: eur(amount), reference: newId('bank') });
const accountOf = async (ownerId: string) => {
  const [account] = (await api().listAccounts({ ownerId })).items;
  if (!account) throw new Error(`${ownerId} has no account`);
  return account;
};
const noLimits = { perTransfer: null, perDay: null, maxBalance: null };

describe('an account', () => {
  test('is opened once, however often it is asked for', async () => {
    const party = { ownerId: newOwner(), currency: 'EUR' };
    const first = await api().openAccount(party);
    expect(first).toMatchObject({ ...party, balance: 0, available: 0, frozen: false, limits: noLimits });
    expect(await api().openAccount(party)).toEqual(first);
    expect(await api().getAccount({ accountId: first.id })).toEqual(first);
  });

  test('lets nothing out while frozen, but lets money in and pays for what was held before', async () => {
    const ownerId = newOwner();
    await fund(ownerId);
    const hold = await api().authorizeHold({ ownerId, amount: eur(30), reference: newOrder() });
    const { id: accountId } = await accountOf(ownerId);
    expect(await api().freezeAccount({ accountId, reason: 'stolen phone' })).toMatchObject({
      frozen: true,
      freezeReason: 'stolen phone',
    });

    const blocked = [
      () => pay(ownerId, 1),
      () => api().transfer({ fromOwnerId: ownerId, toOwnerId: newOwner(), amount: eur(1), reference: 'x' }),
      () => api().authorizeHold({ ownerId, amount: eur(1), reference: newOrder() }),
    ];
    for (const call of blocked)
      expect(await refusal(call())).toMatchObject({ code: 'ACCOUNT_FROZEN', status: 423, data: { accountId } });
    await fund(ownerId, eur(5));
    expect(await api().captureHold({ holdId: hold.id })).toMatchObject({ state: 'captured' });

    expect(await api().unfreezeAccount({ accountId })).toMatchObject({ frozen: false, freezeReason: null });
    await pay(ownerId, 75);
    const ofAccount = platform
      .events('wallet')
      .filter(({ subject, type }) => subject === accountId && type.includes('freeze'));
    expect(ofAccount.every(({ data }) => !JSON.stringify(data).includes('stolen'))).toBe(true);
    await platform.waitForEvent('wallet.frozen', ({ subject }) => subject === accountId);
    await platform.waitForEvent('wallet.unfrozen', ({ subject }) => subject === accountId);
  });

  test('keeps its limits, and a new day brings new money to spend', async () => {
    const ownerId = newOwner();
    await fund(ownerId, eur(500));
    const { id: accountId } = await accountOf(ownerId);
    await api().setLimits({ accountId, perTransfer: 50, perDay: 80, maxBalance: 500 });
    expect(await refusal(pay(ownerId, 51))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      data: { limit: 'perTransfer', allowed: eur(50) },
    });
    expect(await refusal(fund(ownerId, eur(1)))).toMatchObject({ data: { limit: 'maxBalance', allowed: eur(0) } });
    await pay(ownerId, 50);
    const hold = await api().authorizeHold({ ownerId, amount: eur(30), reference: newOrder() });
    expect(await refusal(pay(ownerId, 1))).toMatchObject({
      data: { limit: 'perDay', allowed: eur(0), requested: eur(1) },
    });
    // A hold that is given up on its day was not spent after all.
    await api().voidHold({ holdId: hold.id });
    await pay(ownerId, 30);
    ahead += 24 * 3_600_000;
    await pay(ownerId, 50);
    await api().setLimits({ accountId, ...noLimits });
    await pay(ownerId, 300);
    await platform.waitForEvent('wallet.limits_changed', ({ subject }) => subject === accountId);
  });

  test('that does not exist is not found', async () => {
    const accountId = newId('acc');
    const calls = [
      () => api().getAccount({ accountId }),
      () => api().freezeAccount({ accountId, reason: 'x' }),
      () => api().unfreezeAccount({ accountId }),
      () => api().setLimits({ accountId, ...noLimits }),
    ];
    for (const call of calls) expect(await refusal(call())).toMatchObject({ code: 'ACCOUNT_NOT_FOUND', status: 404 });
  });

  test('is found by owner, currency and frozen, page by page', async () => {
    const ownerId = newOwner();
    for (const currency of ['EUR', 'USD', 'JPY']) await api().openAccount({ ownerId, currency });
    const page = await api().listAccounts({ ownerId, limit: 2 });
    const rest = await api().listAccounts({ ownerId, limit: 2, cursor: page.nextCursor ?? '' });
    expect([...page.items, ...rest.items].map(({ currency }) => currency).toSorted()).toEqual(['EUR', 'JPY', 'USD']);
    expect(rest.nextCursor).toBeNull();
    const [first] = page.items;
    await api().freezeAccount({ accountId: first?.id ?? '', reason: 'check' });
    expect((await api().listAccounts({ ownerId, frozen: true })).items.map(({ id }) => id)).toEqual([first?.id]);
    expect((await api().listAccounts({ ownerId, frozen: false })).items).toHaveLength(2);
  });
});

describe('a statement', () => {
  test('lists every movement in the order it was posted, with the balance after it', async () => {
    const [ownerId, friend] = [newOwner(), newOwner()];
    await fund(ownerId);
    await api().transfer({ fromOwnerId: ownerId, toOwnerId: friend, amount: eur(10), reference: 'lunch' });
    const hold = await api().authorizeHold({ ownerId, amount: eur(40), reference: 'ord_1' });
    await api().captureHold({ holdId: hold.id });
    await api().refundCapture({ holdId: hold.id, amount: eur(15), reason: 'broken', reference: 'rfd_1' });
    const { items } = await api().getStatement({ ownerId, currency: 'EUR', order: 'oldest' });
    expect(
      items.map(({ sequence, kind, direction, amount, balanceAfter, counterparty }) => [
        sequence,
        kind,
        direction,
        amount,
        balanceAfter,
        counterparty,
      ]),
    ).toEqual([
      [1, 'top_up', 'in', 100, 100, null],
      [2, 'transfer', 'out', 10, 90, friend],
      [3, 'capture', 'out', 40, 50, null],
      [4, 'refund', 'in', 15, 65, null],
    ]);
    const of = async (filter: object) =>
      (await api().getStatement({ ownerId, currency: 'EUR', ...filter })).items.map(({ sequence }) => sequence);
    expect(await of({})).toEqual([4, 3, 2, 1]);
    expect(await of({ direction: 'in' })).toEqual([4, 1]);
    expect(await of({ kind: 'capture' })).toEqual([3]);
    expect(await of({ reference: 'lunch' })).toEqual([2]);
    expect(await of({ to: items[2]?.at })).toEqual(
      items
        .filter(({ at }) => at < (items[2]?.at ?? ''))
        .map(({ sequence }) => sequence)
        .toReversed(),
    );
    expect(await of({ from: '9999-12-31T00:00:00Z' })).toEqual([]);
    expect(await of({ from: '1900-01-01T00:00:00Z' })).toEqual([4, 3, 2, 1]);
    expect(await refusal(of({ from: '0000-01-01T00:00:00Z' }))).toMatchObject({ code: 'INVALID_INPUT', status: 400 });
  });

  test('is paged without losing or repeating a line while new ones arrive', async () => {
    const ownerId = newOwner();
    for (let amount = 1; amount <= 7; amount += 1) await fund(ownerId, eur(amount));
    const read = async (order: 'newest' | 'oldest') => {
      const sequences: number[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await api().getStatement({ ownerId, currency: 'EUR', order, limit: 2, cursor });
        sequences.push(...page.items.map(({ sequence }) => sequence));
        if (page.nextCursor === null) return sequences;
        if (order === 'newest') await fund(ownerId, eur(1));
        cursor = page.nextCursor;
      }
    };
    expect(await read('newest')).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await read('oldest')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const cursor of ['x', '-1', '1e3', '9'.repeat(30)]) {
      expect(await refusal(api().getStatement({ ownerId, currency: 'EUR', cursor }))).toMatchObject({
        code: 'INVALID_CURSOR',
      });
    }
  });

  test('of an owner without a wallet is empty', async () => {
    expect(await api().getStatement({ ownerId: newOwner(), currency: 'EUR' })).toEqual({ items: [], nextCursor: null });
  });
});

test('transfers are found by reference, kind, currency and time, page by page', async () => {
  const reference = newOrder();
  const ownerId = newOwner();
  for (const amount of [eur(1), { amount: 2, currency: 'GBP' }, usd(3)])
    await api().topUp({ ownerId, amount, reference });
  await api().payOut({ ownerId, amount: eur(1), reference });
  const page = await api().listTransfers({ reference, limit: 3 });
  const rest = await api().listTransfers({ reference, limit: 3, cursor: page.nextCursor ?? '' });
  expect([...page.items, ...rest.items].map(({ kind }) => kind)).toEqual(['payout', 'top_up', 'top_up', 'top_up']);
  expect((await api().listTransfers({ reference, kind: 'payout' })).items).toHaveLength(1);
  expect((await api().listTransfers({ reference, currency: 'USD' })).items).toMatchObject([
    { amount: usd(3), toOwnerId: ownerId },
  ]);
  const [newest] = page.items;
  expect((await api().listTransfers({ reference, from: newest?.at })).items.length).toBeGreaterThanOrEqual(1);
  expect((await api().listTransfers({ reference, to: '2000-01-01T00:00:00Z' })).items).toEqual([]);
  expect(await refusal(api().listTransfers({ cursor: 'hld_1' }))).toMatchObject({ code: 'INVALID_CURSOR' });
  expect(await refusal(api().getTransfer({ transferId: newId('trf') }))).toMatchObject({
    code: 'TRANSFER_NOT_FOUND',
    status: 404,
  });
});

test('the platform’s own books are the other side of what owners have', async () => {
  const currency = 'CHF';
  const chf = (amount: number) => ({ amount, currency });
  const ownerId = newOwner();
  await fund(ownerId, chf(100));
  await api().payOut({ ownerId, amount: chf(20), reference: 'bank' });
  const { id: holdId } = await api().authorizeHold({ ownerId, amount: chf(50), reference: newOrder() });
  await api().captureHold({ holdId, amount: chf(30) });
  await api().refundCapture({ holdId, amount: chf(5), reason: 'late', reference: 'rfd' });
  expect((await api().listSystemAccounts({ currency })).items).toEqual([
    { name: 'external', currency, debits: '100', credits: '20' },
    { name: 'refunds', currency, debits: '5', credits: '0' },
    { name: 'sales', currency, debits: '0', credits: '30' },
  ]);
});
