import fc from 'fast-check';
import { factorize, invert } from './linear/cholesky.ts';
import { ridge } from './linear/ridge.ts';
import { logisticContributions, logisticScore, trainLogistic } from './logistic.ts';
import { sampleOf, seededRandom } from './random.ts';
import { sigmoid } from './trees/objective.ts';

/** M Mᵀ + I of a random M: symmetric and positive definite. */
const definite = (size: number, seed: number): Float64Array => {
  const random = seededRandom(seed);
  const m = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => random() - 0.5));
  const row = (left: Float64Array) =>
    m.map((right) => left.reduce((sum, value, k) => sum + value * (right[k] ?? 0), 0));
  return Float64Array.from(m.flatMap(row), (value, at) => value + Number(Math.floor(at / size) === at % size));
};

/** The largest distance of A · B from the identity. */
const distance = (a: Float64Array, b: Float64Array, size: number): number => {
  let worst = 0;
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < size; k += 1) sum += (a[i * size + k] ?? 0) * (b[k * size + j] ?? 0);
      worst = Math.max(worst, Math.abs(sum));
    }
  return worst;
};

test('the blocked inverse is the inverse, for sizes below, at and across blocks', () => {
  for (const size of [1, 3, 63, 64, 65, 130, 199]) {
    const a = definite(size, size);
    expect(distance(a, invert(a.slice(), size), size)).toBeLessThan(1e-10);
  }
});

test('a matrix that is not positive definite is refused, naming the pivot', () => {
  expect(() => factorize(Float64Array.of(1, 2, 2, 1), 2)).toThrow('pivot 1 is -3');
});

const random = seededRandom(5);
const columns = [0, 1].map(() => Float64Array.from({ length: 400 }, () => random() * 4 - 2));
const table = { names: ['x', 'y'], columns, rows: 400 };
const lineOf = (row: number): number => 1 + 2 * (columns[0]?.[row] ?? 0) - 3 * (columns[1]?.[row] ?? 0);

test('ridge finds a line exactly without a penalty, and shrinks it with one', () => {
  const targets = Float64Array.from({ length: 400 }, (_, row) => lineOf(row));
  const { intercept, weights } = ridge(table, targets, 0);
  [intercept, ...weights].forEach((value, index) => expect(value).toBeCloseTo([1, 2, -3][index] ?? NaN, 10));
  expect(Math.abs(ridge(table, targets, 1_000).weights[1] ?? NaN)).toBeLessThan(2.5);
  const gap = { ...table, columns: [columns[0] ?? targets, targets.map((value, row) => (row === 3 ? NaN : value))] };
  expect(() => ridge(gap, targets, 1)).toThrow('"y" has values that are not known');
});

test('logistic regression is at the peak of its likelihood, and contributions sum to the log-odds', () => {
  const targets = Float64Array.from({ length: 400 }, (_, row) => Number(random() < sigmoid(lineOf(row))));
  const lambda = 1e-3;
  const model = trainLogistic(table, targets, lambda);
  const rows = Array.from({ length: 400 }, (_, row) => columns.map((column) => column[row] ?? 0));
  const misses = rows.map((row, index) => (targets[index] ?? 0) - logisticScore(model, row));
  expect(misses.reduce((sum, miss) => sum + miss, 0)).toBeCloseTo(0, 6);
  for (const [index, weight] of model.weights.entries()) {
    const slope = misses.reduce(
      (sum, miss, row) => sum + miss * ((rows[row]?.[index] ?? 0) - (model.means[index] ?? 0)),
      0,
    );
    expect(slope).toBeCloseTo(lambda * weight, 6);
  }
  fc.assert(
    fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(NaN, 0.5), (x, y) => {
      const parts = logisticContributions(model, [x, y]);
      expect(sigmoid(parts.reduce((sum, part) => sum + part, model.base))).toBeCloseTo(
        logisticScore(model, [x, y]),
        12,
      );
    }),
  );
});

test('random numbers depend on the seed alone, are evenly spread, and samples hold each number at most once', () => {
  const [one, same] = [seededRandom(9), seededRandom(9)];
  const drawn = Array.from({ length: 10_000 }, one);
  expect(drawn.slice(0, 5)).toEqual(Array.from({ length: 5 }, same));
  expect(drawn.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.5, 1);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.nat(),
      (size, share, seed) => {
        const sample = [...sampleOf(size, share, seededRandom(seed))];
        expect(new Set(sample).size).toBe(Math.max(1, Math.round(size * share)));
        expect(sample).toEqual(sample.toSorted((left, right) => left - right));
        expect(sample.every((value) => value >= 0 && value < size)).toBe(true);
      },
    ),
  );
});
