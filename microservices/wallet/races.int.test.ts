import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { tally } from '../chassis/testing/tally.ts';
import { until } from '../chassis/testing/until.ts';
import { eur, newOrder, newOwner, remote } from './testing.ts';

// Two instances of the service that know each other only through the database and Kafka, as two processes do.
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const api = () => platform.client(walletContract);
const other = () => createClient(walletContract, { url: twin.url, credential: platform.adminKey });
const both = (index: number) => (index % 2 === 0 ? api() : other());
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote, now });
  twin = await startTwin(platform, { services: [wallet], remote, now });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

const fund = async (amount: number): Promise<string> => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(amount), reference: 'card' });
  return ownerId;
};
const balanceOf = async (ownerId: string) => (await api().getBalance({ ownerId, currency: 'EUR' })).items[0];

describe('spending all at once', () => {
  test('50 transfers of 10 from 100: exactly 10 succeed', async () => {
    const [payer, receiver] = [await fund(100), newOwner()];
    const pay = (index: number) =>
      both(index).transfer({ fromOwnerId: payer, toOwnerId: receiver, amount: eur(10), reference: 'race' });
    expect(await tally(times(50, pay))).toEqual({ OK: 10, INSUFFICIENT_FUNDS: 40 });
    expect(await balanceOf(payer)).toMatchObject({ balance: 0, available: 0 });
    expect(await balanceOf(receiver)).toMatchObject({ balance: 100 });
  });

  test('40 holds of 10 on 100: exactly 10 succeed, and 30 failures are announced', async () => {
    const ownerId = await fund(100);
    const references = times(40, newOrder);
    const hold = (index: number) =>
      both(index).authorizeHold({ ownerId, amount: eur(10), reference: references[index] ?? '' });
    expect(await tally(times(40, hold))).toEqual({ OK: 10, INSUFFICIENT_FUNDS: 30 });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100, held: 100, available: 0 });
    const isOurs = ({ type, subject }: { type: string; subject: string }): boolean =>
      type === 'payment.failed' && references.includes(subject);
    await until(() => platform.events('wallet').filter(isOurs).length === 30);
  });

  test('holds, payouts and transfers together never take more than there is', async () => {
    const ownerId = await fund(100);
    const spend = [
      (index: number) => both(index).authorizeHold({ ownerId, amount: eur(7), reference: newOrder() }),
      (index: number) => both(index).payOut({ ownerId, amount: eur(7), reference: `bank-${index}` }),
      (index: number) =>
        both(index).transfer({ fromOwnerId: ownerId, toOwnerId: newOwner(), amount: eur(7), reference: 'x' }),
    ];
    const calls = times(45, (index) => (spend[index % 3] ?? spend[0])?.(index) ?? Promise.resolve());
    expect(await tally(calls)).toEqual({ OK: 14, INSUFFICIENT_FUNDS: 31 });
    expect(await balanceOf(ownerId)).toMatchObject({ available: 2 });
  });

  test('a day’s limit holds under concurrency: 30 payouts of 10 with 50 a day are exactly 5', async () => {
    const ownerId = await fund(1_000);
    const [account] = (await api().listAccounts({ ownerId })).items;
    await api().setLimits({ accountId: account?.id ?? '', perTransfer: null, perDay: 50, maxBalance: null });
    const payOut = (index: number) => both(index).payOut({ ownerId, amount: eur(10), reference: `bank-${index}` });
    expect(await tally(times(30, payOut))).toEqual({ OK: 5, LIMIT_EXCEEDED: 25 });
  });
});

describe('crossing paths', () => {
  test('transfers both ways, in a ring and linked do not block each other, and no money is made or lost', async () => {
    const owners = await Promise.all(times(5, () => fund(1_000)));
    const at = (index: number) => owners[index % owners.length] ?? '';
    const move = (from: number, to: number) => ({
      fromOwnerId: at(from),
      toOwnerId: at(to),
      amount: eur(1),
      reference: 'ring',
    });
    const calls = times(100, (index) =>
      index % 4 === 0
        ? both(index).transferLinked({
            transfers: [move(index, index + 1), move(index + 3, index + 2), move(index + 1, index + 4)],
          })
        : both(index).transfer(index % 2 === 0 ? move(index, index + 1) : move(index + 1, index)),
    );
    expect(await tally(calls)).toEqual({ OK: 100 });
    const balances = await Promise.all(owners.map(balanceOf));
    expect(balances.reduce((sum, balance) => sum + (balance?.balance ?? 0), 0)).toBe(5_000);
  });

  test('40 first top-ups of one owner open one account and all arrive', async () => {
    const ownerId = newOwner();
    const topUp = (index: number) => both(index).topUp({ ownerId, amount: eur(1), reference: `first-${index}` });
    expect(await tally(times(40, topUp))).toEqual({ OK: 40 });
    expect((await api().listAccounts({ ownerId })).items).toMatchObject([{ balance: 40 }]);
  });

  test('new owners paying each other for the first time, in both directions', async () => {
    const owners = times(6, newOwner);
    await Promise.all(
      owners.map((ownerId) => api().topUp({ ownerId, amount: { amount: 9, currency: 'USD' }, reference: 'seed' })),
    );
    const calls = owners.flatMap((from, index) =>
      owners
        .filter((to) => to !== from)
        .map((to) =>
          both(index).transferLinked({
            transfers: [
              { fromOwnerId: from, toOwnerId: to, amount: { amount: 1, currency: 'USD' }, reference: 'x' },
              { fromOwnerId: to, toOwnerId: from, amount: { amount: 1, currency: 'USD' }, reference: 'x' },
            ],
          }),
        ),
    );
    expect(await tally(calls)).toEqual({ OK: 30 });
  });
});

describe('many changes of one hold', () => {
  const newHold = async (expiresInSeconds = 3_600) => {
    const ownerId = await fund(100);
    return api().authorizeHold({ ownerId, amount: eur(100), reference: newOrder(), expiresInSeconds });
  };

  test('30 captures of 10 with more to come, of 100: exactly 10 succeed', async () => {
    const { id: holdId, ownerId } = await newHold();
    const capture = (index: number) => both(index).captureHold({ holdId, amount: eur(10), final: false });
    const ends = await tally(times(30, capture));
    expect(ends).toEqual({ OK: 10, ILLEGAL_STATE: 20 });
    expect(await balanceOf(ownerId)).toEqual({ currency: 'EUR', balance: 0, held: 0, available: 0, credit: 0 });
  });

  test('capture racing void: one of them wins, in every of 20 races', async () => {
    for (let race = 0; race < 20; race += 1) {
      const { id: holdId, ownerId } = await newHold();
      const [captured, voided] = await Promise.allSettled([
        both(race).captureHold({ holdId }),
        both(race + 1).voidHold({ holdId }),
      ]);
      expect([captured.status, voided.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const won = captured.status === 'fulfilled';
      expect(await api().getHold({ holdId })).toMatchObject({ state: won ? 'captured' : 'voided' });
      expect(await balanceOf(ownerId)).toMatchObject({ balance: won ? 0 : 100, held: 0 });
    }
  });

  test('25 refunds of 10 of a captured 100: exactly 10 succeed', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId });
    const refund = (index: number) =>
      both(index).refundCapture({ holdId, amount: eur(10), reason: 'race', reference: `rfd_${index}` });
    expect(await tally(times(25, refund))).toEqual({ OK: 10, REFUND_EXCEEDS_CAPTURE: 15 });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100 });
  });

  test('20 repeats of one refund, each under a key of its own, are one refund', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId });
    const refund = (index: number) =>
      both(index).refundCapture({ holdId, amount: eur(10), reason: 'race', reference: 'rfd_same' });
    expect(await tally(times(20, refund))).toEqual({ OK: 20 });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 10 });
  });

  test('expiry racing capture has one winner, for each of 60 holds', async () => {
    const ownerId = await fund(600);
    const holds = await Promise.all(
      times(60, () =>
        api().authorizeHold({ ownerId, amount: eur(10), reference: newOrder(), expiresInSeconds: 3_600 }),
      ),
    );
    // The captures start before the moment and end after it: some are in time, some are not.
    const captures = holds.map(async ({ id: holdId }, index) => {
      await sleep(index * 5);
      if (index === 30) ahead += 3_600_000;
      return both(index).captureHold({ holdId });
    });
    const ends = await Promise.allSettled(captures);
    for (const [index, { id }] of holds.entries()) {
      if (ends[index]?.status === 'rejected')
        await platform.waitForEvent('wallet.released', ({ subject }) => subject === id);
    }
    const states = await Promise.all(holds.map(async ({ id: holdId }) => (await api().getHold({ holdId })).state));
    expect(states).toEqual(ends.map(({ status }) => (status === 'fulfilled' ? 'captured' : 'expired')));
    const captured = states.filter((state) => state === 'captured').length;
    expect(await balanceOf(ownerId)).toEqual({
      currency: 'EUR',
      balance: 600 - captured * 10,
      held: 0,
      credit: 0,
      available: 600 - captured * 10,
    });
    const released = platform
      .events('wallet')
      .filter(({ type, subject }) => type === 'wallet.released' && holds.some(({ id }) => id === subject));
    expect(released).toHaveLength(60 - captured);
  });
});

test('50 requests under one Idempotency-Key, over two instances, move the money once', async () => {
  const [payer, receiver] = [await fund(100), newOwner()];
  const idempotencyKey = `same-${payer}`;
  const pay = (index: number) =>
    both(index).transfer(
      { fromOwnerId: payer, toOwnerId: receiver, amount: eur(10), reference: 'once' },
      { idempotencyKey },
    );
  const { OK: done, IDEMPOTENCY_IN_FLIGHT: toldToWait = 0 } = await tally(times(50, pay));
  expect((done ?? 0) + toldToWait).toBe(50);
  const { transfer } = await pay(0);
  const { items } = await api().getStatement({ ownerId: receiver, currency: 'EUR' });
  expect(items.map(({ transferId }) => transferId)).toEqual([transfer.id]);
  expect(await balanceOf(payer)).toMatchObject({ balance: 90 });
});
