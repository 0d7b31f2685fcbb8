import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { DisputeState } from '../contract/disputes.ts';

export interface Dispute {
  id: string;
  provider: string;
  providerDisputeId: string;
  paymentId: string;
  partId: string;
  state: DisputeState;
  currency: string;
  amount: number;
  reason: string;
  evidence: string | null;
  evidenceDueBy: string | null;
  openedAt: string;
  closedAt: string | null;
  orderId: string | null;
}

const DISPUTE = `${columns(
  [
    'id',
    'provider',
    'providerDisputeId',
    'paymentId',
    'partId',
    'state',
    'currency',
    'amount',
    'reason',
    'evidence',
    'evidenceDueBy',
    'openedAt',
    'closedAt',
  ],
  'd',
)}, y.order_id AS "orderId"`;
const FROM = 'FROM dispute d JOIN payment y ON y.id = d.payment_id';

export const findDispute = (db: Queryable, id: string): Promise<Dispute | undefined> =>
  db.maybeOne<Dispute>(`SELECT ${DISPUTE} ${FROM} WHERE d.id = $1`, [id]);

export const disputesOf = (db: Queryable, paymentId: string): Promise<Dispute[]> =>
  db.rows<Dispute>(`SELECT ${DISPUTE} ${FROM} WHERE d.payment_id = $1 ORDER BY d.id`, [paymentId]);

export const listDisputes = (
  db: Queryable,
  filter: { paymentId?: string | undefined; state?: DisputeState | undefined; limit: number },
  before?: string,
): Promise<Dispute[]> =>
  db.rows<Dispute>(
    `SELECT ${DISPUTE} ${FROM}
     WHERE ($1::text IS NULL OR d.payment_id = $1) AND ($2::text IS NULL OR d.state = $2) AND ($3::text IS NULL OR d.id < $3)
     ORDER BY d.id DESC LIMIT $4`,
    [filter.paymentId ?? null, filter.state ?? null, before ?? null, filter.limit + 1],
  );

/** Keeps a dispute as it stands; its evidence stays. */
export const saveDispute = async (tx: Queryable, dispute: Dispute): Promise<void> => {
  await tx.run(
    `INSERT INTO dispute (id, provider, provider_dispute_id, payment_id, part_id, state, currency, amount, reason, evidence_due_by, opened_at, closed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, closed_at = EXCLUDED.closed_at, evidence_due_by = EXCLUDED.evidence_due_by`,
    [
      dispute.id,
      dispute.provider,
      dispute.providerDisputeId,
      dispute.paymentId,
      dispute.partId,
      dispute.state,
      dispute.currency,
      dispute.amount,
      dispute.reason,
      dispute.evidenceDueBy,
      dispute.openedAt,
      dispute.closedAt,
    ],
  );
};

/** Keeps what is sent to the bank; false when something was sent before. */
export const keepEvidence = async (db: Queryable, id: string, evidence: string): Promise<boolean> =>
  (await db.run(
    `UPDATE dispute SET evidence = $2 WHERE id = $1 AND (evidence IS NULL OR evidence = $2) AND state = 'needs_response'`,
    [id, evidence],
  )) > 0;
