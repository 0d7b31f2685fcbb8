import fc from 'fast-check';
import { calibrated, calibrationSchema, isotonic, platt } from './calibration.ts';
import {
  averagePrecision,
  brierScore,
  brierSkill,
  calibrationError,
  recallAt,
  reliability,
  type Judged,
} from './metrics.ts';
import { seededRandom } from './random.ts';

const judgedOf = (...pairs: [number, number][]): Judged[] =>
  pairs.map(([score, positive]) => ({ score, positive: positive === 1 }));
const judged = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 20 }).map((step) => step / 20), positive: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
);

describe('average precision', () => {
  test('is the mean of the precision at each positive', () => {
    // Ranked: + − + − +; precisions 1/1, 2/3, 3/5.
    expect(averagePrecision(judgedOf([0.9, 1], [0.8, 0], [0.7, 1], [0.6, 0], [0.5, 1]))).toBeCloseTo(
      (1 + 2 / 3 + 3 / 5) / 3,
    );
  });

  test('counts ties against the model: all scores equal is worse than the share of positives', () => {
    expect(averagePrecision(judgedOf([0.5, 1], [0.5, 0], [0.5, 0]))).toBeCloseTo(1 / 3);
    expect(averagePrecision(judgedOf([0.5, 1], [0.5, 1], [0.5, 0], [0.5, 0]))).toBeCloseTo((1 / 3 + 2 / 4) / 2);
    expect(averagePrecision(judgedOf([0.5, 0]))).toBeNaN();
  });

  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(judged, (rows) => {
        expect(averagePrecision(rows.toReversed())).toEqual(averagePrecision(rows));
      }),
    );
  });
});

test('Brier score, reliability and calibration error agree with a small example by hand', () => {
  const rows = judgedOf([0.1, 0], [0.1, 1], [0.9, 1], [0.9, 1]);
  expect(brierScore(rows)).toBeCloseTo((0.01 + 0.81 + 0.01 + 0.01) / 4);
  const bins = reliability(rows, [0, 0.5, 0.95]);
  expect(bins).toEqual([
    { from: 0, count: 2, meanScore: 0.1, positiveRate: 0.5 },
    { from: 0.5, count: 2, meanScore: 0.9, positiveRate: 1 },
  ]);
  expect(calibrationError(bins)).toBeCloseTo((0.4 + 0.1) / 2);
});

test('recall at a share of false alarms stops before the tie that would raise too many', () => {
  const rows = judgedOf([0.9, 1], [0.8, 0], [0.7, 1], [0.6, 0], [0.6, 1], [0.1, 0], [0.1, 0]);
  expect(recallAt(rows, 0)).toBeCloseTo(1 / 3);
  expect(recallAt(rows, 0.25)).toBeCloseTo(2 / 3);
  expect(recallAt(rows, 0.5)).toBe(1);
});

test('Brier skill is 0 for the share of positives and 1 for the truth', () => {
  expect(brierSkill(judgedOf([0.25, 1], [0.25, 0], [0.25, 0], [0.25, 0]))).toBeCloseTo(0);
  expect(brierSkill(judgedOf([1, 1], [0, 0]))).toBe(1);
});

describe('calibration', () => {
  test('isotonic: pools what is out of order, draws lines between the pools, and says nothing beyond them', () => {
    const calibration = isotonic(judgedOf([0.125, 0], [0.25, 1], [0.375, 0], [0.5, 1]));
    expect(calibration).toEqual({ kind: 'isotonic', scores: [0.125, 0.3125, 0.5], rates: [0, 0.5, 1] });
    const between = [0, 0.125, 0.21875, 0.3125, 0.5, 0.9].map((score) => calibrated(calibration, score));
    expect(between).toEqual([0, 0, 0.25, 0.5, 1, 1]);
    expect(calibrated(isotonic([]), 0.3)).toBe(0.3);
    // 1/3 + 2/3 is more than 1 in floating point here.
    expect(calibrated(isotonic(judgedOf([0, 1], [0, 0], [0, 0], [0.85, 1])), 0.85)).toBe(1);
  });

  test('never turns a ranking round, gives probabilities, and is the same after a trip through JSON', () => {
    fc.assert(
      fc.property(judged, fc.constantFrom(isotonic, platt), (rows, fit) => {
        const before = fit(rows);
        const after = calibrationSchema.parse(JSON.parse(JSON.stringify(before)));
        const steps = Array.from({ length: 21 }, (_, step) => calibrated(after, step / 20));
        expect(steps).toEqual(Array.from({ length: 21 }, (_, step) => calibrated(before, step / 20)));
        expect(steps.every((step) => step >= 0 && step <= 1)).toBe(true);
        // Platt's curve falls where the scores are worse than chance; that is no reason to turn them round twice.
        const rising = after.kind === 'isotonic' || after.slope >= 0 ? steps : steps.toReversed();
        expect(rising).toEqual(rising.toSorted((left, right) => left - right));
      }),
    );
  });

  test('both repair scores that are four times too high', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 4_000 }, () => {
      const score = random();
      return { score, positive: random() < score / 4 };
    });
    for (const calibration of [isotonic(rows), platt(rows)]) {
      const after = rows.map(({ score, positive }) => ({ score: calibrated(calibration, score), positive }));
      expect(calibrationError(reliability(after, [0, 0.05, 0.1, 0.15, 0.2]))).toBeLessThan(0.015);
      expect(brierScore(after)).toBeLessThan(brierScore(rows));
    }
  });
});
