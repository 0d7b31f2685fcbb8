import { columns } from '../../../microservices/chassis/database/columns.ts';
import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import type { Reason } from '../model.ts';
import type { ReviewState } from '../policy/states.ts';

export interface Review {
  id: string;
  orderId: string;
  scoreId: string;
  customerId: string | null;
  amount: number | null;
  currency: string | null;
  score: number;
  reasons: Reason[];
  state: ReviewState;
  openedAt: string;
  expiresAt: string;
  decidedAt: string | null;
  decidedBy: string | null;
  reason: string | null;
}

const OF_REVIEW = [
  'id',
  'orderId',
  'scoreId',
  'customerId',
  'state',
  'openedAt',
  'expiresAt',
  'decidedAt',
  'decidedBy',
  'reason',
];
const REVIEW = `${columns(OF_REVIEW, 'review')}, ${columns(['amount', 'currency', 'score', 'reasons'], 'score')}
FROM review JOIN score ON score.id = review.score_id`;

/** Opens the review of an order; false when it has one, whatever its state. */
export const insertReview = async (
  tx: Queryable,
  review: Pick<Review, 'id' | 'orderId' | 'scoreId' | 'customerId' | 'openedAt' | 'expiresAt'>,
): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO review (id, order_id, score_id, customer_id, state, opened_at, expires_at) VALUES ($1, $2, $3, $4, 'open', $5, $6)
     ON CONFLICT (order_id) DO NOTHING`,
    [review.id, review.orderId, review.scoreId, review.customerId, review.openedAt, review.expiresAt],
  )) === 1;

export const findReview = (database: Queryable, reviewId: string): Promise<Review | undefined> =>
  database.maybeOne<Review>(`SELECT ${REVIEW} WHERE review.id = $1`, [reviewId]);

export const lockReview = (tx: Queryable, reviewId: string): Promise<Review | undefined> =>
  tx.maybeOne<Review>(`SELECT ${REVIEW} WHERE review.id = $1 FOR UPDATE OF review`, [reviewId]);

/** The open review of an order, locked. */
export const lockOpenReview = (tx: Queryable, orderId: string): Promise<Review | undefined> =>
  tx.maybeOne<Review>(`SELECT ${REVIEW} WHERE review.order_id = $1 AND review.state = 'open' FOR UPDATE OF review`, [
    orderId,
  ]);

/** Overdue open reviews, locked; those that others have locked are skipped. */
export const lockDueReviews = (tx: Queryable, now: string, limit: number): Promise<Review[]> =>
  tx.rows<Review>(
    `SELECT ${REVIEW} WHERE review.state = 'open' AND review.expires_at <= $1
     ORDER BY review.expires_at LIMIT $2 FOR UPDATE OF review SKIP LOCKED`,
    [now, limit],
  );

export const saveReview = async (
  tx: Queryable,
  review: Pick<Review, 'id' | 'state' | 'decidedAt' | 'decidedBy' | 'reason'>,
): Promise<void> => {
  await tx.run('UPDATE review SET state = $2, decided_at = $3, decided_by = $4, reason = $5 WHERE id = $1', [
    review.id,
    review.state,
    review.decidedAt,
    review.decidedBy,
    review.reason,
  ]);
};

export interface ReviewFilter {
  state: ReviewState;
  orderId?: string | undefined;
  customerId?: string | undefined;
  /** Only those beyond this id, in the order of the list. */
  beyond: string | null;
  limit: number;
}

const WANTED = `WHERE review.state = $1 AND ($2::text IS NULL OR review.order_id = $2) AND ($3::text IS NULL OR review.customer_id = $3)`;
const OLDEST_FIRST = `SELECT ${REVIEW} ${WANTED} AND ($4::text IS NULL OR review.id > $4) ORDER BY review.id LIMIT $5`;
const NEWEST_FIRST = `SELECT ${REVIEW} ${WANTED} AND ($4::text IS NULL OR review.id < $4) ORDER BY review.id DESC LIMIT $5`;

/** Open reviews as a queue, oldest first; closed ones newest first. */
export const listReviews = (database: Queryable, filter: ReviewFilter): Promise<Review[]> =>
  database.rows<Review>(filter.state === 'open' ? OLDEST_FIRST : NEWEST_FIRST, [
    filter.state,
    filter.orderId ?? null,
    filter.customerId ?? null,
    filter.beyond,
    filter.limit,
  ]);
