import fc from 'fast-check';
import { finalPrice, floorOf, missingTo, shownPrice, sizeOf, tierReached } from './tiers.ts';

/** Tiers that grow in size and fall in price. */
const tiers = fc
  .array(fc.record({ more: fc.integer({ min: 1, max: 20 }), less: fc.integer({ min: 1, max: 500 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((steps) => {
    let [size, price] = [1, 10_000];
    return steps.map(({ more, less }) => ({ size: (size += more), price: (price -= less) }));
  });
const counts = fc.array(fc.integer({ min: 0, max: 110 }), { minLength: 1, maxLength: 20 });

test('the price charged is never above the one shown while joining, and all who joined early pay the tier reached', () => {
  fc.assert(
    fc.property(tiers, counts, (list, members) => {
      // What is reached never goes back, however many members come and go.
      const reached = members.map((_, index) =>
        Math.max(...members.slice(0, index + 1).map((count) => tierReached(list, count)?.size ?? 0)),
      );
      const last = reached.at(-1) ?? 0;
      for (const [index, at] of reached.entries()) {
        const shown = shownPrice(list, at);
        expect(finalPrice(list, last, shown)).toBeLessThanOrEqual(shown);
        expect(finalPrice(list, last, shown)).toBe(shownPrice(list, last));
        expect(index).toBeLessThan(reached.length);
      }
    }),
  );
});

test('with the missing members the next tier is reached, and with the last one nobody is missing', () => {
  fc.assert(
    fc.property(tiers, fc.integer({ min: 0, max: 110 }), (list, members) => {
      const missing = missingTo(list, members);
      const before = tierReached(list, members)?.size ?? 0;
      if (missing === 0) expect(before).toBe(sizeOf(list));
      else expect(tierReached(list, members + missing)?.size ?? 0).toBeGreaterThan(before);
    }),
  );
});

test('a floor is the least amount that is not below its share of the list price', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 10_000 }), (price, share) => {
      const floor = BigInt(floorOf(price, share)) * 10_000n;
      expect(floor >= BigInt(price) * BigInt(share)).toBe(true);
      expect(floor - 10_000n < BigInt(price) * BigInt(share)).toBe(true);
    }),
  );
});
