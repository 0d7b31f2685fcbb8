import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { tally } from '../chassis/testing/tally.ts';
import { newUuid } from '../chassis/ids.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { refusal, remote, usd } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const chf = (amount: number) => ({ amount, currency: 'CHF' });
const totals = async (currency: string) =>
  Object.fromEntries(
    (await api().listSystemAccounts({ currency })).items.map(({ name, debits, credits }) => [
      name,
      Number(debits) - Number(credits),
    ]),
  );

test('a movement is posted once, however many ask for it at once', async () => {
  const reference = newUuid();
  const transfers = [
    { debit: 'card_clearing', credit: 'sales', amount: chf(1_000) },
    { debit: 'psp_fees', credit: 'card_clearing', amount: chf(39) },
  ] as const;
  const post = () => api().postClearing({ reference, transfers: [...transfers] });
  expect(await tally(Array.from({ length: 20 }, post))).toEqual({ OK: 20 });
  expect(await totals('CHF')).toEqual({ card_clearing: 961, sales: -1_000, psp_fees: 39 });
  const repeated = await post();
  const posted = (await api().listTransfers({ linkedId: repeated.linkedId })).items;
  expect(posted.map(({ amount }) => amount).toReversed()).toEqual([chf(1_000), chf(39)]);
  expect(repeated.transfers).toEqual(posted.toReversed());
  expect(await api().auditLedger({})).toMatchObject({ consistent: true });
});

test('a settlement in another currency keeps each currency in balance', async () => {
  await api().postClearing({
    reference: newUuid(),
    transfers: [
      { debit: 'exchange', credit: 'card_clearing', amount: { amount: 500, currency: 'JPY' } },
      { debit: 'card_clearing', credit: 'exchange', amount: usd(320) },
    ],
  });
  expect(await totals('JPY')).toEqual({ exchange: 500, card_clearing: -500 });
  expect(await totals('USD')).toEqual({ exchange: -320, card_clearing: 320 });
  expect(await api().auditLedger({})).toMatchObject({ consistent: true });
});

test('a reference stands for one movement, between two accounts', async () => {
  const reference = newUuid();
  const post = (amount: number, credit: 'sales' | 'card_clearing' = 'sales') =>
    api().postClearing({ reference, transfers: [{ debit: 'card_clearing', credit, amount: chf(amount) }] });
  await post(5);
  expect(await refusal(post(6))).toMatchObject({ code: 'REFERENCE_USED', data: { reference, amount: chf(5) } });
  expect(await refusal(post(5, 'card_clearing'))).toMatchObject({ status: 400 });
});
