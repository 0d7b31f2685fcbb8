import type { Database, Queryable } from '../../../chassis/database/index.ts';
import { newId } from '../../../chassis/ids.ts';
import type { PspDispute } from '../port.ts';

const DAYS = 14;
const DAY = 86_400_000;

/** The customer disputes what was captured: the bank takes it back and waits for evidence. */
export const openDispute = async (tx: Queryable, payment: { id: string }, amount: number, at: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO bank_dispute (id, payment_id, amount, status, due_by) VALUES ($1, $2, $3, 'needs_response', $4)`,
    [newId('bdp'), payment.id, amount, new Date(at.getTime() + DAYS * DAY)],
  );
};

/** Disputes as they stand; without evidence in time they are lost. */
export const disputesAt = (db: Queryable, paymentId: string, at: Date): Promise<PspDispute[]> =>
  db.rows<PspDispute>(
    `SELECT id, amount, 'product_not_received' AS reason, due_by AS "dueBy",
       CASE WHEN status = 'needs_response' AND due_by <= $2 THEN 'lost' ELSE status END AS status
     FROM bank_dispute WHERE payment_id = $1 ORDER BY id`,
    [paymentId, at],
  );

/** The test bank reads one thing in a defence: the words "losing evidence". All else convinces it. */
export const decideDispute = async (database: Database, id: string, evidence: string, at: Date): Promise<void> => {
  const status = evidence.includes('losing evidence') ? 'lost' : 'won';
  await database.run(
    `UPDATE bank_dispute SET status = $2 WHERE id = $1 AND status = 'needs_response' AND due_by > $3`,
    [id, status, at],
  );
};
