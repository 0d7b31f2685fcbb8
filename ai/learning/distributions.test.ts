import { beta } from './distributions.ts';
import { seededRandom } from './random.ts';

test.each([
  [0.3, 0.7],
  [1, 1],
  [2, 5],
  [300, 100],
])('shares after %p hits and %p misses have the mean and the variance of the beta distribution', (hits, misses) => {
  const random = seededRandom(1);
  const drawn = Array.from({ length: 40_000 }, () => beta(hits, misses, random));
  const total = hits + misses;
  const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
  const variance = drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length;
  const expected = (hits * misses) / (total ** 2 * (total + 1));
  expect(Math.abs(mean - hits / total)).toBeLessThan(5 * Math.sqrt(expected / drawn.length));
  expect(variance / expected).toBeGreaterThan(0.95);
  expect(variance / expected).toBeLessThan(1.05);
  expect(Math.min(...drawn.slice(0, 1_000))).toBeGreaterThanOrEqual(0);
});

test('counts of nothing are refused', () => {
  expect(() => beta(0, 1, seededRandom(1))).toThrow('needs counts above 0, not 0 and 1.');
});
