import type { Queryable } from '../../chassis/database/index.ts';
import type { TransferKind } from '../policy/book.ts';

export interface StatementFilter {
  accountId: string;
  kind?: TransferKind | undefined;
  direction?: 'in' | 'out' | undefined;
  reference?: string | undefined;
  from: Date | null;
  to: Date | null;
  order: 'newest' | 'oldest';
  /** Only lines beyond this sequence, in the order asked for. */
  beyond: number | null;
  limit: number;
}

export interface StatementLine {
  sequence: number;
  transferId: string;
  kind: TransferKind;
  direction: 'in' | 'out';
  amount: number;
  balanceAfter: number;
  counterparty: string | null;
  holdId: string | null;
  reference: string;
  at: string;
}

/** Lines of one account in the order of its entries, which is the order they were posted in. */
export const statementLines = async (database: Queryable, filter: StatementFilter): Promise<StatementLine[]> =>
  database.rows<StatementLine>(filter.order === 'newest' ? NEWEST : OLDEST, [
    filter.accountId,
    filter.kind ?? null,
    filter.direction ?? null,
    filter.reference ?? null,
    filter.from,
    filter.to,
    filter.beyond,
    filter.limit,
  ]);

const LINES = `
SELECT e.sequence, e.transfer_id AS "transferId", t.kind, CASE e.side WHEN 'credit' THEN 'in' ELSE 'out' END AS direction, e.amount,
  e.balance_after AS "balanceAfter", other.owner_id AS counterparty, t.hold_id AS "holdId", t.reference, t.at
FROM entry e JOIN transfer t ON t.id = e.transfer_id
LEFT JOIN account other ON other.id = CASE e.side WHEN 'credit' THEN t.debit_account ELSE t.credit_account END
WHERE e.account_id = $1 AND e.sequence IS NOT NULL AND ($2::text IS NULL OR t.kind = $2)
  AND ($3::text IS NULL OR e.side = CASE $3 WHEN 'in' THEN 'credit' ELSE 'debit' END)
  AND ($4::text IS NULL OR t.reference = $4) AND ($5::timestamptz IS NULL OR t.at >= $5) AND ($6::timestamptz IS NULL OR t.at < $6)`;
const NEWEST = `${LINES} AND ($7::bigint IS NULL OR e.sequence < $7) ORDER BY e.sequence DESC LIMIT $8`;
const OLDEST = `${LINES} AND ($7::bigint IS NULL OR e.sequence > $7) ORDER BY e.sequence LIMIT $8`;
