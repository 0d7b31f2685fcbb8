import fc from 'fast-check';
import { seededRandom } from '../learning/random.ts';
import { bestOf } from './model/best.ts';
import { popularityOf, rerank, show, type ItemFacts, type ShowOptions } from './policy.ts';

const plain: ItemFacts = { available: true, group: null, margin: null };
const never = (): boolean => false;

const showAll = (
  ratings: readonly number[],
  options: Partial<ShowOptions>,
  facts: Readonly<Record<number, Partial<ItemFacts>>> = {},
  popularity: readonly number[] = ratings.map(() => 0),
) =>
  show(
    {
      ratings: Float64Array.from(ratings),
      popularity: Float64Array.from(popularity),
      factsOf: (item) => ({ ...plain, ...facts[item] }),
      isExcluded: never,
      random: seededRandom(1),
    },
    { exploration: 0, ...options },
  );

const itemsOf = (shown: readonly { item: number }[]): number[] => shown.map(({ item }) => item);

test('the best-rated items are the first of all items sorted by rating', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 9 })), fc.integer({ min: 1, max: 9 }), (ratings, most) => {
      const isAllowed = (item: number): boolean => item % 3 !== 0;
      const sorted = [...ratings.keys()]
        .filter((item) => isAllowed(item) && (ratings[item] ?? 0) > 0)
        .toSorted((left, right) => (ratings[right] ?? 0) - (ratings[left] ?? 0) || left - right);
      expect(bestOf(Float64Array.from(ratings), most, isAllowed)).toEqual(sorted.slice(0, most));
    }),
  );
});

test('shows what can be bought, by rating, and fills up with what is popular', () => {
  const shown = showAll([3, 5, 4, 0, 0], { most: 4 }, { 1: { available: false } }, [9, 9, 9, 1, 2]);
  expect(shown.map(({ item, source }) => [item, source])).toEqual([
    [2, 'model'],
    [0, 'model'],
    [4, 'popular'],
    [3, 'popular'],
  ]);
});

test('a customer of whom nothing is known sees what is popular', () => {
  expect(itemsOf(showAll([0, 0, 0], { most: 2 }, {}, [1, 3, 2]))).toEqual([1, 2]);
});

test('items of one group take turns with others, and a better margin decides between equals', () => {
  const facts = { 0: { group: 'mugs' }, 1: { group: 'mugs' }, 2: { group: 'plates' } };
  expect(itemsOf(showAll([10, 9, 8], { most: 3, repetition: 0.8 }, facts))).toEqual([0, 2, 1]);
  expect(itemsOf(showAll([10, 9, 8], { most: 3, repetition: 1 }, facts))).toEqual([0, 1, 2]);
  expect(itemsOf(showAll([5, 5], { most: 2 }, { 1: { margin: 0.4 } }))).toEqual([1, 0]);
});

test('propensities are the true chances of what the last place shows', () => {
  const [random, runs] = [seededRandom(7), 10_000];
  const seen = new Map<number, { times: number; propensity: number }>();
  for (let run = 0; run < runs; run += 1) {
    const shown = show(
      {
        ratings: Float64Array.of(6, 5, 4, 3, 2, 1),
        popularity: new Float64Array(6),
        factsOf: () => plain,
        isExcluded: never,
        random,
      },
      { most: 3, exploration: 0.3 },
    );
    expect(shown.slice(0, 2).map(({ item, propensity }) => [item, propensity])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    const [last] = shown.slice(2);
    if (last) seen.set(last.item, { times: (seen.get(last.item)?.times ?? 0) + 1, propensity: last.propensity });
  }
  expect([...seen.keys()].toSorted()).toEqual([2, 3, 4, 5]);
  for (const { times, propensity } of seen.values()) expect(times / runs).toBeCloseTo(propensity, 1.5);
  expect([...seen.values()].reduce((sum, { propensity }) => sum + propensity, 0)).toBeCloseTo(1, 12);
});

test('popularity halves with each half-life, whatever the order, and knows nothing of later', () => {
  const day = 86_400_000;
  const purchases = [
    { item: 0, at: 10 * day },
    { item: 0, at: 3 * day },
    { item: 1, at: 11 * day },
  ];
  const options = { items: 2, now: 10 * day, halfLifeDays: 7 };
  expect([...popularityOf(purchases, options)]).toEqual([1.5, 0]);
  expect(popularityOf(purchases.toReversed(), options)).toEqual(popularityOf(purchases, options));
});

test('a search keeps its results, and those that fit the customer come forward', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(29)),
      fc.array(fc.integer({ min: -2, max: 5 }), { minLength: 30 }),
      (results, all) => {
        const ratings = Float64Array.from(all);
        expect(rerank(results, ratings).toSorted()).toEqual(results.toSorted());
        expect(rerank(results, ratings, 0)).toEqual(results);
        expect(rerank(results, new Float64Array(30))).toEqual(results);
      },
    ),
  );
  expect(rerank([3, 0, 1, 2], Float64Array.of(0, 0, 9, 0))).toEqual([2, 3, 0, 1]);
});
