import fc from 'fast-check';
import { seededRandom } from '../../learning/random.ts';
import { bestPrice, elasticities, shrunk, type Sale } from './elasticity.ts';

const elasticity = fc.double({ min: -5, max: -0.2, noNaN: true });
const prices = fc.uniqueArray(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 4, maxLength: 30 });

const salesOf = (group: string, all: readonly number[], e: number, level: number, promoted = false): Sale[] =>
  all.map((price) => ({ group, price, quantity: level * price ** e, promoted }));

test('finds the elasticity that made the sales, whatever the levels of the groups', () => {
  fc.assert(
    fc.property(prices, elasticity, elasticity, (all, first, second) => {
      const found = elasticities([...salesOf('a', all, first, 10), ...salesOf('b', all, second, 1_000)]);
      expect(found.byGroup.get('a')?.elasticity).toBeCloseTo(first, 6);
      expect(found.byGroup.get('b')?.elasticity).toBeCloseTo(second, 6);
      // The groups have the same prices, so that they weigh the same.
      expect(found.pooled.elasticity).toBeCloseTo((first + second) / 2, 6);
    }),
  );
});

test('promotion has an elasticity of its own', () => {
  const sales = [...salesOf('a', [1, 2, 3, 4], -2, 10), ...salesOf('a', [1, 2, 3, 4], -4, 30, true)];
  const found = elasticities(sales).byPromotion.get('a');
  expect(found?.regular.elasticity).toBeCloseTo(-2, 9);
  expect(found?.promoted.elasticity).toBeCloseTo(-4, 9);
});

test('19 of 20 intervals of two standard errors hold the truth', () => {
  const random = seededRandom(3);
  const noise = () => random() + random() + random() - 1.5;
  const runs = 400;
  const held = Array.from({ length: runs }, () => {
    const sales = Array.from({ length: 60 }, () => 1 + 9 * random()).map((price) => ({
      group: 'a',
      price,
      quantity: 100 * price ** -2.5 * Math.exp(noise()),
      promoted: false,
    }));
    const { pooled } = elasticities(sales);
    return Math.abs(pooled.elasticity + 2.5) < 2 * pooled.standardError;
  }).filter(Boolean).length;
  expect(held / runs).toBeGreaterThan(0.92);
  expect(held / runs).toBeLessThan(0.98);
});

test('one price says nothing: the standard error is infinite, and the pooled elasticity stands in', () => {
  const sales = [...salesOf('a', [1, 2, 3, 4], -2, 10), ...salesOf('b', [5, 5, 5, 5], -3, 10)];
  const found = elasticities(sales);
  const own = found.byGroup.get('b');
  expect(own).toEqual({ elasticity: 0, standardError: Infinity, rows: 4 });
  expect(own && shrunk(own, found.pooled, 0.5)).toBeCloseTo(-2, 9);
});

test('a group of its own estimate is drawn to the pooled one by what it does not know', () => {
  const pooled = { elasticity: -2, standardError: 0.1, rows: 900 };
  expect(shrunk({ elasticity: -4, standardError: 0.5, rows: 20 }, pooled, 0.5)).toBeCloseTo(-3, 12);
  expect(shrunk({ elasticity: -4, standardError: 1e-6, rows: 20 }, pooled, 0.5)).toBeCloseTo(-4, 6);
});

test('no other price earns more than the best one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 100, noNaN: true }),
      fc.double({ min: -6, max: -1.1, noNaN: true }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      (cost, e, factor) => {
        const best = bestPrice(cost, e) ?? NaN;
        const profit = (price: number) => (price - cost) * (price / best) ** e;
        expect(profit(best)).toBeGreaterThanOrEqual(profit(best * factor) * (1 - 1e-9));
      },
    ),
  );
  expect(bestPrice(10, -1)).toBeUndefined();
});

test('refuses what has no logarithm, naming it', () => {
  expect(() => elasticities([{ group: 'a', price: 0, quantity: 3, promoted: false }])).toThrow('"a" sold 3 at 0.');
});
