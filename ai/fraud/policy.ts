import type { Money } from '../../microservices/chassis/contract/index.ts';

export type Decision = 'approve' | 'review' | 'reject';

/** What mistakes and looking cost, in shares of an order's amount; see contract/policy.ts for each field in words. */
export interface Costs {
  expectedFraudRate: number;
  fraudLossRate: number;
  rejectedGoodOrderCost: number;
  reviewCosts: Money[];
  reviewCostShare: number;
  reviewAccuracy: number;
  alwaysReviewFrom: number;
  neverRejectBelow: number;
  whenDegraded: 'thresholds' | 'review';
  reviewHours: number;
}

export interface Policy extends Costs {
  version: number;
  changedAt: string | null;
}

/**
 * What holds until a merchant says otherwise: 1 order in 200 is fraud; a fraud costs the whole order, an honest customer turned away 30 % of it
 * (margin and goodwill), a look 3.00 EUR or USD; people who look are right 9 times in 10; from an even chance on somebody looks whatever it costs, and
 * below 80 % nobody is refused.
 */
export const DEFAULT_POLICY: Policy = {
  version: 0,
  expectedFraudRate: 0.005,
  fraudLossRate: 1,
  rejectedGoodOrderCost: 0.3,
  reviewCosts: [
    { amount: 300, currency: 'EUR' },
    { amount: 300, currency: 'USD' },
  ],
  reviewCostShare: 0.06,
  reviewAccuracy: 0.9,
  alwaysReviewFrom: 0.5,
  neverRejectBelow: 0.8,
  whenDegraded: 'thresholds',
  reviewHours: 72,
  changedAt: null,
};

export interface Thresholds {
  review: number;
  reject: number;
}

const within01 = (value: number): number => Math.min(1, Math.max(0, value));

/**
 * From which probabilities on a review, and a refusal, are the cheapest for an order of this amount (shares of the amount; L loss of a fraud, G cost
 * of refusing an honest order, R cost of a look, q how often who looks is right):
 *
 *   approve costs p·L;   reject costs (1 − p)·G;   review costs R + (1 − q)·(p·L + (1 − p)·G)
 *
 * Review beats approve from (R + (1 − q)·G) / (q·L + (1 − q)·G); reject beats review from (q·G − R) / (q·G + (1 − q)·L). The policy's floors then
 * lower the first and raise the second: people look at the likely ones however small, and no model refuses what it is unsure of.
 */
export const thresholdsFor = (policy: Costs, amount: Money | null): Thresholds => {
  const { fraudLossRate: loss, rejectedGoodOrderCost: good, reviewAccuracy: right } = policy;
  const look = lookShare(policy, amount);
  const review = within01((look + (1 - right) * good) / (right * loss + (1 - right) * good));
  const rejectNotReview = within01((right * good - look) / (right * good + (1 - right) * loss));
  // Where looking never pays, the choice is between approving and refusing alone.
  const cheapest = review < rejectNotReview ? rejectNotReview : good / (loss + good);
  const reject = Math.max(cheapest, policy.neverRejectBelow);
  return { review: Math.min(review, policy.alwaysReviewFrom, reject), reject };
};

/** What a look costs as a share of the amount. Of an order that charges nothing nothing can be lost: looking never pays. */
const lookShare = ({ reviewCosts, reviewCostShare }: Costs, amount: Money | null): number => {
  const cost = amount && reviewCosts.find(({ currency }) => currency === amount.currency);
  if (!amount || !cost) return reviewCostShare;
  return amount.amount > 0 ? cost.amount / amount.amount : Infinity;
};

/** What to advise. Without history nothing is refused, and of an order that nothing is known of a person decides. */
export const decide = (
  policy: Costs,
  asked: { score: number; amount: Money | null; degraded: boolean },
): { decision: Decision; thresholds: Thresholds } => {
  const thresholds = thresholdsFor(policy, asked.amount);
  if (asked.degraded && (asked.amount === null || policy.whenDegraded === 'review'))
    return { decision: 'review', thresholds };
  if (asked.score >= thresholds.reject) return { decision: asked.degraded ? 'review' : 'reject', thresholds };
  return { decision: asked.score >= thresholds.review ? 'review' : 'approve', thresholds };
};

export type ReviewState = 'open' | 'approved' | 'rejected' | 'expired';
export type ReviewMove = 'approve' | 'reject' | 'expire';

/** from → move → to. What a person decided stands. */
export const REVIEW_MOVES: Record<ReviewState, Partial<Record<ReviewMove, ReviewState>>> = {
  open: { approve: 'approved', reject: 'rejected', expire: 'expired' },
  approved: {},
  rejected: {},
  expired: {},
};

/** The state after the move, or undefined when it is not possible. */
export const moveReview = (state: ReviewState, move: ReviewMove): ReviewState | undefined => REVIEW_MOVES[state][move];

/** What a person can do with a review in this state. */
export const allowedMoves = (state: ReviewState): ReviewMove[] =>
  (['approve', 'reject'] as const).filter((move) => REVIEW_MOVES[state][move] !== undefined);
