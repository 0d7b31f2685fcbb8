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

type Window = Pick<Campaign, 'startsAt' | 'endsAt'>;

/** Throws where a campaign would end before it starts. */
export const requireWindow = ({ startsAt, endsAt }: Window, errors: Pick<TermErrors, 'INVALID_WINDOW'>): void => {
  if (Date.parse(endsAt) <= Date.parse(startsAt))
    throw errors.INVALID_WINDOW(
      `The campaign would end (${endsAt}) before it starts (${startsAt}). Choose a later end.`,
    );
};

interface Prices {
  currency: string;
  listPrice: number;
  /** The highest and the lowest price that somebody may pay, in minor units. */
  highest: number;
  lowest: number;
}

/** Throws where somebody would not pay less than the list price, or less than the floor of the shop. */
export const requireFloor = (
  { settings }: Pick<Context, 'settings'>,
  { currency, listPrice, highest, lowest }: Prices,
  errors: Pick<TermErrors, 'PRICE_TOO_HIGH' | 'PRICE_BELOW_FLOOR'>,
): void => {
  const money = (amount: number) => ({ amount, currency });
  const floor = floorOf(listPrice, settings.floorPercent * 100);
  if (highest >= listPrice)
    throw errors.PRICE_TOO_HIGH(
      `Customers would pay ${inWords(money(highest))}, and ${inWords(money(listPrice))} is the list price. Choose a lower price.`,
      { listPrice: money(listPrice), price: money(highest) },
    );
  if (lowest < floor)
    throw errors.PRICE_BELOW_FLOOR(
      `Customers would pay ${inWords(money(lowest))}, and the floor is ${inWords(money(floor))}, ${settings.floorPercent} % of the list price. Choose a higher price.`,
      { floor: money(floor), price: money(lowest) },
    );
};

/** Throws what is wrong with the terms of a campaign. */
export const requireTerms = (context: Context, row: Campaign, errors: TermErrors): void => {
  const { tiers } = row;
  requireWindow(row, errors);
  if (row.audience === 'customer_group' && row.customerGroup === null)
    throw errors.GROUP_REQUIRED('Name the customer group that may join, or choose another audience.');
  requireFloor(context, { ...row, highest: tiers[0]?.price ?? 0, lowest: tiers.at(-1)?.price ?? 0 }, errors);
};
