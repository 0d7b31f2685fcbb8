import fc from 'fast-check';
import { creditNet, creditTaxes, creditTaxesOfWhole, type CreditPart } from './credit-note.ts';

const rate = fc.constantFrom(0, 700, 1_900);
const cost = fc.tuple(fc.integer({ min: 1, max: 100_000 }), rate).map(([total, basisPoints]) => ({
  category: 'standard' as const,
  rate: basisPoints,
  total,
  tax: Math.round((total * basisPoints) / (10_000 + basisPoints)),
}));
const taxOf = (parts: CreditPart[]) => creditTaxes(parts, 'EUR').reduce((sum, { tax }) => sum + tax.amount, 0);

describe('the tax of a refund', () => {
  test('however a line is refunded in parts, the parts hold its tax exactly, and none is negative', () => {
    fc.assert(
      fc.property(cost, fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 20 }), (line, steps) => {
        let refunded = 0;
        let tax = 0;
        for (const step of [...steps, line.total]) {
          const amount = Math.min(step, line.total - refunded);
          const part = taxOf([{ ...line, refunded, amount }]);
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(amount);
          tax += part;
          refunded += amount;
        }
        expect([refunded, tax]).toEqual([line.total, line.tax]);
      }),
    );
  });

  test('net and tax add up to the amount, by rate and in all', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cost, fc.nat(100_000)), { minLength: 1, maxLength: 8 }), (lines) => {
        const parts = lines.map(([line, wanted]) => ({ ...line, refunded: 0, amount: Math.min(wanted, line.total) }));
        const amount = { amount: parts.reduce((sum, part) => sum + part.amount, 0), currency: 'EUR' };
        const taxes = creditTaxes(parts, 'EUR');
        expect(new Set(taxes.map((tax) => tax.rate)).size).toBe(taxes.length);
        const bases = taxes.reduce((sum, { base }) => sum + base.amount, 0);
        expect(creditNet(amount, taxes).amount).toBe(bases);
      }),
    );
  });

  test('a refund of the whole order holds the taxes of the order', () => {
    fc.assert(
      fc.property(fc.array(cost, { minLength: 1, maxLength: 3 }), (lines) => {
        const byRate = [...new Map(lines.map((line) => [line.rate, line])).values()];
        const taxes = byRate.map(({ category, rate: basisPoints, total, tax }) => ({
          category,
          rate: basisPoints,
          base: { amount: total - tax, currency: 'EUR' },
          tax: { amount: tax, currency: 'EUR' },
        }));
        const amount = { amount: byRate.reduce((sum, { total }) => sum + total, 0), currency: 'EUR' };
        expect(creditTaxesOfWhole(amount, taxes)).toEqual(taxes);
      }),
    );
  });
});
