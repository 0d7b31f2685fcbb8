import fc from 'fast-check';
import {
  availableOf,
  crossing,
  isLow,
  mergeDeltas,
  removable,
  shortOf,
  soldOut,
  UNCHANGED,
  withDelta,
  type Stock,
} from './levels.ts';

const stock: fc.Arbitrary<Stock> = fc.record({
  sku: fc.constant('cup'),
  locationId: fc.constant('loc_a'),
  onHand: fc.integer({ min: 0, max: 50 }),
  reserved: fc.integer({ min: 0, max: 50 }),
  allocated: fc.integer({ min: 0, max: 50 }),
  incoming: fc.integer({ min: 0, max: 50 }),
  safety: fc.integer({ min: 0, max: 10 }),
  backorderable: fc.boolean(),
  backorderLimit: fc.option(fc.integer({ min: 0, max: 10 })),
  lowStockThreshold: fc.option(fc.integer({ min: 0, max: 20 })),
});

const delta = fc.record({
  onHand: fc.integer({ min: -30, max: 30 }),
  reserved: fc.integer({ min: -30, max: 30 }),
  allocated: fc.integer({ min: -30, max: 30 }),
  incoming: fc.integer({ min: -30, max: 30 }),
});

describe('levels', () => {
  test('over any run of changes, falls and rises alternate and end where the level stands', () => {
    fc.assert(
      fc.property(stock, fc.array(delta, { maxLength: 30 }), (start, deltas) => {
        let level = start;
        let low = isLow(start);
        for (const change of deltas) {
          const after = withDelta(level, change);
          const said = crossing(level, after);
          if (said) {
            expect(said).toBe(low ? 'replenished' : 'low');
            low = !low;
          }
          level = after;
        }
        expect(low).toBe(isLow(level));
      }),
    );
  });

  test('over any run of changes, out and back alternate and end where the level stands', () => {
    fc.assert(
      fc.property(stock, fc.array(delta, { maxLength: 30 }), (start, deltas) => {
        let level = start;
        let isOut = availableOf(start) <= 0;
        for (const change of deltas) {
          const after = withDelta(level, change);
          const said = soldOut(level, after);
          if (said) {
            expect(said).toBe(isOut ? 'back' : 'out');
            isOut = !isOut;
          }
          level = after;
        }
        expect(isOut).toBe(availableOf(level) <= 0);
      }),
    );
  });

  test('what is allocated lies on the shelf and cannot be sold; shipping it changes nothing for others', () => {
    fc.assert(
      fc.property(stock, fc.nat(20), (level, units) => {
        const allocated = withDelta(level, { ...UNCHANGED, reserved: -units, allocated: units });
        expect([allocated.onHand, availableOf(allocated)]).toEqual([level.onHand, availableOf(level)]);
        const shipped = withDelta(allocated, { ...UNCHANGED, onHand: -units, allocated: -units });
        expect([shipped.onHand, availableOf(shipped)]).toEqual([level.onHand - units, availableOf(level)]);
      }),
    );
  });

  test('what is there, and what is short, make up what was promised', () => {
    fc.assert(
      fc.property(stock, (level) => {
        const short = shortOf(level);
        expect(short).toBeGreaterThanOrEqual(0);
        if (short > 0) expect(level.onHand + short).toBe(level.reserved + level.allocated);
        if (short > 0 && !level.backorderable) expect(availableOf(level)).toBe(0);
      }),
    );
  });

  test('a level without threshold is never low', () => {
    fc.assert(fc.property(stock, (level) => expect(isLow({ ...level, lowStockThreshold: null })).toBe(false)));
  });

  test('incoming units cannot be sold, safety stock neither', () => {
    fc.assert(
      fc.property(stock, (level) => {
        const least = level.backorderable ? -Infinity : 0;
        expect(availableOf({ ...level, safety: level.safety + 1 })).toBe(Math.max(least, availableOf(level) - 1));
        expect(availableOf(withDelta(level, { ...UNCHANGED, incoming: 5 }))).toBe(availableOf(level));
      }),
    );
  });

  test('taking all that is removable breaks no promise', () => {
    fc.assert(
      fc.property(stock, (level) => {
        const left = withDelta(level, { ...UNCHANGED, onHand: -removable(level) });
        expect(left.onHand).toBeGreaterThanOrEqual(0);
        if (removable(level) > 0) expect(left.onHand).toBeGreaterThanOrEqual(left.allocated);
        if (!level.backorderable) expect(shortOf(left)).toBe(shortOf(level));
      }),
    );
  });

  test('merged changes sum to the same, each level once', () => {
    const placed = fc.record({
      sku: fc.constantFrom('cup', 'pot'),
      locationId: fc.constantFrom('loc_a', 'loc_b'),
      onHand: fc.integer({ min: -9, max: 9 }),
      reserved: fc.integer({ min: -9, max: 9 }),
      allocated: fc.integer({ min: -9, max: 9 }),
      incoming: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(placed, { maxLength: 20 }), (changes) => {
        const merged = mergeDeltas(changes);
        expect(new Set(merged.map(({ sku, locationId }) => `${sku} ${locationId}`)).size).toBe(merged.length);
        for (const line of merged) {
          const parts = changes.filter(({ sku, locationId }) => sku === line.sku && locationId === line.locationId);
          expect(line.onHand).toBe(parts.reduce((sum, part) => sum + part.onHand, 0));
          expect(line.reserved).toBe(parts.reduce((sum, part) => sum + part.reserved, 0));
          expect(line.allocated).toBe(parts.reduce((sum, part) => sum + part.allocated, 0));
        }
      }),
    );
  });
});
