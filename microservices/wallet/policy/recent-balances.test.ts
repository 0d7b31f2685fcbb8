import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Account } from './book.ts';
import { recentBalances } from './recent-balances.ts';
import { accountWith } from './testing.ts';

const account = (ownerId: string, currency: string, fields: Partial<Account> = {}): Account =>
  accountWith({ id: `acc_${ownerId}_${currency}`, ownerId, currency, ...fields });

describe('recent balances', () => {
  test('are one value an owner, with every currency and one version', () => {
    const found = recentBalances([
      account('a', 'EUR', { balance: 100, held: 30, version: 4 }),
      account('b', 'EUR'),
      account('a', 'USD', { balance: 7, version: 1 }),
    ]);
    expect([...found.keys()]).toEqual(['a', 'b']);
    expect(found.get('a')).toEqual({
      items: [
        { currency: 'EUR', balance: 100, held: 30, available: 70, credit: 0 },
        { currency: 'USD', balance: 7, held: 0, available: 7, credit: 0 },
      ],
      version: 7,
    });
    expect(found.get('b')?.version).toBe(1);
  });

  test('a later snapshot has the higher version whenever an account changed or was opened', () => {
    const change = fc.record({ currency: fc.constantFrom('EUR', 'USD', 'JPY'), amount: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const accounts = new Map<string, Account>();
        let before = 0;
        for (const { currency, amount } of changes) {
          const known = accounts.get(currency);
          accounts.set(
            currency,
            known ? { ...known, balance: known.balance + amount, version: known.version + 1 } : account('a', currency),
          );
          const version = recentBalances([...accounts.values()]).get('a')?.version ?? 0;
          expect(version).toBeGreaterThan(before);
          before = version;
        }
      }),
    );
  });
});
