import type { z } from 'zod';
import type { Money } from '../../../microservices/chassis/contract/index.ts';
import type * as values from '../contract/values.ts';
import type { policy as policySchema } from '../contract/policy.ts';
import { thresholdsFor, type Policy } from '../policy.ts';
import type { MadeScore, Score } from '../store/scores.ts';
import type { Review } from '../store/reviews.ts';

const moneyOf = ({ amount, currency }: { amount: number | null; currency: string | null }): Money | null =>
  amount === null || currency === null ? null : { amount, currency };

const decisionOf = (made: MadeScore) => ({
  id: made.id,
  orderId: made.orderId,
  customerId: made.customerId,
  amount: moneyOf(made),
  score: made.score,
  decision: made.decision,
  baseLogOdds: made.baseLogOdds,
  reasons: made.reasons,
  features: { ...made.features },
  thresholds: made.thresholds,
  modelVersion: made.modelVersion,
  policyVersion: made.policyVersion,
  degraded: made.degraded,
  latencyMs: made.latencyMs,
  scoredAt: made.scoredAt,
});

/** A recorded decision in the form of the contract. */
export const scoreResponse = (score: Score): z.input<typeof values.score> => ({
  ...decisionOf(score),
  recorded: true,
  reviewId: score.reviewId,
  reviewState: score.reviewState,
  outcome:
    score.label === null || score.labelSource === null || score.labelledAt === null
      ? null
      : { label: score.label, source: score.labelSource, labelledAt: score.labelledAt },
});

/** A decision that could not be recorded yet. */
export const unrecordedResponse = (made: MadeScore, reviewId: string | null): z.input<typeof values.score> => ({
  ...decisionOf(made),
  recorded: false,
  reviewId,
  reviewState: reviewId === null ? null : 'open',
  outcome: null,
});

export const reviewResponse = ({ amount, currency, ...review }: Review): z.input<typeof values.review> => ({
  ...review,
  amount: moneyOf({ amount, currency }),
});

/** Orders that a policy's thresholds are shown for, in minor units. */
const SHOWN_AMOUNTS = [1_000, 2_500, 5_000, 10_000, 25_000, 100_000];

export const policyResponse = (policy: Policy): z.input<typeof policySchema> => {
  const currency = policy.reviewCosts[0]?.currency ?? 'EUR';
  return {
    ...policy,
    thresholds: SHOWN_AMOUNTS.map((amount) => ({
      amount: { amount, currency },
      ...thresholdsFor(policy, { amount, currency }),
    })),
  };
};
