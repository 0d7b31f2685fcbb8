import type { Money } from '../../chassis/contract/index.ts';
import { zero } from '../../chassis/money.ts';
import { roundPerRate, type TaxRounding } from './tax-rounding.ts';
import { taxed, type TaxCategory } from './tax.ts';
import {
  priceLine,
  taxesOf,
  totalsOf,
  type PricedLine,
  type PricedShipping,
  type TaxSum,
  type Totals,
} from './totals.ts';

interface Priced<Line extends PricedLine> {
  currency: string;
  lines: readonly Line[];
  shipping: PricedShipping | null;
}

/**
 * What was quoted, at another price of one unit: tax rates and shipping stay as they were quoted, so that with a lower
 * price the whole never costs more than was quoted.
 */
export const atPrice = <Line extends PricedLine>(
  { currency, lines, shipping }: Priced<Line>,
  unitPrice: Money,
  rounding: TaxRounding,
): { lines: Line[]; shipping: PricedShipping | null; taxes: TaxSum[]; totals: Totals } => {
  const listed = lines.map((line) =>
    priceLine({ ...line, unitPrice }, zero(currency), { [line.taxCategory]: line.taxRate }),
  );
  const carried = shipping && { priced: asListed(shipping), category: categoryOf(shipping) };
  const rounded =
    rounding === 'rate'
      ? roundPerRate(listed, carried, currency)
      : { lines: listed, shipping: carried?.priced ?? null };
  return {
    lines: lines.map((line, index) => ({ ...line, ...rounded.lines[index] })),
    shipping: rounded.shipping,
    taxes: taxesOf(
      rounded.lines,
      carried && rounded.shipping ? { ...carried, priced: rounded.shipping } : null,
      currency,
    ),
    totals: totalsOf(rounded.lines, rounded.shipping, currency),
  };
};

/** Shipping with its own tax, before that was rounded together with the lines'. */
const asListed = (shipping: PricedShipping): PricedShipping => {
  const { net, tax } = taxed(shipping.listPrice, shipping.taxRate, shipping.taxInclusive);
  return { ...shipping, net, tax, total: { amount: net.amount + tax.amount, currency: net.currency } };
};

/** Quotes of before the category was kept have a rate only, which decides. */
const categoryOf = ({ taxCategory }: PricedShipping): TaxCategory => taxCategory ?? 'standard';
