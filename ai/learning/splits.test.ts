import fc from 'fast-check';
import { refuseLeaks, splitByTime } from './splits.ts';

const DAY = 86_400_000;
const rows = (...days: number[]) => days.map((day) => ({ at: day * DAY }));

test('a test that begins once all training labels are known is a split', () => {
  expect(() => refuseLeaks(rows(1, 2), rows(9, 10), 7 * DAY)).not.toThrow();
});

test('a random split, one without room for the label delay and an empty one are refused, with what to do', () => {
  expect(() => refuseLeaks(rows(1, 5), rows(2, 6), 0)).toThrow('before the last training label is known');
  expect(() => refuseLeaks(rows(1, 2), rows(8), 7 * DAY)).toThrow('train on rows before 1970-01-02T00:00:00.000Z only');
  expect(() => refuseLeaks([], rows(8), 0)).toThrow('needs rows');
});

test('a split by time keeps every row once, and nothing of the later part is before the earlier', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { minLength: 1 }),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      (days, share) => {
        const [before, after] = splitByTime(rows(...days), share);
        expect([...before, ...after].map(({ at }) => at)).toEqual(
          rows(...days)
            .map(({ at }) => at)
            .toSorted((a, b) => a - b),
        );
        expect(Math.max(-1, ...before.map(({ at }) => at))).toBeLessThan(Math.min(...after.map(({ at }) => at)));
      },
    ),
  );
});
