import fc from 'fast-check';
import { planReturn } from './returns.ts';

const line = fc
  .record({
    sku: fc.constantFrom('cup', 'pot'),
    locationId: fc.constantFrom('loc_a', 'loc_b', 'loc_c'),
    quantity: fc.integer({ min: 1, max: 9 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ share, ...rest }) => ({ ...rest, backordered: 0, returned: Math.floor(rest.quantity * share) }));
const taken = fc
  .array(line, { minLength: 1, maxLength: 6 })
  .map((lines) => [...new Map(lines.map((one) => [`${one.sku} ${one.locationId}`, one])).values()]);
const wanted = fc.array(fc.record({ sku: fc.constantFrom('cup', 'pot'), quantity: fc.integer({ min: 1, max: 12 }) }), {
  maxLength: 4,
});

describe('returning to stock', () => {
  test('never gives a location more back than it gave', () => {
    fc.assert(
      fc.property(taken, wanted, (lines, wishes) => {
        for (const back of planReturn(lines, wishes).lines) {
          const origin = lines.find(({ sku, locationId }) => sku === back.sku && locationId === back.locationId);
          expect(back.quantity + (origin?.returned ?? Infinity)).toBeLessThanOrEqual(origin?.quantity ?? 0);
        }
      }),
    );
  });

  test('gives back what was asked, or names the excess', () => {
    fc.assert(
      fc.property(taken, wanted, (lines, wishes) => {
        const plan = planReturn(lines, wishes);
        for (const sku of ['cup', 'pot']) {
          const asked = wishes.filter((wish) => wish.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
          const back = plan.lines.filter((one) => one.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
          const excess = plan.excess.find((one) => one.sku === sku);
          expect(back).toBe(excess ? excess.returnable : asked);
        }
      }),
    );
  });

  test('without a wish everything that is left goes back, and after that nothing', () => {
    fc.assert(
      fc.property(taken, (lines) => {
        const back = planReturn(lines).lines;
        const after = lines.map((one) => ({
          ...one,
          returned:
            one.returned +
            (back.find(({ sku, locationId }) => sku === one.sku && locationId === one.locationId)?.quantity ?? 0),
        }));
        expect(after.every(({ quantity, returned }) => quantity === returned)).toBe(true);
        expect(planReturn(after).lines).toEqual([]);
      }),
    );
  });
});
