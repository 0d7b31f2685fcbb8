import type { Queryable } from '../../chassis/database/index.ts';
import type { Account } from '../policy/book.ts';
import { accountColumns, toAccount, type AccountRow } from './rows.ts';

/** An account whose balance in the read model is older than `version`. */
export interface StaleBalance {
  accountId: string;
  ownerId: string;
  version: number;
}

/** Some accounts whose balances have to be written into the read model. */
export const staleBalances = (database: Queryable, limit: number): Promise<StaleBalance[]> =>
  database.rows<StaleBalance>(
    `SELECT s.account_id AS "accountId", a.owner_id AS "ownerId", s.version
     FROM (SELECT * FROM stale_balance LIMIT $1) s JOIN account a ON a.id = s.account_id`,
    [limit],
  );

/**
 * Forgets marks as they were picked: one that was set anew since then stays, as does one that somebody is setting now.
 */
export const forgetStale = async (database: Queryable, done: readonly StaleBalance[]): Promise<void> => {
  await database.run(
    `DELETE FROM stale_balance WHERE account_id IN (
       SELECT s.account_id FROM stale_balance s
       JOIN unnest($1::text[], $2::bigint[]) AS done (account_id, version) USING (account_id, version)
       FOR UPDATE OF s SKIP LOCKED
     )`,
    [done.map(({ accountId }) => accountId), done.map(({ version }) => version)],
  );
};

/** All accounts of these owners, from one snapshot. */
export const accountsOfOwners = async (database: Queryable, owners: readonly string[]): Promise<Account[]> => {
  const rows = await database.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account WHERE owner_id = ANY($1::text[]) ORDER BY owner_id, currency`,
    [[...owners]],
  );
  return rows.map(toAccount);
};
