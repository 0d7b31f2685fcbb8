import type { z } from 'zod';
import type { stockStatus } from '../contract/values.ts';

export type StockStatus = z.infer<typeof stockStatus>;

/** Inventory's view of a SKU over all locations. */
export interface Availability {
  sku: string;
  available: number;
  backorderable: boolean;
}

/** Units that can be promised now, and if they cover a line. */
export interface LineStock {
  available: number | null;
  stock: StockStatus;
}

/**
 * The stock of each wanted line; `known` may lack a SKU when inventory could not be asked. Goods that are not shipped
 * have no stock.
 */
export const stockOf = (
  line: { sku: string; quantity: number; requiresShipping: boolean },
  known: readonly Availability[],
): LineStock => {
  if (!line.requiresShipping) return { available: null, stock: 'not_tracked' };
  const found = known.find(({ sku }) => sku === line.sku);
  if (!found) return { available: null, stock: 'unknown' };
  const { available, backorderable } = found;
  if (available >= line.quantity) return { available, stock: 'available' };
  return { available, stock: backorderable ? 'backorder' : 'insufficient' };
};
