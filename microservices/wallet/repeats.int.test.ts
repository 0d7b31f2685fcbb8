import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOrder, newOwner, refusal, remote, usd } from './testing.ts';

let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
const api = () => platform.client(walletContract);
const other = () => createClient(walletContract, { url: twin.url, credential: platform.adminKey });
const both = (index: number) => (index % 2 === 0 ? api() : other());
const AT_ONCE = 20;
const atOnce = <T>(make: (index: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: AT_ONCE }, (_, index) => make(index));
const distinct = (ids: readonly string[]): number => new Set(ids).size;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
  twin = await startTwin(platform, { services: [wallet], remote });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

const topUp = (ownerId: string, reference: string, amount = eur(100), index = 0) =>
  both(index).topUp({ ownerId, amount, reference });
const payOut = (ownerId: string, reference: string, amount = eur(10), index = 0) =>
  both(index).payOut({ ownerId, amount, reference });
const hold = (ownerId: string, reference: string, amount = eur(10), index = 0) =>
  both(index).authorizeHold({ ownerId, amount, reference });
const balanceOf = async (ownerId: string) => (await api().getBalance({ ownerId, currency: 'EUR' })).items[0];

describe('a payment from outside', () => {
  test('reported 20 times at once, over two instances and without keys, is credited once', async () => {
    const ownerId = newOwner();
    const receipts = await Promise.all(atOnce((index) => topUp(ownerId, 'pay-1', eur(100), index)));
    expect(distinct(receipts.map(({ transfer }) => transfer.id))).toBe(1);
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100 });
    await platform.waitForEvent('wallet.topped_up', ({ data }) => (data as { ownerId: string }).ownerId === ownerId);
    await topUp(ownerId, 'pay-2', eur(1));
    const { id } = receipts[0]?.transfer ?? { id: '' };
    expect(await topUp(ownerId, 'pay-1')).toMatchObject({ transfer: { id }, balance: { balance: 101 } });
    expect((await api().listTransfers({ reference: 'pay-1', kind: 'top_up' })).items).toHaveLength(1);
  });

  test('reported again with another amount is refused, and names the first', async () => {
    const ownerId = newOwner();
    await topUp(ownerId, 'pay-3');
    expect(await refusal(topUp(ownerId, 'pay-3', eur(99)))).toMatchObject({
      code: 'REFERENCE_USED',
      status: 409,
      data: { reference: 'pay-3', amount: eur(100) },
      message:
        'A top-up of 1.00 EUR was made with the reference pay-3 already. Use another reference for another top-up.',
    });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100 });
  });

  test('is one per owner and currency', async () => {
    const [one, other] = [newOwner(), newOwner()];
    for (const receipt of [await topUp(one, 'pay-4'), await topUp(other, 'pay-4'), await topUp(one, 'pay-4', usd(100))])
      expect(receipt.balance.balance).toBe(100);
  });

  test('that was credited twice before this rule is not credited a third time', async () => {
    const ownerId = newOwner();
    const first = await topUp(ownerId, 'pay-5');
    await topUp(ownerId, 'pay-6');
    const database = platform.database('wallet');
    await database.run('ALTER TABLE transfer DISABLE TRIGGER transfer_append_only');
    await database.run(`UPDATE transfer SET reference = 'pay-5' WHERE reference = 'pay-6'`);
    await database.run('ALTER TABLE transfer ENABLE TRIGGER transfer_append_only');
    expect(await topUp(ownerId, 'pay-5')).toMatchObject({ transfer: { id: first.transfer.id } });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 200 });
  });
});

describe('a payout', () => {
  test('requested 20 times at once, over two instances and without keys, is made once', async () => {
    const ownerId = newOwner();
    await topUp(ownerId, 'pay');
    const receipts = await Promise.all(atOnce((index) => payOut(ownerId, 'out-1', eur(10), index)));
    expect(distinct(receipts.map(({ transfer }) => transfer.id))).toBe(1);
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 90 });
    expect(await refusal(payOut(ownerId, 'out-1', eur(11)))).toMatchObject({ code: 'REFERENCE_USED' });
  });

  test('repeated after the account was frozen returns the first', async () => {
    const ownerId = newOwner();
    await topUp(ownerId, 'pay');
    const first = await payOut(ownerId, 'out-2');
    const [account] = (await api().listAccounts({ ownerId })).items;
    await api().freezeAccount({ accountId: account?.id ?? '', reason: 'test' });
    expect(await payOut(ownerId, 'out-2')).toMatchObject({ transfer: { id: first.transfer.id } });
    expect(await refusal(payOut(ownerId, 'out-3'))).toMatchObject({ code: 'ACCOUNT_FROZEN' });
  });
});

describe('a hold', () => {
  test('requested 20 times at once, over two instances and without keys, holds once', async () => {
    const ownerId = newOwner();
    await topUp(ownerId, 'pay');
    const reference = newOrder();
    const holds = await Promise.all(atOnce((index) => hold(ownerId, reference, eur(10), index)));
    expect(distinct(holds.map(({ id }) => id))).toBe(1);
    expect(await balanceOf(ownerId)).toMatchObject({ held: 10 });
  });

  test('that was captured is returned for a repeat; one that was voided is not', async () => {
    const ownerId = newOwner();
    await topUp(ownerId, 'pay');
    const [paid, given] = [newOrder(), newOrder()];
    const { id: holdId } = await hold(ownerId, paid);
    await api().captureHold({ holdId });
    expect(await hold(ownerId, paid)).toMatchObject({ id: holdId, state: 'captured' });
    const voided = await api().voidHold({ holdId: (await hold(ownerId, given)).id });
    expect(await hold(ownerId, given)).toMatchObject({ state: 'authorized' });
    expect((await api().listHolds({ reference: given })).items.map(({ state }) => state)).toEqual([
      'authorized',
      voided.state,
    ]);
  });

  test('of another amount or another owner is another part of the payment', async () => {
    const [one, other] = [newOwner(), newOwner()];
    const reference = newOrder();
    for (const ownerId of [one, other]) await topUp(ownerId, 'pay');
    const holds = [await hold(one, reference), await hold(one, reference, eur(20)), await hold(other, reference)];
    expect(distinct(holds.map(({ id }) => id))).toBe(3);
  });

  test('refused for lack of money is made when there is money', async () => {
    const ownerId = newOwner();
    const reference = newOrder();
    expect(await tally([hold(ownerId, reference)])).toEqual({ INSUFFICIENT_FUNDS: 1 });
    await topUp(ownerId, 'pay');
    expect(await hold(ownerId, reference)).toMatchObject({ state: 'authorized' });
  });
});
