import fc from 'fast-check';
import { commitmentOf, cutsOf } from './cuts.ts';

const seeds = fc.stringMatching(/^[0-9a-f]{64}$/);

test('the cuts of a bargain are its sum exactly, and none is nothing', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 100 }), fc.nat({ max: 10 ** 11 }), (seed, count, more) => {
      const cuts = cutsOf(seed, count + more, count);
      expect(cuts).toHaveLength(count);
      expect(cuts.every((cut) => Number.isSafeInteger(cut) && cut >= 1)).toBe(true);
      expect(cuts.reduce((sum, cut) => sum + cut, 0)).toBe(count + more);
    }),
  );
});

test('one seed always gives the same cuts, as whoever checks them calculates', () => {
  const seed = '00'.repeat(32);
  expect(cutsOf(seed, 1_000, 4)).toEqual(cutsOf(seed, 1_000, 4));
  expect(cutsOf(seed, 1_000, 4)).not.toEqual(cutsOf('01'.repeat(32), 1_000, 4));
  expect(commitmentOf(seed)).toMatch(/^[0-9a-f]{64}$/);
});

test('with as many minor units as friends each cuts one; fewer cannot be', () => {
  expect(cutsOf('seed', 5, 5)).toEqual([1, 1, 1, 1, 1]);
  expect(() => cutsOf('seed', 4, 5)).toThrow(RangeError);
});
