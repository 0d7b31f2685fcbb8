import type { PriceList } from '../../contract/shapes.ts';
import { hasEnded, isBase } from '../price-lists.ts';
import { minorUnits, withPoint } from './amount.ts';
import type { CatalogPart } from './catalog-part.ts';
import type { ImportRow, Reject } from './columns.ts';

/** A price that a row sets. */
export interface RowPrice {
  list: PriceList;
  minQuantity: number;
  amount: number;
}

export const standsOn = ({ list, minQuantity }: RowPrice, part: CatalogPart): boolean =>
  minQuantity === 1 && isBase(list, part.now);

export const rowPrice = (part: CatalogPart, row: ImportRow, reject: Reject): RowPrice | undefined => {
  if (row.price === undefined) return undefined;
  const list =
    row.priceList === undefined
      ? defaultList(part, row.currency ?? part.settings.currency)
      : part.lists.find((each) => each.code === row.priceList);
  if (!list) {
    if (row.priceList !== undefined)
      reject('priceList', row.priceList, 'There is no price list with this code. Create it first.');
    else
      reject(
        'price',
        row.price,
        `There is no price list in ${row.currency ?? part.settings.currency} for everybody. Create one, or name one in the column priceList.`,
      );
    return undefined;
  }
  if (hasEnded(list, part.now)) reject('priceList', list.code, `This price list ended on ${list.validUntil ?? ''}.`);
  if (row.currency !== undefined && row.currency !== list.currency)
    reject('currency', row.currency, `The price list "${list.code}" is in ${list.currency}.`);
  const amount = minorUnits(row.decimalComma ? withPoint(row.price) : row.price, list.currency);
  if (typeof amount === 'number') return { list, minQuantity: row.minQuantity ?? 1, amount };
  reject('price', row.price, amount);
  return undefined;
};

/** The list that prices without a named one go to: for everybody, without an end, the highest priority first. */
const defaultList = (part: CatalogPart, currency: string): PriceList | undefined =>
  part.lists
    .filter((list) => list.currency === currency && isBase(list, part.now))
    .toSorted((left, right) => right.priority - left.priority || (left.createdAt < right.createdAt ? -1 : 1))[0];
