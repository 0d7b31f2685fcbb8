import type { Level } from '../contract/shapes.ts';

/** The numbers of a level that decisions are made on. */
export type Stock = Pick<
  Level,
  | 'sku'
  | 'locationId'
  | 'onHand'
  | 'reserved'
  | 'incoming'
  | 'safety'
  | 'backorderable'
  | 'backorderLimit'
  | 'lowStockThreshold'
>;

/** Changes of a level; negative takes away. */
export interface StockDelta {
  onHand: number;
  reserved: number;
  incoming: number;
}

/** Units that can be sold from stock; negative where more are reserved than are there. */
export const availableOf = (stock: Pick<Stock, 'onHand' | 'reserved' | 'safety'>): number =>
  stock.onHand - stock.reserved - stock.safety;

export const isLow = (stock: Stock): boolean =>
  stock.lowStockThreshold !== null && availableOf(stock) <= stock.lowStockThreshold;

/** The direction in which a change crosses the threshold; undefined when it does not. */
export const crossing = (before: Stock, after: Stock): 'low' | 'replenished' | undefined => {
  if (isLow(before) === isLow(after)) return undefined;
  return isLow(after) ? 'low' : 'replenished';
};

export const withDelta = <S extends Stock>(stock: S, delta: StockDelta): S => ({
  ...stock,
  onHand: stock.onHand + delta.onHand,
  reserved: stock.reserved + delta.reserved,
  incoming: stock.incoming + delta.incoming,
});

/** Units that may leave a location: on hand less reserved, unless backorder covers those. */
export const removable = (stock: Stock): number =>
  Math.max(0, stock.backorderable ? stock.onHand : stock.onHand - stock.reserved);

/** Sums changes of one level, sorted by SKU and location, so that each level is written once. */
export const mergeDeltas = <D extends StockDelta & { sku: string; locationId: string }>(deltas: readonly D[]): D[] => {
  const merged = new Map<string, D>();
  for (const delta of deltas) {
    const key = `${delta.sku} ${delta.locationId}`;
    const known = merged.get(key);
    merged.set(
      key,
      known
        ? {
            ...known,
            onHand: known.onHand + delta.onHand,
            reserved: known.reserved + delta.reserved,
            incoming: known.incoming + delta.incoming,
          }
        : delta,
    );
  }
  return [...merged.values()];
};
