import type { Queryable } from '../../chassis/database/index.ts';
import { changedAccounts, type Account, type Book, type Entry, type Hold, type Transfer } from '../policy/book.ts';
import { HOLD_BUCKETS } from './lock.ts';

/**
 * Writes what a command decided, in one statement: transfers with their entries, holds, the accounts' new balances, and
 * the marks by which the read model is brought up to date. Throws when an account is not as it was read, which the
 * locks rule out.
 */
export const writeBook = async (tx: Queryable, book: Book): Promise<void> => {
  const accounts = changedAccounts(book);
  if (accounts.length === 0) return;
  const written = await tx.run(writeStatement(accounts.length), [
    JSON.stringify(book.transfers.map(transferColumns)),
    JSON.stringify(book.entries.map(entryColumns)),
    JSON.stringify([...book.holds.values()].map(holdColumns)),
    ...accounts.flatMap(accountValues),
  ]);
  if (written !== accounts.length) {
    throw new Error(
      `${accounts.length - written} of ${accounts.length} accounts changed while they were locked: nothing was written`,
    );
  }
};

export const transferColumns = (transfer: Transfer) => ({
  id: transfer.id,
  linked_id: transfer.linkedId,
  kind: transfer.kind,
  currency: transfer.currency,
  amount: transfer.amount,
  debit_account: transfer.debitAccount,
  credit_account: transfer.creditAccount,
  hold_id: transfer.holdId,
  reference: transfer.reference,
  reason: transfer.reason,
  at: transfer.at,
});

export const entryColumns = (entry: Entry) => ({
  transfer_id: entry.transferId,
  side: entry.side,
  account_id: entry.accountId,
  currency: entry.currency,
  amount: entry.amount,
  sequence: entry.sequence,
  balance_after: entry.balanceAfter,
});

const holdColumns = (hold: Hold) => ({
  id: hold.id,
  account_id: hold.accountId,
  owner_id: hold.ownerId,
  currency: hold.currency,
  amount: hold.amount,
  captured: hold.captured,
  refunded: hold.refunded,
  credit_used: hold.creditUsed,
  state: hold.state,
  reference: hold.reference,
  counted_on: hold.countedOn,
  // The end of a UUIDv7 is random, so that buckets fill evenly.
  bucket: Number.parseInt(hold.id.slice(-4), 16) % HOLD_BUCKETS,
  created_at: hold.createdAt,
  expires_at: hold.expiresAt,
});

const accountValues = (account: Account) => [
  account.id,
  account.version,
  account.balance,
  account.held,
  account.entries,
  account.spentOn,
  account.spent,
  account.credit,
];

const TRANSFER = `id text, linked_id text, kind text, currency text, amount bigint, debit_account text, credit_account text,
  hold_id text, reference text, reason text, at timestamptz`;
const ENTRY = `transfer_id text, side text, account_id text, currency text, amount bigint, sequence bigint, balance_after bigint`;
const HOLD = `id text, account_id text, owner_id text, currency text, amount bigint, captured bigint, refunded bigint, credit_used bigint, state text,
  reference text, counted_on date, bucket smallint, created_at timestamptz, expires_at timestamptz`;

const names = (typed: string): string => typed.replaceAll(/(\w+) \w+/g, '$1');

const ACCOUNT = ['text', 'bigint', 'bigint', 'bigint', 'bigint', 'date', 'bigint', 'bigint'];
const GIVEN_BEFORE = 3;
const statements = new Map<number, string>();

/**
 * The statement for so many accounts. Their new values stand in it row by row, so that the planner knows how few they
 * are and goes by the primary key; from JSON it would expect a hundred and read the whole table while that is small.
 */
const writeStatement = (accounts: number): string => {
  const known = statements.get(accounts);
  if (known) return known;
  const rows = Array.from({ length: accounts }, (_, row) => {
    const values = ACCOUNT.map((type, column) => `$${GIVEN_BEFORE + row * ACCOUNT.length + column + 1}::${type}`);
    return `(${values.join(', ')})`;
  });
  const marks = Array.from({ length: accounts }, (_, row) => {
    const id = GIVEN_BEFORE + row * ACCOUNT.length + 1;
    return `($${id}::text, $${id + 1}::bigint + 1)`;
  });
  const statement = WRITE.replace('MARKS', marks.join(', ')).replace('ROWS', rows.join(', '));
  statements.set(accounts, statement);
  return statement;
};

const INSERT_TRANSFERS = `INSERT INTO transfer (${names(TRANSFER)}) SELECT ${names(TRANSFER)} FROM jsonb_to_recordset($1::jsonb) AS new (${TRANSFER})`;
const INSERT_ENTRIES = `INSERT INTO entry (${names(ENTRY)}) SELECT ${names(ENTRY)} FROM jsonb_to_recordset($2::jsonb) AS new (${ENTRY})`;

/** Transfers with their entries, where no owner's account takes part. */
export const POST_TRANSFERS = `WITH posted AS (${INSERT_TRANSFERS}) ${INSERT_ENTRIES}`;

const WRITE = `
WITH posted AS (
  ${INSERT_TRANSFERS}
), entered AS (
  ${INSERT_ENTRIES}
), held AS (
  INSERT INTO hold (${names(HOLD)}) SELECT ${names(HOLD)} FROM jsonb_to_recordset($3::jsonb) AS new (${HOLD})
  ON CONFLICT (id) DO UPDATE SET captured = EXCLUDED.captured, refunded = EXCLUDED.refunded, credit_used = EXCLUDED.credit_used, state = EXCLUDED.state
), marked AS (
  INSERT INTO stale_balance (account_id, version) VALUES MARKS ON CONFLICT (account_id) DO UPDATE SET version = EXCLUDED.version
)
UPDATE account SET balance = new.balance, held = new.held, entries = new.entries, version = account.version + 1,
  spent_on = new.spent_on, spent = new.spent, credit = new.credit
FROM (VALUES ROWS) AS new (id, version, balance, held, entries, spent_on, spent, credit)
WHERE account.id = new.id AND account.version = new.version`;
