import type { Queryable } from '../../chassis/database/index.ts';
import type { ClearingTransfer } from '../policy/postings.ts';

export interface Posting {
  reference: string;
  transfers: ClearingTransfer[];
}

/** Keeps transfers for the ledger, once for each reference; a job posts them. */
export const keepPosting = async (
  tx: Queryable,
  { reference, transfers, paymentId, at }: Posting & { paymentId: string | null; at: Date },
): Promise<void> => {
  await tx.run(
    `INSERT INTO posting (reference, payment_id, transfers, due_at) VALUES ($1, $2, $3::jsonb, $4)
     ON CONFLICT (reference) DO NOTHING`,
    [reference, paymentId, JSON.stringify(transfers), at],
  );
};

/** Transfers that are to be posted, and puts their next attempt off. */
export const takeDuePostings = (db: Queryable, at: Date, nextAt: Date, limit: number): Promise<Posting[]> =>
  db.rows<Posting>(
    `UPDATE posting SET due_at = $2 WHERE reference IN (
       SELECT reference FROM posting WHERE posted_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
     ) RETURNING reference, transfers`,
    [at, nextAt, limit],
  );

export const markPosted = async (db: Queryable, reference: string, at: Date): Promise<void> => {
  await db.run('UPDATE posting SET posted_at = $2 WHERE reference = $1 AND posted_at IS NULL', [reference, at]);
};
