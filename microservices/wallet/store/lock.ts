import type { Queryable } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { Account, Hold } from '../policy/book.ts';
import { accountColumns, holdColumns, toAccount, type AccountRow } from './rows.ts';

/** Whose account, in which currency. */
export interface Party {
  ownerId: string;
  currency: string;
}

// Rows are locked here only, and in one order everywhere: payment reference, holds by id, accounts by id.

/**
 * Locks those of the accounts that exist. With several currencies it may lock and return more of the owners' accounts
 * than were named: the two arrays keep the plan on the index, whatever the table's size.
 */
export const lockAccounts = async (tx: Queryable, parties: readonly Party[]): Promise<Account[]> => {
  const rows = await tx.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account WHERE owner_id = ANY($1::text[]) AND currency = ANY($2::text[]) ORDER BY id FOR UPDATE`,
    [distinct(parties.map((party) => party.ownerId)), distinct(parties.map((party) => party.currency))],
  );
  return rows.map(toAccount);
};

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** Locks one account by its id. */
export const lockAccount = async (tx: Queryable, accountId: string): Promise<Account | undefined> => {
  const row = await tx.maybeOne<AccountRow>(`SELECT ${accountColumns()} FROM account WHERE id = $1 FOR UPDATE`, [
    accountId,
  ]);
  return row && toAccount(row);
};

/**
 * Opens accounts that do not exist yet and returns those that this call opened: others may open the same ones at the
 * same time.
 */
export const openAccounts = async (tx: Queryable, parties: readonly Party[], at: string): Promise<Account[]> => {
  const rows = await tx.rows<AccountRow>(
    `WITH opened AS (
       INSERT INTO account (id, owner_id, currency, opened_at)
       SELECT new.* , $4::timestamptz FROM unnest($1::text[], $2::text[], $3::text[]) AS new (id, owner_id, currency)
       ORDER BY owner_id, currency
       ON CONFLICT (owner_id, currency) DO NOTHING
       RETURNING *
     ), marked AS (
       INSERT INTO stale_balance (account_id, version) SELECT id, version FROM opened
     )
     SELECT ${accountColumns()} FROM opened`,
    [
      parties.map(() => newId('acc')),
      parties.map((party) => party.ownerId),
      parties.map((party) => party.currency),
      at,
    ],
  );
  return rows.map(toAccount);
};

/**
 * Locks a payer's account for a new hold and notes what the hold pays for. `closed` when nothing can be paid for that
 * any more, `repeated` when a hold was requested for it before: of two requests at once the second is the repeated one,
 * whatever its snapshot.
 */
export const lockForHold = async (
  tx: Queryable,
  { ownerId, currency }: Party,
  reference: string,
  at: string,
): Promise<{ account: Account; closed: boolean; repeated: boolean } | undefined> => {
  const row = await tx.maybeOne<AccountRow & { closed: boolean; repeated: boolean }>(
    `WITH used AS (
       INSERT INTO payment_reference (reference, used_at) VALUES ($3, $4)
       ON CONFLICT (reference) DO UPDATE SET used_at = EXCLUDED.used_at, requests = payment_reference.requests + 1
       RETURNING closed_at IS NOT NULL AS closed, requests > 1 AS repeated
     )
     SELECT ${accountColumns('a')}, used.closed, used.repeated FROM used CROSS JOIN account a
     WHERE a.owner_id = $1 AND a.currency = $2
     FOR UPDATE OF a`,
    [ownerId, currency, reference, at],
  );
  if (!row) return undefined;
  const { closed, repeated, ...account } = row;
  return { account: toAccount(account), closed, repeated };
};

/** Locks a hold and then its account. */
export const lockHold = async (
  tx: Queryable,
  holdId: string,
): Promise<{ hold: Hold; account: Account } | undefined> => {
  const hold = await tx.maybeOne<Hold>(`SELECT ${holdColumns()} FROM hold WHERE id = $1 FOR UPDATE`, [holdId]);
  if (!hold) return undefined;
  const account = await lockAccount(tx, hold.accountId);
  if (!account) throw new Error(`Hold ${holdId} belongs to account ${hold.accountId}, which does not exist`);
  return { hold, account };
};

/** Holds and the accounts they belong to, all locked. */
export interface LockedHolds {
  holds: Hold[];
  accounts: Account[];
}

const withTheirAccounts = async (tx: Queryable, holds: Hold[]): Promise<LockedHolds> => {
  if (holds.length === 0) return { holds, accounts: [] };
  const accounts = await tx.rows<AccountRow>(
    `SELECT ${accountColumns()} FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    [distinct(holds.map(({ accountId }) => accountId))],
  );
  return { holds, accounts: accounts.map(toAccount) };
};

/** Closes a reference for good (no hold will be authorized for it from now on) and locks the holds it has. */
export const closeReference = async (tx: Queryable, reference: string, at: string): Promise<LockedHolds> => {
  await tx.run(
    `INSERT INTO payment_reference (reference, used_at, closed_at) VALUES ($1, $2, $2)
     ON CONFLICT (reference) DO UPDATE SET closed_at = coalesce(payment_reference.closed_at, EXCLUDED.closed_at)`,
    [reference, at],
  );
  const holds = await tx.rows<Hold>(`SELECT ${holdColumns()} FROM hold WHERE reference = $1 ORDER BY id FOR UPDATE`, [
    reference,
  ]);
  return withTheirAccounts(tx, holds);
};

export const HOLD_BUCKETS = 8;

/**
 * Locks open holds that have expired, a bounded number of them; those that others have locked are left for the next
 * round.
 */
export const lockExpiredHolds = async (tx: Queryable, at: string, limit: number): Promise<LockedHolds> => {
  const holds = await tx.rows<Hold>(
    `SELECT ${holdColumns('h')} FROM hold h WHERE h.id IN (
       SELECT due.id FROM generate_series(0, ${HOLD_BUCKETS - 1}) AS b (bucket) CROSS JOIN LATERAL (
         SELECT id FROM hold WHERE bucket = b.bucket AND state IN ('authorized', 'partially_captured') AND expires_at <= $1
         ORDER BY expires_at LIMIT $2
       ) due
     ) AND h.state IN ('authorized', 'partially_captured')
     ORDER BY h.id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [at, limit],
  );
  return withTheirAccounts(tx, holds);
};
