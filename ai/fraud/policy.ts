import type { Money } from '../../microservices/chassis/contract/index.ts';

export type Decision = 'approve' | 'review' | 'reject';

/** Costs of mistakes and reviews, in shares of an order's amount; contract/policy.ts describes each field. */
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
 * Valid until a merchant changes it: 1 order in 200 is fraud; a fraud costs the whole order, a refused honest order 30
 * % of it (margin and goodwill), a review 3.00 EUR or USD; reviewers are right 9 times in 10; from an even chance on an
 * order is reviewed whatever that costs, and below 80 % no order is refused.
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
 * The probabilities from which a review, and a refusal, are the cheapest for an order of this amount (shares of the
 * amount; L loss of a fraud, G cost of refusing an honest order, R cost of a review, q how often the reviewer is
 * right):
 *
 *   approve costs p·L;   reject costs (1 − p)·G;   review costs R + (1 − q)·(p·L + (1 − p)·G)
 *
 * Review beats approve from (R + (1 − q)·G) / (q·L + (1 − q)·G); reject beats review from (q·G − R) / (q·G + (1 −
 * q)·L). The policy's floors then lower the first and raise the second: likely frauds are reviewed however small, and
 * no model refuses when it is unsure.
 */
export const thresholdsFor = (policy: Costs, amount: Money | null): Thresholds => {
  const { fraudLossRate: loss, rejectedGoodOrderCost: good, reviewAccuracy: right } = policy;
  const reviewCost = reviewShare(policy, amount);
  const review = within01((reviewCost + (1 - right) * good) / (right * loss + (1 - right) * good));
  const rejectNotReview = within01((right * good - reviewCost) / (right * good + (1 - right) * loss));
  // Where a review never pays, the choice is between approving and refusing.
  const cheapest = review < rejectNotReview ? rejectNotReview : good / (loss + good);
  const reject = Math.max(cheapest, policy.neverRejectBelow);
  return { review: Math.min(review, policy.alwaysReviewFrom, reject), reject };
};

/** Cost of a review as a share of the amount. An order that charges nothing can lose nothing: a review never pays. */
const reviewShare = ({ reviewCosts, reviewCostShare }: Costs, amount: Money | null): number => {
  const cost = amount && reviewCosts.find(({ currency }) => currency === amount.currency);
  if (!amount || !cost) return reviewCostShare;
  return amount.amount > 0 ? cost.amount / amount.amount : Infinity;
};

/** The advice for an order. Without history no order is refused, and an order of which nothing is known is reviewed. */
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
