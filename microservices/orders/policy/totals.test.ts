import fc from 'fast-check';
import { add, allocate, compare, share, subtract, sum } from '../../chassis/money.ts';
import { discountLines, type PromotionRules } from './promotion.ts';
import { shippingOptions, type ShippingMethod } from './shipping.ts';
import { taxed } from './tax.ts';
import { roundPerRate, type TaxRounding } from './tax-rounding.ts';
import {
  isWithinLimit,
  listTotal,
  priceLine,
  priceShipping,
  taxesOf,
  totalsOf,
  type ListedLine,
  type TaxSum,
} from './totals.ts';

const currency = 'EUR';
const eur = (amount: number) => ({ amount, currency });
const now = new Date('2026-11-23T10:00:00.000Z');

const listedLine: fc.Arbitrary<ListedLine> = fc.record({
  lineId: fc.uuid(),
  sku: fc.constantFrom('A', 'B', 'C', 'D'),
  productId: fc.constant('prd'),
  variantId: fc.constant('var'),
  title: fc.constant('Thing'),
  variantTitle: fc.constant(null),
  quantity: fc.integer({ min: 1, max: 10_000 }),
  unitPrice: fc.integer({ min: 0, max: 10_000_000 }).map(eur),
  taxInclusive: fc.boolean(),
  taxCategory: fc.constantFrom('standard', 'reduced', 'zero'),
  priceId: fc.constant('prc'),
  priceVersion: fc.constant(1),
  weightGrams: fc.integer({ min: 0, max: 50_000 }),
  requiresShipping: fc.boolean(),
});
const rates = fc.record({
  standard: fc.integer({ min: 0, max: 10_000 }),
  reduced: fc.integer({ min: 0, max: 10_000 }),
});
const promotion: fc.Arbitrary<PromotionRules> = fc.record({
  kind: fc.constantFrom('percentage', 'amount'),
  percentage: fc.integer({ min: 1, max: 10_000 }),
  amount: fc.integer({ min: 1, max: 1_000_000_000 }),
  currency: fc.constantFrom(null, currency),
  minimumSpend: fc.constantFrom(null, 1, 100_000),
  skus: fc.subarray(['A', 'B', 'C']),
  startsAt: fc.constant(null),
  endsAt: fc.constant(null),
  active: fc.constant(true),
});
const method: fc.Arbitrary<ShippingMethod> = fc.record({
  code: fc.constantFrom('standard', 'express'),
  currency: fc.constant(currency),
  title: fc.constant('Shipping'),
  taxInclusive: fc.boolean(),
  taxCategory: fc.constantFrom('standard', 'reduced', 'zero'),
  rates: fc.array(
    fc.record({
      countries: fc.subarray(['DE', 'AT']),
      upToGrams: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
      amount: fc.integer({ min: 0, max: 100_000 }),
      freeFrom: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  active: fc.constant(true),
});

const price = (
  lines: ListedLine[],
  rules: PromotionRules | null,
  methods: ShippingMethod[],
  taxRates: { standard: number; reduced: number },
  rounding: TaxRounding = 'line',
) => {
  const found =
    rules &&
    discountLines(
      rules,
      lines.map((line) => ({ sku: line.sku, listTotal: listTotal(line) })),
      currency,
      now,
    );
  const discounts = found && 'discounts' in found ? found.discounts : lines.map(() => eur(0));
  const listed = lines.map((line, index) => priceLine(line, discounts[index] ?? eur(0), taxRates));
  const merchandise = subtract(
    sum(
      listed.map((line) => line.listTotal),
      currency,
    ),
    sum(
      listed.map((line) => line.listDiscount),
      currency,
    ),
  );
  const [option] = shippingOptions(methods, { country: 'DE', weightGrams: 1_000, merchandise });
  const carried = option ? { priced: priceShipping(option, taxRates), category: option.method.taxCategory } : null;
  const { lines: priced, shipping } =
    rounding === 'rate'
      ? roundPerRate(listed, carried, currency)
      : { lines: listed, shipping: carried?.priced ?? null };
  const taxes = taxesOf(priced, carried && shipping ? { ...carried, priced: shipping } : null, currency);
  return { priced, shipping, taxes, totals: totalsOf(priced, shipping, currency) };
};

const anOrder = [
  fc.array(listedLine, { minLength: 1, maxLength: 20 }),
  fc.option(promotion),
  fc.array(method, { maxLength: 3 }),
  rates,
] as const;

describe.each(['line', 'rate'] as const)('totals with tax rounded per %s', (rounding) => {
  test('grand total = items − discount + shipping + tax = what lines and shipping cost, and nothing is negative', () => {
    fc.assert(
      fc.property(...anOrder, (lines, rules, methods, taxRates) => {
        const { priced, shipping, totals } = price(lines, rules, methods, taxRates, rounding);
        const identity = add(add(subtract(totals.items, totals.discount), totals.shipping), totals.tax);
        expect(totals.grandTotal).toEqual(identity);
        expect(totals.grandTotal).toEqual(
          add(
            sum(
              priced.map((line) => line.total),
              currency,
            ),
            shipping?.total ?? eur(0),
          ),
        );
        for (const amount of Object.values(totals)) expect(amount.amount).toBeGreaterThanOrEqual(0);
        for (const line of priced) {
          expect(line.total).toEqual(add(subtract(line.net, line.discount), line.tax));
          for (const part of [line.net, line.discount, line.tax, line.total, line.listDiscount])
            expect(part.amount).toBeGreaterThanOrEqual(0);
          expect(compare(line.discount, line.net)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('an inclusive line costs exactly its listed price less its listed discount, an exclusive one that plus tax', () => {
    fc.assert(
      fc.property(...anOrder, (lines, rules, methods, taxRates) => {
        for (const line of price(lines, rules, methods, taxRates, rounding).priced) {
          const paid = subtract(line.listTotal, line.listDiscount);
          expect(line.taxInclusive ? line.total : subtract(line.total, line.tax)).toEqual(paid);
        }
      }),
    );
  });

  test('the tax sums of an invoice add up to the tax and the base of the order', () => {
    fc.assert(
      fc.property(...anOrder, (lines, rules, methods, taxRates) => {
        const { taxes, totals } = price(lines, rules, methods, taxRates, rounding);
        expect(
          sum(
            taxes.map((entry) => entry.tax),
            currency,
          ),
        ).toEqual(totals.tax);
        expect(
          sum(
            taxes.map((entry) => entry.base),
            currency,
          ),
        ).toEqual(subtract(totals.grandTotal, totals.tax));
      }),
    );
  });
});

describe('tax rounded per rate', () => {
  const off = ({ rate, base, tax }: TaxSum) => Math.abs(10_000 * tax.amount - rate * base.amount);

  test('is the rate of its base, as near as inclusive prices allow', () => {
    fc.assert(
      fc.property(...anOrder, (lines, rules, methods, taxRates) => {
        for (const sums of price(lines, rules, methods, taxRates, 'rate').taxes)
          expect(off(sums)).toBeLessThanOrEqual((10_000 + sums.rate) / 2);
      }),
    );
  });

  test('is the rate of its base, rounded once, where prices are without tax', () => {
    fc.assert(
      fc.property(...anOrder, (lines, rules, methods, taxRates) => {
        const without = lines.map((line) => ({ ...line, taxInclusive: false }));
        const carriers = methods.map((carrier) => ({ ...carrier, taxInclusive: false }));
        for (const { rate, base, tax } of price(without, rules, carriers, taxRates, 'rate').taxes)
          expect(tax).toEqual(share(base, rate));
      }),
    );
  });

  test('40 lines of 0.03 without tax and shipping of 4.90 with it, at 19 %: 1.01 on 5.32, not 1.18', () => {
    const line = { ...fc.sample(listedLine, 1)[0], unitPrice: eur(3), quantity: 1, taxInclusive: false } as ListedLine;
    const lines = Array.from({ length: 40 }, () => ({ ...line, taxCategory: 'standard' as const }));
    const rates = [{ countries: [], upToGrams: null, amount: 490, freeFrom: null }];
    const carrier = { code: 'standard', currency, title: 'Parcel', taxInclusive: true, rates, active: true };
    const methods = [{ ...carrier, taxCategory: 'standard' as const }];
    const taxesBy = (rounding: TaxRounding) =>
      price(lines, null, methods, { standard: 1_900, reduced: 700 }, rounding).taxes.map(({ base, tax }) => [
        base.amount,
        tax.amount,
      ]);
    expect(taxesBy('rate')).toEqual([[532, 101]]);
    expect(taxesBy('line')).toEqual([[532, 118]]);
  });
});

describe('amounts with and without tax', () => {
  test('an exclusive amount and the inclusive amount it comes to split into the same net and tax', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000_000_000_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (amount, rate) => {
          const exclusive = taxed(eur(amount), rate, false);
          expect(taxed(add(exclusive.net, exclusive.tax), rate, true)).toEqual(exclusive);
        },
      ),
    );
  });

  test('known cases: 19 % in 119.00 is 19.00; 7 % on 9.99 is 0.70; a third of a cent is not charged', () => {
    expect(taxed(eur(11_900), 1_900, true)).toEqual({ net: eur(10_000), tax: eur(1_900) });
    expect(taxed(eur(999), 700, false)).toEqual({ net: eur(999), tax: eur(70) });
    expect(taxed(eur(1), 3_300, false)).toEqual({ net: eur(1), tax: eur(0) });
  });

  test('what would be beyond exact sums is recognized before it is multiplied', () => {
    expect(isWithinLimit([{ unitPrice: eur(100_000_000_000), quantity: 1_000 }])).toBe(true);
    expect(isWithinLimit([{ unitPrice: eur(100_000_000_000), quantity: 1_001 }])).toBe(false);
  });
});

describe('promotions', () => {
  test('the parts of a discount sum to it, touch eligible lines only and never exceed a line', () => {
    fc.assert(
      fc.property(fc.array(listedLine, { minLength: 1, maxLength: 30 }), promotion, (lines, rules) => {
        const listed = lines.map((line) => ({ sku: line.sku, listTotal: listTotal(line) }));
        const found = discountLines(rules, listed, currency, now);
        fc.pre('discounts' in found);
        if (!('discounts' in found)) return;
        const eligible = listed.filter((line) => rules.skus.length === 0 || rules.skus.includes(line.sku));
        const base = sum(
          eligible.map((line) => line.listTotal),
          currency,
        ).amount;
        const expected =
          rules.kind === 'amount'
            ? Math.min(rules.amount ?? 0, base)
            : Number((BigInt(base) * BigInt(rules.percentage ?? 0) + 5_000n) / 10_000n);
        expect(sum(found.discounts, currency).amount).toBe(expected);
        found.discounts.forEach((discount, index) => {
          const line = listed[index];
          expect(discount.amount).toBeGreaterThanOrEqual(0);
          expect(discount.amount).toBeLessThanOrEqual(line && eligible.includes(line) ? line.listTotal.amount : 0);
        });
      }),
    );
  });

  const rules: PromotionRules = {
    kind: 'amount',
    percentage: null,
    amount: 500,
    currency,
    minimumSpend: 2_000,
    skus: ['A'],
    startsAt: '2026-11-01T00:00:00.000Z',
    endsAt: '2026-12-01T00:00:00.000Z',
    active: true,
  };
  const cart = [
    { sku: 'A', listTotal: eur(2_000) },
    { sku: 'B', listTotal: eur(9_000) },
  ];
  test.each([
    ['switched off', { ...rules, active: false }, cart, 'NOT_ACTIVE'],
    ['before its start', { ...rules, startsAt: '2026-11-23T10:00:00.001Z' }, cart, 'NOT_STARTED'],
    ['at its end', { ...rules, endsAt: '2026-11-23T10:00:00.000Z' }, cart, 'ENDED'],
    ['of another currency', { ...rules, currency: 'USD' }, cart, 'OTHER_CURRENCY'],
    ['without an eligible item', { ...rules, skus: ['C'] }, cart, 'NO_ELIGIBLE_ITEM'],
    ['below its minimum spend', { ...rules, minimumSpend: 2_001 }, cart, 'MINIMUM_SPEND'],
  ])('a promotion %s says so', (_, changed, lines, problem) => {
    expect(discountLines(changed, lines, currency, now)).toEqual({ problem });
  });

  test('within all its bounds it takes its amount off the eligible line', () => {
    expect(discountLines(rules, cart, currency, now)).toEqual({ discounts: [eur(500), eur(0)] });
  });

  test('shares of a discount over three equal lines differ by one minor unit at most', () => {
    expect(allocate(eur(100), [1, 1, 1]).map((part) => part.amount)).toEqual([34, 33, 33]);
  });
});

describe('shipping', () => {
  const standard: ShippingMethod = {
    code: 'standard',
    currency,
    title: 'Parcel',
    taxInclusive: true,
    taxCategory: 'standard',
    active: true,
    rates: [
      { countries: ['DE'], upToGrams: 5_000, amount: 499, freeFrom: 5_000 },
      { countries: ['DE'], upToGrams: 31_500, amount: 999, freeFrom: null },
      { countries: [], upToGrams: null, amount: 1_999, freeFrom: null },
    ],
  };
  const cost = (country: string, weightGrams: number, merchandise: number) =>
    shippingOptions([standard], { country, weightGrams, merchandise: eur(merchandise) }).map(
      (option) => option.price.amount,
    );

  test('the country’s lightest rate that carries the shipment counts, then the rate for everywhere else', () => {
    expect(cost('DE', 5_000, 100)).toEqual([499]);
    expect(cost('DE', 5_001, 100)).toEqual([999]);
    expect(cost('DE', 31_501, 100)).toEqual([]);
    expect(cost('FR', 31_501, 100)).toEqual([1_999]);
  });

  test('it is free from its threshold on', () => {
    expect(cost('DE', 100, 4_999)).toEqual([499]);
    expect(cost('DE', 100, 5_000)).toEqual([0]);
  });

  test('inactive methods and other currencies are left out; the cheapest comes first', () => {
    const express = {
      ...standard,
      code: 'express',
      rates: [{ countries: [], upToGrams: null, amount: 1, freeFrom: null }],
    };
    const methods = [
      standard,
      express,
      { ...express, code: 'off', active: false },
      { ...express, code: 'usd', currency: 'USD' },
    ];
    const options = shippingOptions(methods, { country: 'DE', weightGrams: 1, merchandise: eur(1) });
    expect(options.map((option) => option.method.code)).toEqual(['express', 'standard']);
  });
});
