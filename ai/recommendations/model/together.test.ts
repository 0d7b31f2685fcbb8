import fc from 'fast-check';
import { seededRandom } from '../../learning/random.ts';
import { boughtTogether } from './together.ts';

/** 0 is bought by most; 1 and 2 go together; 3 is bought by chance. */
const orders = (): number[][] => {
  const random = seededRandom(1);
  return Array.from({ length: 2_000 }, () => {
    const withPair = random() < 0.05;
    const chances = [0.7, withPair ? 0.8 : 0.02, withPair ? 0.8 : 0.02, 0.1];
    return [...chances.entries()].filter(([, chance]) => random() < chance).map(([item]) => item);
  });
};

test('finds what goes together, and neither the best seller nor what chance put there', () => {
  const [ofBestSeller, ofFirst, ofSecond, ofChance] = boughtTogether(orders(), 4);
  expect(ofFirst?.map(({ item }) => item)).toEqual([2]);
  expect(ofSecond?.map(({ item }) => item)).toEqual([1]);
  expect(ofBestSeller).toEqual([]);
  expect(ofChance).toEqual([]);
});

test('both items of a pair are as sure of each other, and have been in as many orders', () => {
  const history = fc.uniqueArray(fc.nat(4), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(history, { maxLength: 60 }), (some) => {
      const together = boughtTogether([...some, ...some, ...some, ...some], 5);
      for (const [item, companions] of together.entries())
        for (const companion of companions) {
          const back = together[companion.item]?.find((one) => one.item === item);
          expect(back?.orders).toBe(companion.orders);
          expect(back?.sureness).toBeCloseTo(companion.sureness, 9);
        }
    }),
  );
});

test('nothing is sure of a few orders', () => {
  expect(boughtTogether([[0, 1], [0, 1], [2]], 3)).toEqual([[], [], []]);
});
