import type { Queryable } from '../../chassis/database/index.ts';
import type { Transfer, TransferKind } from '../policy/book.ts';
import { transferColumns } from './rows.ts';

/** A transfer with the owners of its two sides; null for the platform's own books. */
export interface OwnedTransfer extends Transfer {
  fromOwnerId: string | null;
  toOwnerId: string | null;
}

const OWNED = `SELECT ${transferColumns('t')}, payer.owner_id AS "fromOwnerId", receiver.owner_id AS "toOwnerId"
  FROM transfer t LEFT JOIN account payer ON payer.id = t.debit_account LEFT JOIN account receiver ON receiver.id = t.credit_account`;

export const findTransfer = (database: Queryable, transferId: string): Promise<OwnedTransfer | undefined> =>
  database.maybeOne<OwnedTransfer>(`${OWNED} WHERE t.id = $1`, [transferId]);

/** The refund of a hold with this reference. */
export const findRefund = (tx: Queryable, holdId: string, reference: string): Promise<Transfer | undefined> =>
  tx.maybeOne<Transfer>(
    `SELECT ${transferColumns()} FROM transfer WHERE hold_id = $1 AND reference = $2 AND kind = 'refund'`,
    [holdId, reference],
  );

/** The first top-up to an account, or payout or write-off from it, with this reference. */
export const findOutside = (
  tx: Queryable,
  kind: 'top_up' | 'payout' | 'write_off',
  accountId: string,
  reference: string,
): Promise<Transfer | undefined> => tx.maybeOne<Transfer>(FIRST[kind], [accountId, reference]);

// The kinds are written out, so that each statement uses its own partial index.
const FIRST = {
  top_up: `SELECT ${transferColumns()} FROM transfer
  WHERE credit_account = $1 AND reference = $2 AND kind = 'top_up' ORDER BY id LIMIT 1`,
  payout: `SELECT ${transferColumns()} FROM transfer
  WHERE debit_account = $1 AND reference = $2 AND kind = 'payout' ORDER BY id LIMIT 1`,
  write_off: `SELECT ${transferColumns()} FROM transfer
  WHERE debit_account = $1 AND reference = $2 AND kind = 'write_off' ORDER BY id LIMIT 1`,
};

export interface TransferFilter {
  reference?: string | undefined;
  linkedId?: string | undefined;
  kind?: TransferKind | undefined;
  currency?: string | undefined;
  from: Date | null;
  to: Date | null;
  /** Only those before this id (newest come first). */
  before: string | null;
  limit: number;
}

export const listTransfers = (database: Queryable, filter: TransferFilter): Promise<OwnedTransfer[]> =>
  database.rows<OwnedTransfer>(
    `${OWNED}
     WHERE ($1::text IS NULL OR t.reference = $1) AND ($2::text IS NULL OR t.linked_id = $2 OR t.id = $2)
       AND ($3::text IS NULL OR t.kind = $3) AND ($4::text IS NULL OR t.currency = $4)
       AND ($5::timestamptz IS NULL OR t.at >= $5) AND ($6::timestamptz IS NULL OR t.at < $6)
       AND ($7::text IS NULL OR t.id < $7)
     ORDER BY t.id DESC LIMIT $8`,
    [
      filter.reference ?? null,
      filter.linkedId ?? null,
      filter.kind ?? null,
      filter.currency ?? null,
      filter.from,
      filter.to,
      filter.before,
      filter.limit,
    ],
  );
