import fc from 'fast-check';
import { isotonicCalibration } from './isotonic.ts';
import { averagePrecision, brierScore, calibrationError, reliability, type Judged } from './metrics.ts';

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

describe('isotonic calibration', () => {
  test('pools what is out of order', () => {
    const calibrated = isotonicCalibration(judgedOf([0.1, 0], [0.2, 1], [0.3, 0], [0.4, 1]));
    expect([0, 0.1, 0.2, 0.3, 0.4, 0.9].map(calibrated)).toEqual([0, 0, 0.5, 0.5, 1, 1]);
  });

  test('never turns a ranking round, and is no worse in squared error on what it was made from', () => {
    fc.assert(
      fc.property(judged, (rows) => {
        const calibrated = isotonicCalibration(rows);
        const steps = Array.from({ length: 21 }, (_, step) => calibrated(step / 20));
        expect(steps).toEqual(steps.toSorted((left, right) => left - right));
        const after = rows.map(({ score, positive }) => ({ score: calibrated(score), positive }));
        expect(brierScore(after)).toBeLessThanOrEqual(brierScore(rows) + 1e-12);
      }),
    );
  });
});
