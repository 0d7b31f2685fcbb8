/** The events of this domain as they might really be. */
import { exampleId } from '../../../microservices/chassis/contract/index.ts';

const order = { orderId: exampleId('ord'), customerId: exampleId('cus') };
const review = { ...order, reviewId: exampleId('frv'), scoreId: exampleId('frs') };
const at = '2026-11-23T10:00:00.000Z';

export const fraudExamples = {
  'fraud.scored': {
    ...order,
    scoreId: exampleId('frs'),
    score: 0.31,
    decision: 'review' as const,
    baseLogOdds: -4.2,
    reasons: [
      { code: 'ORDERS_LAST_HOUR', contribution: 1.9 },
      { code: 'AMOUNT_ABOVE_USUAL', contribution: 1.5 },
    ],
    features: { ordersLastHour: 4, amountOverMedian: 6.5 },
    modelVersion: '1',
    policyVersion: 2,
    degraded: false,
    reviewId: exampleId('frv'),
    latencyMs: 12,
    scoredAt: at,
  },
  'fraud.review_opened': { ...review, score: 0.31, codes: ['ORDERS_LAST_HOUR'], expiresAt: '2026-11-24T10:00:00.000Z' },
  'fraud.review_decided': { ...review, state: 'approved' as const, actor: 'key:administrator', decidedAt: at },
  'fraud.review_expired': { ...review, cause: 'time' as const },
  'fraud.labelled': {
    orderId: exampleId('ord'),
    label: 'fraud' as const,
    source: 'chargeback' as const,
    labelledAt: at,
  },
  'fraud.policy_changed': {
    version: 3,
    expectedFraudRate: 0.01,
    fraudLossRate: 1,
    rejectedGoodOrderCost: 0.3,
    reviewCosts: [{ amount: 300, currency: 'EUR' }],
    reviewCostShare: 0.05,
    reviewAccuracy: 0.95,
    alwaysReviewFrom: 0.5,
    neverRejectBelow: 0.9,
    whenDegraded: 'thresholds' as const,
    reviewHours: 24,
  },
};
