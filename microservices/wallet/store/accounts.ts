import type { Queryable } from '../../chassis/database/index.ts';
import type { Account, Limits, SystemAccount } from '../policy/book.ts';
import { accountColumns, toAccount, type AccountRow } from './rows.ts';

export const findAccount = async (database: Queryable, accountId: string): Promise<Account | undefined> => {
  const row = await database.maybeOne<AccountRow>(`SELECT ${accountColumns()} FROM account WHERE id = $1`, [accountId]);
  return row && toAccount(row);
};

/** An owner's accounts by currency; only one when `currency` is given. */
export const accountsOfOwner = async (database: Queryable, ownerId: string, currency?: string): Promise<Account[]> => {
  const rows = await database.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account WHERE owner_id = $1 AND ($2::text IS NULL OR currency = $2) ORDER BY currency`,
    [ownerId, currency ?? null],
  );
  return rows.map(toAccount);
};

export interface AccountFilter {
  ownerId?: string | undefined;
  currency?: string | undefined;
  frozen?: boolean | undefined;
  /** Only those after this id. */
  after: string | null;
  limit: number;
}

export const listAccounts = async (database: Queryable, filter: AccountFilter): Promise<Account[]> => {
  const rows = await database.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account
     WHERE ($1::text IS NULL OR owner_id = $1) AND ($2::text IS NULL OR currency = $2) AND ($3::boolean IS NULL OR frozen = $3)
       AND ($4::text IS NULL OR id > $4)
     ORDER BY id LIMIT $5`,
    [filter.ownerId ?? null, filter.currency ?? null, filter.frozen ?? null, filter.after, filter.limit],
  );
  return rows.map(toAccount);
};

/** Freezes or unfreezes an account that the transaction has locked. */
export const setFrozen = async (
  tx: Queryable,
  accountId: string,
  frozen: boolean,
  reason: string | null,
): Promise<Account> =>
  toAccount(
    await tx.one<AccountRow>(
      `UPDATE account SET frozen = $2, freeze_reason = $3, version = version + 1 WHERE id = $1 RETURNING ${accountColumns()}`,
      [accountId, frozen, reason],
    ),
  );

/** Replaces the limits of an account that the transaction has locked. */
export const setLimits = async (tx: Queryable, accountId: string, limits: Limits): Promise<Account> =>
  toAccount(
    await tx.one<AccountRow>(
      `UPDATE account SET limit_per_transfer = $2, limit_per_day = $3, limit_balance = $4, version = version + 1
       WHERE id = $1 RETURNING ${accountColumns()}`,
      [accountId, limits.perTransfer, limits.perDay, limits.maxBalance],
    ),
  );

export interface SystemTotals {
  name: SystemAccount;
  currency: string;
  debits: string;
  credits: string;
}

/** Debits and credits of the platform's own books: one pass over the ledger, because these keep no running balance. */
export const systemTotals = async (database: Queryable, currency?: string): Promise<SystemTotals[]> =>
  database.rows<SystemTotals>(
    `SELECT split_part(account_id, ':', 1) AS name, currency,
       coalesce(sum(amount) FILTER (WHERE side = 'debit'), 0)::text AS debits,
       coalesce(sum(amount) FILTER (WHERE side = 'credit'), 0)::text AS credits
     FROM entry WHERE sequence IS NULL AND ($1::text IS NULL OR currency = $1)
     GROUP BY account_id, currency ORDER BY currency, name`,
    [currency ?? null],
  );
