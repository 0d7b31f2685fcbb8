import fc from 'fast-check';
import { markdownOf, type Expiring } from './markdown.ts';

const expiring = fc
  .record({
    units: fc.integer({ min: 1, max: 4 }),
    days: fc.integer({ min: 1, max: 3 }),
    prices: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
    means: fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }),
    salvage: fc.integer({ min: -5, max: 1 }),
  })
  .map(({ units, days, prices, means, salvage }): Expiring => ({
    units,
    days,
    prices: prices.toSorted((left, right) => right - left),
    demand: means.toSorted((left, right) => left - right).slice(0, prices.length),
    salvage,
  }));

const chanceOf = (mean: number, asked: number): number => {
  let chance = Math.exp(-mean);
  for (let one = 1; one <= asked; one += 1) chance *= mean / one;
  return chance;
};

/** The same by trying every price on every day, for every number of units that may be asked for. */
const byTrying = (stock: Expiring, units: number, days: number, from: number): number => {
  const { prices, demand, salvage } = stock;
  if (days === 0 || units === 0) return units * salvage;
  return Math.max(
    ...prices.slice(from).map((price, offset) => {
      const mean = demand[from + offset] ?? 0;
      let [sum, left] = [0, 1];
      for (let asked = 0; asked < units; asked += 1) {
        const chance = chanceOf(mean, asked);
        left -= chance;
        sum += chance * (price * asked + byTrying(stock, units - asked, days - 1, from + offset));
      }
      return sum + left * price * units;
    }),
  );
};

test('earns what trying every plan earns', () => {
  fc.assert(
    fc.property(expiring, (stock) => {
      expect(markdownOf(stock).expected).toBeCloseTo(byTrying(stock, stock.units, stock.days, 0), 8);
    }),
  );
});

test('never expects less than leaving the price as it is', () => {
  fc.assert(
    fc.property(expiring, (stock) => {
      const { expected, unchanged } = markdownOf(stock);
      expect(expected).toBeGreaterThanOrEqual(unchanged - 1e-9);
    }),
  );
});

const bread: Expiring = { units: 5, days: 3, prices: [300, 200, 100], demand: [4, 8, 16], salvage: 0 };

test('keeps the price while the stock will sell, and lowers it when there is too much', () => {
  expect(markdownOf(bread).price).toBe(0);
  expect(markdownOf({ ...bread, units: 60, demand: [4, 8, 20] }).price).toBe(2);
});

test('plans a large stock over many days', () => {
  const large = { ...bread, units: 2_000, days: 60, demand: [20, 32, 50] };
  const { expected, unchanged } = markdownOf(large);
  expect(expected).toBeGreaterThan(unchanged);
  expect(expected).toBeLessThanOrEqual(2_000 * 300);
});

test.each<[Partial<Expiring>, string]>([
  [{ units: 0 }, 'not 0 units over 3 days.'],
  [{ days: 61 }, 'not 5 units over 61 days.'],
  [{ prices: [100, 200, 300] }, 'must descend: 200 stands after 100.'],
  [{ demand: [1] }, 'the demand at each, not 3 and 1.'],
  [{ demand: [1, 2, -1] }, 'Demand is 0 or more units a day, not -1.'],
  [{ salvage: 101 }, 'A unit that is left is worth 101'],
])('refuses %p', (wrong, message) => {
  expect(() => markdownOf({ ...bread, ...wrong })).toThrow(message);
});
