import { catalogContract } from '../../catalog/contract.ts';
import { inWords } from '../../chassis/money.ts';
import type { Context, Failures } from '../context.ts';
import type { Campaign } from '../contract/values.ts';
import { floorOf } from '../policy/tiers.ts';

type TermErrors = Pick<
  Failures<'createCampaign'>,
  'INVALID_WINDOW' | 'GROUP_REQUIRED' | 'NOT_SELLABLE' | 'PRICE_TOO_HIGH' | 'PRICE_BELOW_FLOOR'
>;

/** What the catalog lists for the variant now. */
export interface Listed {
  productId: string;
  listPrice: number;
  taxInclusive: boolean;
}

/** Asks the catalog for the price for everybody. Throws NOT_SELLABLE where there is none. */
export const listing = (context: Context) => {
  const catalog = context.client(catalogContract);
  return async (
    { sku, currency }: { sku: string; currency: string },
    errors: Pick<TermErrors, 'NOT_SELLABLE'>,
  ): Promise<Listed> => {
    const { lines, missing } = await catalog.resolvePrices({ lines: [{ sku, quantity: 1 }], currency });
    const [line] = lines;
    if (line) return { productId: line.productId, listPrice: line.unitPrice.amount, taxInclusive: line.taxInclusive };
    const reason = missing[0]?.reason ?? 'unknown_sku';
    throw errors.NOT_SELLABLE(
      `${sku} cannot be sold in ${currency} (${reason}). Publish it with a price in that currency, or choose another.`,
      { sku, reason },
    );
  };
};

/** Throws what is wrong with the terms of a campaign. */
export const requireTerms = ({ settings }: Context, row: Campaign, errors: TermErrors): void => {
  const { tiers, currency, startsAt, endsAt } = row;
  if (Date.parse(endsAt) <= Date.parse(startsAt))
    throw errors.INVALID_WINDOW(
      `The campaign would end (${endsAt}) before it starts (${startsAt}). Choose a later end.`,
    );
  if (row.audience === 'customer_group' && row.customerGroup === null)
    throw errors.GROUP_REQUIRED('Name the customer group that may join, or choose another audience.');
  const money = (amount: number) => ({ amount, currency });
  const [highest, lowest] = [tiers[0]?.price ?? 0, tiers.at(-1)?.price ?? 0];
  const floor = floorOf(row.listPrice, settings.floorPercent * 100);
  if (highest >= row.listPrice)
    throw errors.PRICE_TOO_HIGH(
      `A team would pay ${inWords(money(highest))}, and ${inWords(money(row.listPrice))} is the list price. Choose a lower price.`,
      { listPrice: money(row.listPrice), price: money(highest) },
    );
  if (lowest < floor)
    throw errors.PRICE_BELOW_FLOOR(
      `A team would pay ${inWords(money(lowest))}, and the floor is ${inWords(money(floor))}, ${settings.floorPercent} % of the list price. Choose a higher price.`,
      { floor: money(floor), price: money(lowest) },
    );
};
