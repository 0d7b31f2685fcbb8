import type { Queryable } from '../../chassis/database/index.ts';
import type { Account } from '../policy/book.ts';
import { accountColumns, toAccount, type AccountRow } from './rows.ts';

/** An owner that is a customer, as far as the wallet knows. */
export interface Owner {
  ownerId: string;
  ended: 'merged' | 'erased' | null;
  survivorId: string | null;
}

const OWNER = `owner_id AS "ownerId", ended, survivor_id AS "survivorId"`;

/** Locks those of the owners that are known. */
export const lockOwners = (tx: Queryable, ownerIds: readonly string[]): Promise<Owner[]> =>
  tx.rows<Owner>(`SELECT ${OWNER} FROM owner WHERE owner_id = ANY($1::text[]) ORDER BY owner_id FOR UPDATE`, [
    [...ownerIds],
  ]);

/** Notes owners, and locks and returns them as they are: others may have noted the end of one a moment before. */
export const noteOwners = (tx: Queryable, ownerIds: readonly string[], at: string): Promise<Owner[]> =>
  tx.rows<Owner>(
    `INSERT INTO owner (owner_id, noted_at) SELECT new.owner_id, $2 FROM unnest($1::text[]) AS new (owner_id) ORDER BY new.owner_id
     ON CONFLICT (owner_id) DO UPDATE SET noted_at = owner.noted_at RETURNING ${OWNER}`,
    [[...new Set(ownerIds)], at],
  );

/**
 * Notes the end of an owner, on all of its accounts too. A merge counts more than an erasure: it says where the money
 * went.
 */
export const noteEnd = async (
  tx: Queryable,
  { ownerId, ended, survivorId }: Owner & { ended: 'merged' | 'erased' },
  at: string,
): Promise<void> => {
  await tx.run(
    `INSERT INTO owner (owner_id, ended, survivor_id, noted_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner_id) DO UPDATE SET ended = EXCLUDED.ended, survivor_id = EXCLUDED.survivor_id
       WHERE owner.ended IS NULL OR EXCLUDED.ended = 'merged'`,
    [ownerId, ended, survivorId, at],
  );
};

/** Locks all accounts of these owners. */
export const lockAccountsOf = async (tx: Queryable, ownerIds: readonly string[]): Promise<Account[]> => {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account WHERE owner_id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    [[...ownerIds]],
  );
  return rows.map(toAccount);
};

/** Writes on an owner's accounts what the owner's own row says: whether it has ended. */
export const endAccounts = async (tx: Queryable, ownerId: string): Promise<void> => {
  await tx.run(
    `UPDATE account SET ended = owner.ended, survivor_id = owner.survivor_id, version = version + 1 FROM owner
     WHERE account.owner_id = $1 AND owner.owner_id = $1
       AND (account.ended, account.survivor_id) IS DISTINCT FROM (owner.ended, owner.survivor_id)`,
    [ownerId],
  );
};

/** Locks all holds of an owner. */
export const lockHoldsOf = async (tx: Queryable, ownerId: string): Promise<void> => {
  await tx.run('SELECT 1 FROM hold WHERE owner_id = $1 ORDER BY id FOR UPDATE', [ownerId]);
};

/**
 * Gives all holds of an account, open and closed, to another: captures take from it and refunds go to it from now on.
 */
export const moveHolds = async (tx: Queryable, from: Account, to: Account): Promise<void> => {
  await tx.run('UPDATE hold SET account_id = $2, owner_id = $3 WHERE account_id = $1', [from.id, to.id, to.ownerId]);
};

/** What is left on the accounts of these owners. */
export const leftOn = (
  tx: Queryable,
  ownerIds: readonly string[],
): Promise<{ currency: string; balance: number; held: number }[]> =>
  tx.rows(
    `SELECT currency, sum(balance)::bigint AS balance, sum(held)::bigint AS held FROM account
     WHERE owner_id = ANY($1::text[]) AND balance > 0 GROUP BY currency ORDER BY currency`,
    [[...ownerIds]],
  );

/** Deletes what people wrote about these owners. Amounts stay, and so does why something was written off. */
export const eraseWords = async (tx: Queryable, ownerIds: readonly string[]): Promise<void> => {
  await tx.run(
    'UPDATE account SET freeze_reason = NULL WHERE owner_id = ANY($1::text[]) AND freeze_reason IS NOT NULL',
    [[...ownerIds]],
  );
  await tx.run('UPDATE credit_grant SET reason = NULL WHERE owner_id = ANY($1::text[]) AND reason IS NOT NULL', [
    [...ownerIds],
  ]);
  await tx.run(
    `UPDATE transfer SET reason = NULL WHERE reason IS NOT NULL AND kind <> 'write_off' AND id IN (
       SELECT e.transfer_id FROM entry e JOIN account a ON a.id = e.account_id WHERE a.owner_id = ANY($1::text[]))`,
    [[...ownerIds]],
  );
};
