import fc from 'fast-check';
import { moved, planFreed, planReturn, planShipment, stateOf, type Part, type ReturnedPart } from './whereabouts.ts';

interface Line extends Part {
  returned: number;
  shipped: number;
  allocated: number;
}

const SKUS = ['cup', 'pot'];
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A committed line, some of whose units were shipped, some freed, and some of the shipped ones came back. */
const line: fc.Arbitrary<Line> = fc
  .record({
    sku: fc.constantFrom(...SKUS),
    locationId: fc.constantFrom('loc_a', 'loc_b', 'loc_c'),
    quantity: fc.integer({ min: 1, max: 9 }),
    shares: fc.tuple(share, share, share),
  })
  .map(({ shares: [ofShipped, ofFreed, ofBack], ...rest }) => {
    const shipped = Math.floor(rest.quantity * ofShipped);
    const freed = Math.floor((rest.quantity - shipped) * ofFreed);
    return {
      ...rest,
      shipped,
      allocated: rest.quantity - shipped - freed,
      returned: freed + Math.floor(shipped * ofBack),
    };
  });
const lines = fc
  .array(line, { minLength: 1, maxLength: 6 })
  .map((all) => [...new Map(all.map((one) => [`${one.sku} ${one.locationId}`, one])).values()]);
const wishes = fc.array(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 12 }) }), {
  maxLength: 4,
});

const unitsOf = (parts: readonly { sku: string; quantity: number }[], sku: string): number =>
  parts.filter((part) => part.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
const partOf = <P extends Part>(parts: readonly P[], { sku, locationId }: Line): P | undefined =>
  parts.find((part) => part.sku === sku && part.locationId === locationId);
const outOf = ({ quantity, returned, shipped, allocated }: Line): number =>
  shipped - (returned - (quantity - shipped - allocated));
const afterReturn = (before: readonly Line[], parts: readonly ReturnedPart[]): Line[] =>
  before.map((one) => {
    const part = partOf(parts, one);
    return part ? moved(one, { returned: part.quantity, unshipped: part.unshipped }) : one;
  });

describe('returning', () => {
  test('never gives a location more back than it gave, and no more unshipped units than are allocated', () => {
    fc.assert(
      fc.property(lines, wishes, (before, wanted) => {
        const after = afterReturn(before, planReturn(before, wanted).lines);
        for (const one of after) {
          expect(one.returned).toBeLessThanOrEqual(one.quantity);
          expect(one.allocated).toBeGreaterThanOrEqual(0);
          expect(outOf(one)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('gives back what was asked, or names the excess; what was shipped first', () => {
    fc.assert(
      fc.property(lines, wishes, (before, wanted) => {
        const plan = planReturn(before, wanted);
        for (const sku of SKUS) {
          const asked = unitsOf(wanted, sku);
          const excess = plan.excess.find((one) => one.sku === sku);
          expect(unitsOf(plan.lines, sku)).toBe(excess ? excess.returnable : asked);
          const unshipped = plan.lines.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.unshipped, 0);
          const out = before.filter((one) => one.sku === sku).reduce((sum, one) => sum + outOf(one), 0);
          expect(unshipped).toBe(Math.max(0, Math.min(asked, excess?.returnable ?? asked) - out));
        }
      }),
    );
  });

  test('without a wish everything that is left goes back, and after that nothing; the state says which', () => {
    fc.assert(
      fc.property(lines, (before) => {
        const after = afterReturn(before, planReturn(before).lines);
        expect(after.every(({ quantity, returned }) => quantity === returned)).toBe(true);
        expect(planReturn(after).lines).toEqual([]);
        expect(stateOf(after)).toBe(before.some(({ shipped }) => shipped > 0) ? 'returned' : 'released');
      }),
    );
  });
});

describe('a parcel', () => {
  test('takes what is allocated, as much as it names, its own location first', () => {
    fc.assert(
      fc.property(lines, wishes, fc.constantFrom('loc_a', 'loc_b', null), (before, wanted, from) => {
        const parts = planShipment(before, wanted, from);
        for (const sku of SKUS) {
          const ofSku = before.filter((one) => one.sku === sku);
          const allocated = ofSku.reduce((sum, one) => sum + one.allocated, 0);
          expect(unitsOf(parts, sku)).toBe(Math.min(allocated, unitsOf(wanted, sku)));
          const here = ofSku.find(({ locationId }) => locationId === from);
          if (here) expect(partOf(parts, here)?.quantity ?? 0).toBe(Math.min(here.allocated, unitsOf(wanted, sku)));
        }
        for (const one of before) expect(partOf(parts, one)?.quantity ?? 0).toBeLessThanOrEqual(one.allocated);
      }),
    );
  });
});

describe('freeing', () => {
  test('leaves allocated what will still be shipped, and no more', () => {
    fc.assert(
      fc.property(lines, fc.dictionary(fc.constantFrom(...SKUS), fc.nat(12)), (before, open) => {
        const parts = planFreed(before, new Map(Object.entries(open)));
        const after = afterReturn(before, parts);
        for (const sku of SKUS) {
          const had = before.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.allocated, 0);
          const has = after.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.allocated, 0);
          expect(has).toBe(Math.min(had, open[sku] ?? 0));
        }
        expect(parts.every(({ quantity, unshipped }) => quantity === unshipped)).toBe(true);
        for (const [index, one] of after.entries()) expect(one.shipped).toBe(before[index]?.shipped);
      }),
    );
  });
});
