import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Grant } from '../policy/credit.ts';

const COLUMNS = columns([
  'id',
  'accountId',
  'ownerId',
  'currency',
  'amount',
  'remaining',
  'takenBack',
  'reference',
  'reason',
  'transferId',
  'returned',
  'grantedAt',
  'expiresAt',
  'dueAt',
] satisfies (keyof Grant)[]);

/** The first grant to an account with this reference. */
export const findGrant = (tx: Queryable, accountId: string, reference: string): Promise<Grant | undefined> =>
  tx.maybeOne<Grant>(
    `SELECT ${COLUMNS} FROM credit_grant WHERE account_id = $1 AND reference = $2 AND NOT returned ORDER BY id LIMIT 1`,
    [accountId, reference],
  );

/** Grants of these accounts of which something may be left. Under the accounts' locks nobody else changes them. */
export const activeGrants = (tx: Queryable, accountIds: readonly string[]): Promise<Grant[]> =>
  tx.rows<Grant>(
    `SELECT ${COLUMNS} FROM credit_grant WHERE account_id = ANY($1::text[]) AND remaining > 0 ORDER BY id`,
    [[...accountIds]],
  );

/** Granted to an account since then, whatever became of it; minor units. */
export const grantedSince = async (tx: Queryable, accountId: string, since: Date): Promise<number> => {
  const { granted } = await tx.one<{ granted: number }>(
    `SELECT coalesce(sum(amount), 0)::bigint AS granted FROM credit_grant WHERE account_id = $1 AND granted_at > $2 AND NOT returned`,
    [accountId, since],
  );
  return granted;
};

export const insertGrant = async (tx: Queryable, grant: Grant): Promise<void> => {
  await tx.run(
    `INSERT INTO credit_grant (id, account_id, owner_id, currency, amount, remaining, taken_back, reference, reason, transfer_id, returned,
       granted_at, expires_at, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      grant.id,
      grant.accountId,
      grant.ownerId,
      grant.currency,
      grant.amount,
      grant.remaining,
      grant.takenBack,
      grant.reference,
      grant.reason,
      grant.transferId,
      grant.returned,
      grant.grantedAt,
      grant.expiresAt,
      grant.dueAt,
    ],
  );
};

/** Writes what is left of grants, and when they are looked at next. */
export const saveGrants = async (tx: Queryable, grants: readonly Grant[]): Promise<void> => {
  if (grants.length === 0) return;
  await tx.run(
    `UPDATE credit_grant SET remaining = new.remaining, taken_back = new.taken_back, expires_at = new.expires_at, due_at = new.due_at
     FROM jsonb_to_recordset($1::jsonb) AS new (id text, remaining bigint, taken_back bigint, expires_at timestamptz, due_at timestamptz)
     WHERE credit_grant.id = new.id`,
    [
      JSON.stringify(
        grants.map(({ id, remaining, takenBack, expiresAt, dueAt }) => ({
          id,
          remaining,
          taken_back: takenBack,
          expires_at: expiresAt,
          due_at: dueAt,
        })),
      ),
    ],
  );
};

/** Gives all grants of an account to another. */
export const moveGrants = async (
  tx: Queryable,
  from: { id: string },
  to: { id: string; ownerId: string },
): Promise<void> => {
  await tx.run('UPDATE credit_grant SET account_id = $2, owner_id = $3 WHERE account_id = $1', [
    from.id,
    to.id,
    to.ownerId,
  ]);
};

/** Accounts with credit that has expired. */
export const accountsWithDueCredit = async (database: Queryable, at: string, limit: number): Promise<string[]> => {
  const rows = await database.rows<{ accountId: string }>(
    `SELECT DISTINCT account_id AS "accountId" FROM (
       SELECT account_id FROM credit_grant WHERE due_at <= $1 ORDER BY due_at LIMIT $2
     ) due ORDER BY account_id`,
    [at, limit],
  );
  return rows.map(({ accountId }) => accountId);
};

export interface GrantFilter {
  ownerId?: string | undefined;
  reference?: string | undefined;
  /** Only those before this id (newest come first). */
  before: string | null;
  limit: number;
}

export const listGrants = (database: Queryable, filter: GrantFilter): Promise<Grant[]> =>
  database.rows<Grant>(
    `SELECT ${COLUMNS} FROM credit_grant
     WHERE ($1::text IS NULL OR owner_id = $1) AND ($2::text IS NULL OR reference = $2) AND ($3::text IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [filter.ownerId ?? null, filter.reference ?? null, filter.before, filter.limit],
  );

/** The credit on these accounts, by account. */
export const creditOn = async (database: Queryable, accountIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await database.rows<{ id: string; credit: number }>(
    'SELECT id, credit FROM account WHERE id = ANY($1::text[])',
    [[...accountIds]],
  );
  return new Map(rows.map(({ id, credit }) => [id, credit]));
};
