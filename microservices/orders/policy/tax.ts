import type { Money } from '../../chassis/contract/index.ts';
import { share, subtract } from '../../chassis/money.ts';

export type TaxCategory = 'standard' | 'reduced' | 'zero';
/** Basis points by category, as a country asks for them; a category may be missing. */
export type TaxRates = Partial<Record<TaxCategory, number>>;

/** An amount and the tax of it: net + tax = gross, always. */
export interface Taxed {
  net: Money;
  tax: Money;
}

/**
 * The rate of a category: zero is never taxed, a country without rates taxes nothing, and a category without a rate of
 * its own takes the standard rate, which errs on the side of the tax office.
 */
export const rateOf = (rates: TaxRates, category: TaxCategory): number =>
  category === 'zero' ? 0 : (rates[category] ?? rates.standard ?? 0);

/**
 * The amount without tax that lies in an amount with tax: gross × 10000 / (10000 + rate), rounded half up. Amounts are
 * not negative.
 */
const netOf = (gross: Money, rate: number): Money => {
  const divisor = BigInt(10_000 + rate);
  return { amount: Number((BigInt(gross.amount) * 20_000n + divisor) / (2n * divisor)), currency: gross.currency };
};

/**
 * Splits a listed amount (not negative) into net and tax, rounded once, to the minor unit. An exclusive amount and the
 * inclusive one that it comes to split alike.
 */
export const taxed = (listed: Money, rate: number, inclusive: boolean): Taxed => {
  if (!inclusive) return { net: listed, tax: share(listed, rate) };
  const net = netOf(listed, rate);
  return { net, tax: subtract(listed, net) };
};
