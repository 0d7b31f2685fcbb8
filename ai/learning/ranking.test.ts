import fc from 'fast-check';
import { ndcgAt, ranksOf } from './ranking.ts';

test('a wanted item stands behind all others of its rating, and excluded items have no place', () => {
  const ratings = Float64Array.of(5, 3, 3, 3, 1);
  expect(ranksOf({ ratings, isExcluded: (item) => item === 0, wanted: new Set([2]) })).toEqual([2]);
  expect(ranksOf({ ratings, isExcluded: () => false, wanted: new Set([1, 2]) })).toEqual([2, 3]);
  expect(ranksOf({ ratings, isExcluded: () => false, wanted: new Set([0, 4]) })).toEqual([0, 4]);
  expect(ranksOf({ ratings, isExcluded: () => true, wanted: new Set([0]) })).toEqual([]);
});

test('ranks are places in the order by rating, the wanted last among equals', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }), fc.nat(), (values, seed) => {
      const wanted = new Set([...values.keys()].filter((item) => (seed >> (item % 8)) % 2 === 1));
      const order = [...values.keys()].toSorted(
        (left, right) =>
          (values[right] ?? 0) - (values[left] ?? 0) || Number(wanted.has(left)) - Number(wanted.has(right)),
      );
      const places = [...order.entries()].filter(([, item]) => wanted.has(item)).map(([place]) => place);
      expect(ranksOf({ ratings: Float64Array.from(values), isExcluded: () => false, wanted })).toEqual(places);
    }),
  );
});

test('the gain is 1 when all that was wanted stands first, and falls with its place', () => {
  expect(ndcgAt(10, [0, 1, 2], 3)).toBe(1);
  expect(ndcgAt(2, [0, 1], 5)).toBe(1);
  expect(ndcgAt(10, [1], 1)).toBeCloseTo(1 / Math.log2(3), 12);
  expect(ndcgAt(10, [10], 1)).toBe(0);
});
