import fc from 'fast-check';
import { decide, DEFAULT_POLICY, thresholdsFor, type Costs, type Decision } from './policy.ts';

/** Evenly spread: fc.double would choose mostly tiny ones. */
const share = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1_000_000 }).map((step) => min + ((max - min) * step) / 1_000_000);
const costs: fc.Arbitrary<Costs> = fc.record({
  expectedFraudRate: share(0.0001, 0.5),
  fraudLossRate: share(0.01, 10),
  rejectedGoodOrderCost: share(0.01, 10),
  reviewCosts: fc.integer({ min: 1, max: 10_000 }).map((amount) => [{ amount, currency: 'EUR' }]),
  reviewCostShare: share(0, 1),
  reviewAccuracy: share(0.5, 1),
  alwaysReviewFrom: share(0, 1),
  neverRejectBelow: share(0.5, 1),
  whenDegraded: fc.constantFrom('thresholds' as const, 'review' as const),
  reviewHours: fc.integer({ min: 1, max: 8_760 }),
});
const amount = fc.record({
  amount: fc.integer({ min: 1, max: 1_000_000 }),
  currency: fc.constantFrom('EUR', 'JPY'),
});

describe('thresholds', () => {
  test('the decision is the cheapest; refusals below their floor are the cheaper of the others, and approvals above theirs are reviewed', () => {
    fc.assert(
      fc.property(costs, amount, share(0, 1), (policy, money, score) => {
        const look =
          money.currency === 'EUR' ? (policy.reviewCosts[0]?.amount ?? 0) / money.amount : policy.reviewCostShare;
        const mistakes = score * policy.fraudLossRate + (1 - score) * policy.rejectedGoodOrderCost;
        const cost: Record<Decision, number> = {
          approve: score * policy.fraudLossRate,
          review: look + (1 - policy.reviewAccuracy) * mistakes,
          reject: (1 - score) * policy.rejectedGoodOrderCost,
        };
        const { decision, thresholds } = decide(policy, { score, amount: money, degraded: false });
        const [first = 0, second = 0, third = 0] = Object.values(cost).toSorted((a, b) => a - b);
        fc.pre(second - first > 1e-6 && third - second > 1e-6);
        const cheapest = (...of: Decision[]): Decision => of.toSorted((a, b) => cost[a] - cost[b])[0] ?? 'review';
        const refused = cheapest('approve', 'review', 'reject') === 'reject' && score >= policy.neverRejectBelow;
        const expected = refused ? 'reject' : cheapest('approve', 'review');
        expect(decision).toBe(expected === 'approve' && score >= policy.alwaysReviewFrom ? 'review' : expected);
        expect(thresholds.review).toBeLessThanOrEqual(thresholds.reject);
      }),
      { numRuns: 2_000 },
    );
  });

  test('by default a review pays from 10 % of 50 EUR on and from 4 % of 1,000 EUR on, and no order is refused below 80 %', () => {
    const small = thresholdsFor(DEFAULT_POLICY, { amount: 5_000, currency: 'EUR' });
    expect(small.review).toBeCloseTo(0.0968, 4);
    expect(small.reject).toBe(0.8);
    const large = thresholdsFor(DEFAULT_POLICY, { amount: 100_000, currency: 'EUR' });
    expect(large.review).toBeCloseTo(0.0355, 4);
    expect(thresholdsFor(DEFAULT_POLICY, { amount: 5_000, currency: 'JPY' }).review).toBeCloseTo(0.0968, 4);
  });

  test('an order that charges nothing is reviewed from an even chance on', () => {
    const free = { amount: 0, currency: 'EUR' };
    expect(thresholdsFor(DEFAULT_POLICY, free)).toEqual({ review: 0.5, reject: 0.8 });
  });
});

describe('without history', () => {
  const money = { amount: 5_000, currency: 'EUR' };
  test('nothing is refused, however high the score', () => {
    expect(decide(DEFAULT_POLICY, { score: 0.99, amount: money, degraded: false }).decision).toBe('reject');
    expect(decide(DEFAULT_POLICY, { score: 0.99, amount: money, degraded: true }).decision).toBe('review');
    expect(decide(DEFAULT_POLICY, { score: 0.001, amount: money, degraded: true }).decision).toBe('approve');
  });

  test('an order is reviewed when nothing is known of it, or when the policy wants it', () => {
    expect(decide(DEFAULT_POLICY, { score: 0.001, amount: null, degraded: true }).decision).toBe('review');
    const careful = { ...DEFAULT_POLICY, whenDegraded: 'review' as const };
    expect(decide(careful, { score: 0.001, amount: money, degraded: true }).decision).toBe('review');
    expect(decide(careful, { score: 0.001, amount: money, degraded: false }).decision).toBe('approve');
  });
});
