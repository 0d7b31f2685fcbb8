import fc from 'fast-check';
import { atPrice } from './offer.ts';
import { priceLine, totalsOf, type PricedShipping } from './totals.ts';
import { taxed } from './tax.ts';

const currency = 'EUR';
const eur = (amount: number) => ({ amount, currency });
const rate = fc.constantFrom(0, 700, 1_900, 2_550);

const quoted = fc
  .record({
    price: fc.integer({ min: 0, max: 1_000_000 }),
    quantity: fc.integer({ min: 1, max: 50 }),
    taxInclusive: fc.boolean(),
    rate,
    parcel: fc.option(fc.record({ price: fc.integer({ min: 0, max: 5_000 }), inclusive: fc.boolean(), rate })),
  })
  .map(({ price, quantity, taxInclusive, rate: taxRate, parcel }) => {
    const line = priceLine(
      {
        ...{ lineId: 'lin_1', sku: 'A', productId: 'prd_1', variantId: 'var_1', title: 'A', variantTitle: null },
        ...{ quantity, unitPrice: eur(price), taxInclusive, taxCategory: 'standard' as const },
        ...{ priceId: 'prc_1', priceVersion: 1, weightGrams: 1, requiresShipping: true },
        offer: { campaignId: 'cam_1', teamId: 'tea_1', listPrice: eur(price + 1) },
      },
      eur(0),
      { standard: taxRate },
    );
    const shipping = parcel && parcelOf(parcel);
    return { currency, lines: [line], shipping, totals: totalsOf([line], shipping, currency) };
  });

const parcelOf = (parcel: { price: number; inclusive: boolean; rate: number }): PricedShipping => {
  const { net, tax } = taxed(eur(parcel.price), parcel.rate, parcel.inclusive);
  const about = { taxCategory: 'reduced' as const, code: 'p', title: 'P', listPrice: eur(parcel.price) };
  return {
    ...about,
    taxInclusive: parcel.inclusive,
    taxRate: parcel.rate,
    net,
    tax,
    total: eur(net.amount + tax.amount),
  };
};

test('an offer costs as much as quoted at the quoted price, and never more at a lower one', () => {
  fc.assert(
    fc.property(quoted, fc.nat(), (quote, cut) => {
      const [line] = quote.lines;
      const before = line?.unitPrice.amount ?? 0;
      expect(atPrice(quote, eur(before), 'line').totals).toEqual(quote.totals);
      const lower = eur(before - (cut % (before + 1)));
      for (const rounding of ['line', 'rate'] as const) {
        const most = atPrice(quote, eur(before), rounding).totals.grandTotal.amount;
        const after = atPrice(quote, lower, rounding);
        expect(after.totals.grandTotal.amount).toBeLessThanOrEqual(most);
        expect(after.lines[0]).toMatchObject({ unitPrice: lower, offer: line?.offer });
        const { items, discount, shipping, tax, grandTotal } = after.totals;
        expect(grandTotal.amount).toBe(items.amount - discount.amount + shipping.amount + tax.amount);
      }
    }),
  );
});
