import fc from 'fast-check';
import { seededRandom } from '../random.ts';
import { createWatch, DEFAULT_BUDGET, type Made } from './budget.ts';
import { decilesOf, stabilityIndex } from './drift.ts';

const scores = (seed: number, count: number, shift = 0): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random() ** 2 + shift);
};
const proven = scores(1, 2_000);

const breachAfter = (made: readonly Made[]) => {
  const watch = createWatch(proven);
  for (const one of made) watch.add(one);
  return watch.breach();
};
const made = (count: number, ofOne: (index: number) => Partial<Made> = () => ({})): Made[] =>
  scores(2, count).map((score, index) => ({ score, ms: 1, ...ofOne(index) }));

test('a version within its budget stays, and so does one of which too little is known', () => {
  expect(breachAfter(made(1_000))).toBeUndefined();
  expect(breachAfter(made(DEFAULT_BUDGET.least - 1, () => ({ score: null })))).toBeUndefined();
});

test('errors, latency and drift are each noticed', () => {
  expect(breachAfter(made(1_000, (index) => (index % 50 === 0 ? { score: null } : {})))).toEqual({
    cause: 'errors',
    value: expect.closeTo(0.02, 9) as number,
    allowed: 0.01,
  });
  expect(breachAfter(made(1_000, (index) => (index % 50 === 0 ? { ms: 80 } : {})))).toEqual({
    cause: 'latency',
    value: 80,
    allowed: 10,
  });
  expect(breachAfter(scores(3, 1_000, 0.3).map((score) => ({ score, ms: 1 })))).toMatchObject({ cause: 'drift' });
});

test('what is long past is forgotten', () => {
  expect(breachAfter([...made(1_000, () => ({ score: null })), ...made(2_000)])).toBeUndefined();
});

test('the stability index is 0 for the same values, small for others of one kind, and never below 0', () => {
  expect(stabilityIndex(proven, proven)).toBeCloseTo(0, 12);
  expect(stabilityIndex(proven, scores(4, 2_000))).toBeLessThan(0.1);
  expect(stabilityIndex(proven, [])).toBe(0);
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, values, (before, lately) => {
      expect(stabilityIndex(before, lately)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('deciles part values into tenths, and equal values have one bound', () => {
  expect(decilesOf(Array.from({ length: 100 }, (_, value) => value))).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(decilesOf([3, 3, 3])).toEqual([3]);
});
