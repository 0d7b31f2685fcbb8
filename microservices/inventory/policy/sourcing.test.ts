import fc from 'fast-check';
import { mergeWanted, planReservation, type Candidate, type Wanted } from './sourcing.ts';

const SKUS = ['cup', 'pot', 'tea'];
const PLACES = ['loc_a', 'loc_b', 'loc_c', 'loc_d'];

const at = (sku: string, locationId: string, available: number, rest: Partial<Candidate> = {}): Candidate => ({
  sku,
  locationId,
  available,
  backorderable: false,
  backorderLimit: null,
  country: 'DE',
  priority: 100,
  ...rest,
});

const wantedLines = fc.array(
  fc.record({
    sku: fc.constantFrom(...SKUS),
    quantity: fc.integer({ min: 1, max: 12 }),
    locationId: fc.option(fc.constantFrom(...PLACES), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 6 },
);

const candidates = fc
  .array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      locationId: fc.constantFrom(...PLACES),
      available: fc.integer({ min: -5, max: 15 }),
      backorderable: fc.boolean(),
      backorderLimit: fc.option(fc.integer({ min: 0, max: 8 })),
      country: fc.constantFrom('DE', 'FR'),
      priority: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((all) => [...new Map(all.map((one) => [`${one.sku} ${one.locationId}`, one])).values()]);

const total = (lines: readonly { quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * How much of a SKU could be had at most, wherever the buyer lets it come from: the yardstick of "nothing is refused
 * that is there".
 */
const capacity = (stock: readonly Candidate[]): number =>
  stock.reduce((sum, one) => {
    const beyond = one.backorderable ? Math.max(0, (one.backorderLimit ?? Infinity) + Math.min(0, one.available)) : 0;
    return sum + Math.max(0, one.available) + beyond;
  }, 0);

describe('sourcing a reservation', () => {
  test('takes every piece that is not short, and no piece more', () => {
    fc.assert(
      fc.property(wantedLines, candidates, (wanted, stock) => {
        const { taken, short } = planReservation(wanted, stock);
        for (const sku of SKUS) {
          const missing = short.find((line) => line.sku === sku);
          const asked = total(wanted.filter((line) => line.sku === sku));
          expect(total(taken.filter((line) => line.sku === sku))).toBe(missing ? missing.available : asked);
          if (missing) expect(missing.requested).toBe(asked);
        }
      }),
    );
  });

  test('never takes more from a level than it has, and goes beyond stock only where and as far as backorder allows', () => {
    fc.assert(
      fc.property(wantedLines, candidates, (wanted, stock) => {
        for (const line of planReservation(wanted, stock).taken) {
          const level = stock.find((one) => one.sku === line.sku && one.locationId === line.locationId);
          if (!level) throw new Error('units were taken where none are');
          expect(line.quantity - line.backordered).toBeLessThanOrEqual(Math.max(0, level.available));
          if (line.backordered > 0) {
            expect(level.backorderable).toBe(true);
            expect(level.available - line.quantity).toBeGreaterThanOrEqual(-(level.backorderLimit ?? Infinity));
            expect(line.quantity - line.backordered).toBe(Math.max(0, level.available));
          }
        }
      }),
    );
  });

  test('refuses no piece that is there, as long as the buyer names no location', () => {
    fc.assert(
      fc.property(wantedLines, candidates, (wanted, stock) => {
        const free = wanted.map(({ sku, quantity }) => ({ sku, quantity }));
        const { taken } = planReservation(free, stock);
        for (const sku of SKUS) {
          const asked = total(free.filter((line) => line.sku === sku));
          const had = capacity(stock.filter((one) => one.sku === sku));
          expect(total(taken.filter((line) => line.sku === sku))).toBe(Math.min(asked, had));
        }
      }),
    );
  });

  test('uses one location whenever one location has everything', () => {
    fc.assert(
      fc.property(wantedLines, candidates, fc.constantFrom(...PLACES), (wanted, stock, place) => {
        const free = wanted.map(({ sku, quantity }) => ({ sku, quantity }));
        const others = stock.filter(({ locationId }) => locationId !== place);
        const full = mergeWanted(free).map(({ sku, quantity }) => at(sku, place, quantity));
        expect(
          new Set(planReservation(free, [...others, ...full]).taken.map(({ locationId }) => locationId)).size,
        ).toBe(1);
      }),
    );
  });

  test('splits one line over as few locations as can carry it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (sizes, quantity) => {
          const stock = PLACES.map((place, index) => at('cup', place, sizes[index] ?? 0));
          const largestFirst = sizes.toSorted((left, right) => right - left);
          const fewest =
            largestFirst.findIndex(
              (_, index) => largestFirst.slice(0, index + 1).reduce((sum, size) => sum + size, 0) >= quantity,
            ) + 1;
          const { taken, short } = planReservation([{ sku: 'cup', quantity }], stock);
          if (short.length === 0) expect(taken).toHaveLength(fewest);
          else expect(fewest).toBe(0);
        },
      ),
    );
  });

  test('answers the same whatever the order of candidates and lines', () => {
    fc.assert(
      fc.property(wantedLines, candidates, (wanted, stock) => {
        expect(planReservation(wanted.toReversed(), stock.toReversed())).toEqual(planReservation(wanted, stock));
      }),
    );
  });

  test('a location ranks by the best of what it gives, whichever line comes first', () => {
    const stock = [
      at('cup', 'loc_d', 1, { priority: 0 }),
      at('tea', 'loc_d', 1, { priority: 0 }),
      at('cup', 'loc_c', 1, { priority: 1 }),
      at('tea', 'loc_c', 1, { priority: 0 }),
    ];
    const wanted = [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 1 },
    ];
    const from = (lines: Wanted[]) => planReservation(lines, stock).taken.map(({ locationId }) => locationId);
    expect(from(wanted)).toEqual(['loc_c', 'loc_c']);
    expect(from(wanted.toReversed())).toEqual(['loc_c', 'loc_c']);
  });

  test('prefers the near country, then the lower priority number', () => {
    const stock = [
      at('cup', 'loc_a', 5, { priority: 1 }),
      at('cup', 'loc_b', 9, { country: 'FR', priority: 7 }),
      at('cup', 'loc_c', 5, { country: 'FR', priority: 3 }),
    ];
    const from = (near?: string) =>
      planReservation([{ sku: 'cup', quantity: 2 }], stock, near).taken.map(({ locationId }) => locationId);
    expect(from('FR')).toEqual(['loc_c']);
    expect(from('DE')).toEqual(['loc_a']);
    expect(from()).toEqual(['loc_a']);
  });

  test('lines of one SKU count together: a bundle cannot take the last piece twice', () => {
    const wanted: Wanted[] = [
      { sku: 'cup', quantity: 1 },
      { sku: 'cup', quantity: 1 },
    ];
    expect(planReservation(wanted, [at('cup', 'loc_a', 1)])).toEqual({
      taken: [{ sku: 'cup', locationId: 'loc_a', quantity: 1, backordered: 0 }],
      short: [{ sku: 'cup', requested: 2, available: 1 }],
    });
  });

  test('a line that names its location gets its units before those that do not', () => {
    const stock = [at('cup', 'loc_a', 3), at('cup', 'loc_b', 3)];
    const wanted = [
      { sku: 'cup', quantity: 3 },
      { sku: 'cup', quantity: 3, locationId: 'loc_a' },
    ];
    expect(planReservation(wanted, stock)).toEqual({
      taken: [
        { sku: 'cup', locationId: 'loc_a', quantity: 3, backordered: 0 },
        { sku: 'cup', locationId: 'loc_b', quantity: 3, backordered: 0 },
      ],
      short: [],
    });
  });

  test('backorders what stock cannot give, where the line ships from already', () => {
    const stock = [
      at('cup', 'loc_a', 0, { backorderable: true, priority: 1 }),
      at('cup', 'loc_b', 2, { backorderable: true, priority: 5 }),
    ];
    expect(planReservation([{ sku: 'cup', quantity: 5 }], stock).taken).toEqual([
      { sku: 'cup', locationId: 'loc_b', quantity: 5, backordered: 3 },
    ]);
  });
});
