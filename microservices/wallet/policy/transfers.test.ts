import { openBook } from './book.ts';
import { receive, spend, spendAll } from './transfers.ts';
import { accountWith, transferWith } from './testing.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => accountWith({ id: `acc_${name}`, ownerId: `cus_${name}` }));
if (!a || !b || !c) throw new Error('three accounts were made');
const move = (id: string, from: string, to: string, amount: number) =>
  transferWith({ id, debitAccount: `acc_${from}`, creditAccount: `acc_${to}`, amount });
const balances = (book: ReturnType<typeof openBook> | undefined) =>
  Object.fromEntries([...(book?.accounts.values() ?? [])].map((account) => [account.ownerId, account.balance]));

test('a transfer is two entries of the same amount, each with the balance after it', () => {
  const { done } = spend(openBook([{ ...a, balance: 50, entries: 7 }, b]), move('trf_1', 'a', 'b', 20));
  expect(done?.entries).toEqual([
    {
      transferId: 'trf_1',
      side: 'debit',
      accountId: 'acc_a',
      currency: 'EUR',
      amount: 20,
      sequence: 8,
      balanceAfter: 30,
    },
    {
      transferId: 'trf_1',
      side: 'credit',
      accountId: 'acc_b',
      currency: 'EUR',
      amount: 20,
      sequence: 1,
      balanceAfter: 20,
    },
  ]);
});

test('the platform’s own books carry no number and no balance', () => {
  const { done } = receive(
    openBook([a]),
    transferWith({ debitAccount: 'external:EUR', creditAccount: 'acc_a', amount: 5 }),
  );
  expect(done?.entries[0]).toMatchObject({ accountId: 'external:EUR', sequence: null, balanceAfter: null });
  expect(balances(done)).toEqual({ cus_a: 5 });
});

describe('linked transfers', () => {
  test('see the effect of those before them: money can pass through an empty account', () => {
    const chain = [move('trf_1', 'a', 'b', 10), move('trf_2', 'b', 'c', 10)];
    expect(balances(spendAll(openBook([{ ...a, balance: 10 }, b, c]), chain).done)).toEqual({
      cus_a: 0,
      cus_b: 0,
      cus_c: 10,
    });
  });

  test('in the wrong order are refused, naming the one that was', () => {
    const chain = [move('trf_2', 'b', 'c', 10), move('trf_1', 'a', 'b', 10)];
    expect(spendAll(openBook([{ ...a, balance: 10 }, b, c]), chain).refused).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      index: 0,
      ownerId: 'cus_b',
    });
  });

  test('count towards the day’s limit together', () => {
    const limited = { ...a, balance: 100, limits: { ...a.limits, perDay: 15 } };
    const outcome = spendAll(openBook([limited, b]), [move('trf_1', 'a', 'b', 10), move('trf_2', 'a', 'b', 10)]);
    expect(outcome.refused).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'perDay',
      index: 1,
      allowed: { amount: 5, currency: 'EUR' },
    });
  });
});
