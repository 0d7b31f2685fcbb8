import { allocate, subtract, sum } from '../../chassis/money.ts';
import type { Money } from '../../chassis/contract/index.ts';
import { taxed, type TaxCategory } from './tax.ts';
import type { PricedLine, PricedShipping } from './totals.ts';

/** Where tax is rounded: in each line, or once for each rate, as e-invoices check it (EN 16931). */
export type TaxRounding = 'line' | 'rate';

interface Part {
  category: TaxCategory;
  rate: number;
  inclusive: boolean;
  /** Listed less discount. */
  paid: Money;
}

const paidOf = (parts: readonly Part[], currency: string): Money =>
  sum(
    parts.map(({ paid }) => paid),
    currency,
  );

/**
 * The tax of each part of one rate. All of it is the rate of all that is taxed, rounded once, as far as prices with tax
 * allow: they stay what they are, so that their tax is the rest of their net. The parts share it by their size.
 */
const taxesOfRate = (parts: readonly Part[], rate: number, currency: string): Map<Part, Money> => {
  const inclusive = parts.filter((part) => part.inclusive);
  const exclusive = parts.filter((part) => !part.inclusive);
  const within = taxed(paidOf(inclusive, currency), rate, true);
  const onTop = paidOf(exclusive, currency);
  const base = { amount: within.net.amount + onTop.amount, currency };
  const left = Math.max(0, taxed(base, rate, false).tax.amount - within.tax.amount);
  const shares = (of: readonly Part[], tax: Money): [Part, Money][] => {
    const amounts = allocate(
      tax,
      of.map(({ paid }) => paid.amount),
    );
    return of.map((part, index) => [part, amounts[index] ?? { amount: 0, currency }]);
  };
  return new Map([
    ...shares(inclusive, within.tax),
    ...shares(exclusive, { amount: onTop.amount > 0 ? left : 0, currency }),
  ]);
};

/**
 * Lines and shipping with their tax rounded once for each rate instead of in each line. What customers pay for
 * inclusive prices stays.
 */
export const roundPerRate = (
  lines: readonly PricedLine[],
  shipping: { priced: PricedShipping; category: TaxCategory } | null,
  currency: string,
): { lines: PricedLine[]; shipping: PricedShipping | null } => {
  const ofLines = lines.map((line): Part => {
    const paid = subtract(line.listTotal, line.listDiscount);
    return { category: line.taxCategory, rate: line.taxRate, inclusive: line.taxInclusive, paid };
  });
  const ofShipping: Part | undefined = shipping
    ? {
        category: shipping.category,
        rate: shipping.priced.taxRate,
        inclusive: shipping.priced.taxInclusive,
        paid: shipping.priced.listPrice,
      }
    : undefined;
  const all = ofShipping ? [...ofLines, ofShipping] : ofLines;
  const taxes = new Map(
    [...Map.groupBy(all, ({ category, rate }) => `${category} ${rate}`).values()].flatMap((parts) => [
      ...taxesOfRate(parts, parts[0]?.rate ?? 0, currency),
    ]),
  );
  const taxOf = (part: Part | undefined): Money => (part && taxes.get(part)) ?? { amount: 0, currency };
  return {
    lines: lines.map((line, index) => withTax(line, taxOf(ofLines[index]))),
    shipping: shipping && shippingWithTax(shipping.priced, taxOf(ofShipping)),
  };
};

const withTax = (line: PricedLine, tax: Money): PricedLine => {
  const { currency } = tax;
  const paid = line.listTotal.amount - line.listDiscount.amount;
  const after = line.taxInclusive ? paid - tax.amount : paid;
  const net = line.listDiscount.amount === 0 ? after : Math.max(line.net.amount, after);
  return {
    ...line,
    net: { amount: net, currency },
    discount: { amount: net - after, currency },
    tax,
    total: { amount: after + tax.amount, currency },
  };
};

const shippingWithTax = (shipping: PricedShipping, tax: Money): PricedShipping => {
  const { currency } = tax;
  const net = shipping.listPrice.amount - (shipping.taxInclusive ? tax.amount : 0);
  return { ...shipping, net: { amount: net, currency }, tax, total: { amount: net + tax.amount, currency } };
};
