import fc from 'fast-check';
import { likenessOf } from './attributes.ts';
import { neighbourRatings, trainNeighbours } from './neighbours.ts';

const ITEMS = 8;
const histories = fc.array(fc.uniqueArray(fc.nat(ITEMS - 1), { maxLength: ITEMS }), { minLength: 1, maxLength: 30 });

test('what came after an item speaks louder than what came before it, and what is near louder than what is far', () => {
  const ratings = neighbourRatings(trainNeighbours({ histories: [[0, 1, 2, 3]], items: 4 }));
  const [, after, far] = ratings.rate([0]);
  expect(after).toBeGreaterThan(far ?? NaN);
  const [before, , next] = ratings.rate([1]);
  expect(next).toBeGreaterThan(before ?? NaN);
});

test('the latest item of a history counts most', () => {
  const learnt = [
    [0, 2],
    [1, 3],
  ];
  const ratings = neighbourRatings(trainNeighbours({ histories: learnt, items: 4 }));
  const [, , ofOlder, ofLatest] = ratings.rate([0, 1]);
  expect(ofLatest).toBeGreaterThan(ofOlder ?? NaN);
});

test('an item that nobody took yet is found by its attributes, and speaks for others by them', () => {
  const likeness = likenessOf([['brand acme', 'mugs'], ['plates'], ['brand acme', 'mugs'], ['plates']]);
  const ratings = neighbourRatings(trainNeighbours({ histories: [[0, 1]], items: 4, likeness }));
  expect(ratings.rate([0])[2]).toBeGreaterThan(0);
  expect(ratings.rate([2])[0]).toBeGreaterThan(0);
  expect(ratings.rate([2])[1]).toBe(0);
});

test('the parts sum to the rating', () => {
  fc.assert(
    fc.property(histories, fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1 }), (learnt, history) => {
      const ratings = neighbourRatings(trainNeighbours({ histories: learnt, items: ITEMS }));
      for (const [item, rating] of ratings.rate(history).entries()) {
        const parts = history.map((_, position) => ratings.partOf(history, position, item));
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(rating, 9);
      }
    }),
  );
});

test('keeps the strongest neighbours, and no more than asked for', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: ITEMS }), (learnt, most) => {
      const all = trainNeighbours({ histories: learnt, items: ITEMS });
      const few = trainNeighbours({ histories: learnt, items: ITEMS }, { most });
      for (let item = 0; item < ITEMS; item += 1) {
        const [from, to] = [few.starts[item] ?? 0, few.starts[item + 1] ?? 0];
        const whole = all.items.subarray(all.starts[item], all.starts[item + 1]);
        expect([...few.items.subarray(from, to)]).toEqual([...whole.subarray(0, most)]);
      }
    }),
  );
});

test('the same histories give the same bytes', () => {
  fc.assert(
    fc.property(histories, (learnt) => {
      const bytes = () => {
        const { starts, items, weights } = trainNeighbours({ histories: learnt, items: ITEMS });
        return [starts, items, weights].map(({ buffer }) => Buffer.from(buffer).toString('base64'));
      };
      expect(bytes()).toEqual(bytes());
    }),
    { numRuns: 20 },
  );
});

test('items with equal attributes are wholly alike, items with common ones less, and never an item with itself', () => {
  const attributes = [['a', 'b'], ['b', 'a', 'a'], ['a'], ['c']];
  const alike = new Map<number, number>();
  likenessOf(attributes).forEachLike(0, (other, similarity) => alike.set(other, similarity));
  expect([...alike.keys()].toSorted()).toEqual([1, 2]);
  expect(alike.get(1)).toBeCloseTo(1, 12);
  expect(alike.get(2)).toBeLessThan(1);
});
