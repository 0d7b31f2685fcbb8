import type { Money } from '../../chassis/contract/index.ts';
import { allocate, subtract, sum } from '../../chassis/money.ts';
import type { TaxCategory } from './tax.ts';
import type { TaxSum } from './totals.ts';

/**
 * A part of an order that is refunded: a line, shipping, or all that is taxed at one rate. Amounts in minor units, tax
 * included.
 */
export interface CreditPart {
  category: TaxCategory;
  rate: number;
  total: number;
  tax: number;
  /** Refunded of it before. */
  refunded: number;
  amount: number;
}

/**
 * The tax in the first units of money of a part; all of it holds all the tax, so that refunds of a part sum to its tax
 * exactly.
 */
const taxInFirst = ({ total, tax }: CreditPart, amount: number): number =>
  total === 0 ? 0 : Number((2n * BigInt(tax) * BigInt(amount) + BigInt(total)) / (2n * BigInt(total)));

/** The tax in a refund by category and rate, as a credit note shows it. */
export const creditTaxes = (parts: readonly CreditPart[], currency: string): TaxSum[] => {
  const groups = Map.groupBy(
    parts.filter(({ amount }) => amount > 0),
    ({ category, rate }) => `${category} ${rate}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const amount = group.reduce((total, part) => total + part.amount, 0);
    const tax = group.reduce(
      (total, part) => total + taxInFirst(part, part.refunded + part.amount) - taxInFirst(part, part.refunded),
      0,
    );
    const { category, rate } = first;
    return [{ category, rate, base: { amount: amount - tax, currency }, tax: { amount: tax, currency } }];
  });
};

/** The tax in an amount that is refunded for no line in particular: each rate has its share of it. */
export const creditTaxesOfWhole = (amount: Money, taxes: readonly TaxSum[]): TaxSum[] => {
  const totals = taxes.map(({ base, tax }) => base.amount + tax.amount);
  if (totals.length === 0) return [];
  const shares = allocate(amount, totals);
  return creditTaxes(
    taxes.map(({ category, rate, tax }, index) => ({
      category,
      rate,
      total: totals[index] ?? 0,
      tax: tax.amount,
      refunded: 0,
      amount: shares[index]?.amount ?? 0,
    })),
    amount.currency,
  );
};

/** The amount of a refund without tax. */
export const creditNet = (amount: Money, taxes: readonly TaxSum[]): Money =>
  subtract(
    amount,
    sum(
      taxes.map(({ tax }) => tax),
      amount.currency,
    ),
  );
