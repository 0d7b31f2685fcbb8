import { available, type Account } from './book.ts';

/** An owner's balances as the read model keeps them. */
export interface RecentBalances {
  items: { currency: string; balance: number; held: number; available: number; credit: number }[];
  /**
   * The versions of the owner's accounts added up, each counted from one. Accounts are never closed and their versions
   * only grow, so of two snapshots of the ledger the later one has the higher sum wherever they differ.
   */
  version: number;
}

/** The read model's values by owner, for accounts that were read in one snapshot. */
export const recentBalances = (accounts: readonly Account[]): Map<string, RecentBalances> => {
  const owners = new Map<string, RecentBalances>();
  for (const account of accounts) {
    const { items, version } = owners.get(account.ownerId) ?? { items: [], version: 0 };
    const { currency, balance, held, credit } = account;
    owners.set(account.ownerId, {
      items: [...items, { currency, balance, held, available: available(account), credit }],
      version: version + account.version + 1,
    });
  }
  return owners;
};
