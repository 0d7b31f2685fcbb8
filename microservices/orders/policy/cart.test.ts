import fc from 'fast-check';
import { addUp, costsTooMuch, limitBroken, priceChanges, subtotalOf, toCartLines, type CartLine } from './cart.ts';

const line = (sku: string, quantity: number, amount: number | null): CartLine => ({
  lineId: `lin-${sku}`,
  sku,
  quantity,
  title: sku,
  variantTitle: null,
  unitPrice: amount === null ? null : { amount, currency: 'EUR' },
  taxInclusive: true,
  problem: null,
});
const priceOf = (sku: string, amount: number) => ({
  sku,
  title: `new ${sku}`,
  variantTitle: null,
  unitPrice: { amount, currency: 'EUR' },
  taxInclusive: true,
  requiresShipping: true,
});

describe('cart lines', () => {
  test('adding up loses no piece and leaves each SKU once, in the order of first mention', () => {
    const wanted = fc.array(
      fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 100 }) }),
    );
    fc.assert(
      fc.property(wanted, (lines) => {
        const summed = addUp(lines);
        const pieces = (all: readonly { quantity: number }[]) => all.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(pieces(summed)).toBe(pieces(lines));
        expect(summed.map(({ sku }) => sku)).toEqual([...new Set(lines.map(({ sku }) => sku))]);
      }),
    );
  });

  test('known lines keep their id and take the price of now; one that was not asked about keeps its price; a missing one loses it', () => {
    const known = [line('A', 1, 100), line('B', 1, 200), line('C', 1, 300)];
    const prices = { lines: [priceOf('A', 150)], missing: [{ sku: 'C', reason: 'not_published' }], stock: [] };
    const lines = toCartLines([...known, { sku: 'D', quantity: 2 }], known, prices, () => 'lin-new');
    expect(lines.map(({ lineId, unitPrice, problem }) => [lineId, unitPrice?.amount ?? null, problem])).toEqual([
      ['lin-A', 150, null],
      ['lin-B', 200, null],
      ['lin-C', null, 'not_published'],
      ['lin-new', null, null],
    ]);
    expect(
      priceChanges(known, lines.slice(0, 3)).map(({ sku, before, after }) => [sku, before?.amount, after?.amount]),
    ).toEqual([
      ['A', 100, 150],
      ['C', 300, undefined],
    ]);
  });

  test('limits: 500 lines, a million pieces a line, 10^14 minor units in all', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => ({ sku: `S${index}`, quantity: 1 }));
    expect(limitBroken(lines(500))).toBeUndefined();
    expect(limitBroken(lines(501))).toMatchObject({ limit: 500 });
    expect(limitBroken([{ sku: 'A', quantity: 1_000_001 }])).toMatchObject({ limit: 1_000_000 });
    expect(costsTooMuch([line('A', 1_000, 100_000_000_000)])).toBe(false);
    expect(costsTooMuch([line('A', 1_000, 100_000_000_000), line('B', 1, 1)])).toBe(true);
    expect(subtotalOf([line('A', 3, 250), line('B', 1, null)])).toBe(750);
  });
});
