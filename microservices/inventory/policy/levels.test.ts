import fc from 'fast-check';
import { availableOf, crossing, isLow, mergeDeltas, removable, withDelta, type Stock } from './levels.ts';

const stock: fc.Arbitrary<Stock> = fc.record({
  sku: fc.constant('cup'),
  locationId: fc.constant('loc_a'),
  onHand: fc.integer({ min: 0, max: 50 }),
  reserved: fc.integer({ min: 0, max: 50 }),
  incoming: fc.integer({ min: 0, max: 50 }),
  safety: fc.integer({ min: 0, max: 10 }),
  backorderable: fc.boolean(),
  backorderLimit: fc.option(fc.integer({ min: 0, max: 10 })),
  lowStockThreshold: fc.option(fc.integer({ min: 0, max: 20 })),
});

const delta = fc.record({
  onHand: fc.integer({ min: -30, max: 30 }),
  reserved: fc.integer({ min: -30, max: 30 }),
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

  test('a level without threshold is never low', () => {
    fc.assert(fc.property(stock, (level) => expect(isLow({ ...level, lowStockThreshold: null })).toBe(false)));
  });

  test('incoming units cannot be sold, safety stock neither', () => {
    fc.assert(
      fc.property(stock, (level) => {
        expect(availableOf({ ...level, safety: level.safety + 1 })).toBe(availableOf(level) - 1);
        expect(availableOf(withDelta(level, { onHand: 0, reserved: 0, incoming: 5 }))).toBe(availableOf(level));
      }),
    );
  });

  test('taking all that is removable breaks no promise', () => {
    fc.assert(
      fc.property(stock, (level) => {
        const left = withDelta(level, { onHand: -removable(level), reserved: 0, incoming: 0 });
        expect(left.onHand).toBeGreaterThanOrEqual(0);
        if (!level.backorderable && level.onHand >= level.reserved)
          expect(left.onHand).toBeGreaterThanOrEqual(left.reserved);
      }),
    );
  });

  test('merged changes sum to the same, each level once', () => {
    const placed = fc.record({
      sku: fc.constantFrom('cup', 'pot'),
      locationId: fc.constantFrom('loc_a', 'loc_b'),
      onHand: fc.integer({ min: -9, max: 9 }),
      reserved: fc.integer({ min: -9, max: 9 }),
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
        }
      }),
    );
  });
});
