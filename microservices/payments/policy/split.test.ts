import fc from 'fast-check';
import { splitAmount, takeInOrder } from './split.ts';

const wanted = fc.record({
  amount: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
  weight: fc.integer({ min: 1, max: 10_000 }),
});

test('parts sum to the amount exactly, fixed ones keep theirs, and equal weights differ by one at most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(wanted, { minLength: 1, maxLength: 5 }),
      (total, parts) => {
        const amounts = splitAmount(total, parts, 'KWD');
        if (!amounts) return;
        expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(total);
        for (const [index, { amount, weight }] of parts.entries()) {
          if (amount !== undefined) expect(amounts[index]).toBe(amount);
          for (const [other, part] of parts.entries())
            if (amount === undefined && part.amount === undefined && part.weight === weight)
              expect(Math.abs((amounts[index] ?? 0) - (amounts[other] ?? 0))).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

test.each([
  [100, [{ amount: 101, weight: 1 }]],
  [100, [{ amount: 99, weight: 1 }]],
  [100, [{ amount: 100, weight: 1 }, { weight: 1 }]],
  [1, [{ weight: 1 }, { weight: 1 }]],
])('%d is not split into %j', (total, parts) => {
  expect(splitAmount(total, parts, 'JPY')).toBeUndefined();
});

test('an amount is taken in order, never more than there is', () => {
  fc.assert(
    fc.property(fc.nat({ max: 500 }), fc.array(fc.nat({ max: 200 }), { maxLength: 5 }), (amount, available) => {
      const taken = takeInOrder(amount, available);
      const all = available.reduce((sum, one) => sum + one, 0);
      expect(taken === undefined).toBe(amount > all);
      if (!taken) return;
      expect(taken.reduce((sum, one) => sum + one, 0)).toBe(amount);
      for (const [index, some] of taken.entries()) {
        expect(some).toBeLessThanOrEqual(available[index] ?? 0);
        if (some < (available[index] ?? 0)) expect(taken.slice(index + 1).every((later) => later === 0)).toBe(true);
      }
    }),
  );
});
