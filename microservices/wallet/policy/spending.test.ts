import { MAX_BALANCE } from './book.ts';
import { countReleased, countSpent, refuseReceipt, refuseRefundReceipt, refuseSpend } from './spending.ts';
import { accountWith } from './testing.ts';

const DAY = '2026-11-23';
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const limits = { perTransfer: null, perDay: null, maxBalance: null };

describe('money may leave an account', () => {
  test('up to what is available, to the last cent', () => {
    const account = accountWith({ balance: 100, held: 30 });
    expect(refuseSpend(account, 70, DAY)).toBeUndefined();
    expect(refuseSpend(account, 71, DAY)).toEqual({
      code: 'INSUFFICIENT_FUNDS',
      ownerId: 'cus_a',
      available: eur(70),
      requested: eur(71),
    });
  });

  test('but not while the account is frozen, however much is on it', () => {
    expect(refuseSpend(accountWith({ balance: 100, frozen: true }), 1, DAY)).toEqual({
      code: 'ACCOUNT_FROZEN',
      accountId: 'acc_a',
      ownerId: 'cus_a',
      currency: 'EUR',
    });
  });

  test('within the limit for one transfer', () => {
    const account = accountWith({ balance: 100, limits: { ...limits, perTransfer: 20 } });
    expect(refuseSpend(account, 20, DAY)).toBeUndefined();
    expect(refuseSpend(account, 21, DAY)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'perTransfer',
      allowed: eur(20),
    });
  });

  test('within the limit of the day, which starts again at midnight UTC', () => {
    const account = countSpent(accountWith({ balance: 100, limits: { ...limits, perDay: 50 } }), 40, DAY);
    expect(refuseSpend(account, 10, DAY)).toBeUndefined();
    expect(refuseSpend(account, 11, DAY)).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'perDay', allowed: eur(10) });
    expect(refuseSpend(account, 50, '2026-11-24')).toBeUndefined();
  });

  test('and a limit below what was spent already allows nothing, not less than nothing', () => {
    const account = accountWith({ balance: 100, spentOn: DAY, spent: 60, limits: { ...limits, perDay: 50 } });
    expect(refuseSpend(account, 1, DAY)).toMatchObject({ limit: 'perDay', allowed: eur(0) });
  });
});

describe('spending that a hold counted', () => {
  test('is counted back when it is released on the same day', () => {
    expect(countReleased(countSpent(accountWith(), 40, DAY), 15, DAY).spent).toBe(25);
  });

  test('is not counted back against another day', () => {
    expect(countReleased(countSpent(accountWith(), 40, '2026-11-24'), 15, DAY).spent).toBe(40);
  });

  test('never exceeds exact integers', () => {
    const turned = countSpent(countSpent(accountWith(), MAX_BALANCE, DAY), MAX_BALANCE, DAY);
    expect(turned.spent).toBe(MAX_BALANCE);
  });
});

describe('money may arrive', () => {
  test('up to the account’s limit', () => {
    const account = accountWith({ balance: 80, limits: { ...limits, maxBalance: 100 } });
    expect(refuseReceipt(account, 20)).toBeUndefined();
    expect(refuseReceipt(account, 21)).toMatchObject({ limit: 'maxBalance', allowed: eur(20), requested: eur(21) });
  });

  test('as a refund over the account’s limit too: it was the owner’s money', () => {
    const account = accountWith({ balance: 80, limits: { ...limits, maxBalance: 80 } });
    expect(refuseRefundReceipt(account, 20)).toBeUndefined();
  });

  test('but never beyond what the ledger can count exactly', () => {
    const account = accountWith({ balance: MAX_BALANCE });
    expect(refuseReceipt(account, 1)).toMatchObject({ limit: 'maxBalance', allowed: eur(0) });
    expect(refuseRefundReceipt(account, 1)).toMatchObject({ limit: 'maxBalance' });
  });
});
