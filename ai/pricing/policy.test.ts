import fc from 'fast-check';
import { protectedAmong, withinRails, type Rails } from './policy.ts';

const rails: Rails = { floor: 800, ceiling: 2_000, stepPerDay: 0.1, approvalAbove: 0.05 };
const at = (proposed: number, current = 1_000, dayStart = current, changed: Partial<Rails> = {}) =>
  withinRails({ proposed, current, dayStart }, { ...rails, ...changed });

test('a small change is applied, a large one waits for a person, none is kept', () => {
  expect(at(1_040)).toEqual({ price: 1_040, decision: 'apply', limits: [] });
  expect(at(1_080)).toEqual({ price: 1_080, decision: 'approve', limits: ['LARGE_CHANGE'] });
  expect(at(1_000.4)).toEqual({ price: 1_000, decision: 'keep', limits: [] });
});

test('several changes of a day stay within the step from its first price', () => {
  expect(at(1_200, 1_080, 1_000)).toEqual({ price: 1_100, decision: 'apply', limits: ['STEP_PER_DAY'] });
  expect(at(500, 940, 1_000)).toEqual({ price: 900, decision: 'apply', limits: ['FLOOR', 'STEP_PER_DAY'] });
});

test('a floor that today’s step does not reach is reached with a person’s consent', () => {
  expect(at(1_000, 1_000, 1_000, { floor: 1_300 })).toEqual({
    price: 1_300,
    decision: 'approve',
    limits: ['FLOOR', 'STEP_PER_DAY', 'BEYOND_STEP', 'LARGE_CHANGE'],
  });
});

test('whatever a model says, the price is whole, between floor and ceiling, and large changes need a person', () => {
  const price = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      price,
      price,
      price,
      price,
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (proposed, current, dayStart, one, other, stepPerDay, approvalAbove) => {
        const [floor, ceiling] = [Math.min(one, other), Math.max(one, other)];
        const railed = withinRails({ proposed, current, dayStart }, { floor, ceiling, stepPerDay, approvalAbove });
        expect(Number.isSafeInteger(railed.price)).toBe(true);
        expect(railed.price).toBeGreaterThanOrEqual(floor);
        expect(railed.price).toBeLessThanOrEqual(ceiling);
        if (railed.decision === 'keep') expect(railed.price).toBe(current);
        if (railed.decision === 'apply') {
          expect(Math.abs(railed.price - current)).toBeLessThanOrEqual(approvalAbove * current);
          expect(Math.abs(railed.price - dayStart)).toBeLessThanOrEqual(stepPerDay * dayStart + 1e-6);
        }
      },
    ),
  );
});

test('limits that leave no price are refused', () => {
  expect(() => at(1_000, 1_000, 1_000, { floor: 3_000 })).toThrow(
    'The floor 3000 and the ceiling 2000 leave no price.',
  );
  expect(() => at(1_000, 1_000, 1_000, { floor: 0.5 })).toThrow('Give whole minor units');
  expect(() => at(1_000, 1_000, 1_000, { stepPerDay: 1 })).toThrow('A step per day lies from 0 to below 1');
});

test('names of protected attributes are found, and words that only contain them are not', () => {
  expect(protectedAmong(['customerGender', 'birth_date', 'AGE', 'preferred-language'])).toHaveLength(4);
  expect(protectedAmong(['averageOrder', 'package', 'recency', 'usageDays', 'sextant'])).toEqual([]);
});
