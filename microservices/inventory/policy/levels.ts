import type { Level } from '../contract/shapes.ts';

/** The numbers of a level that decisions are made on. */
export type Stock = Pick<
  Level,
  | 'sku'
  | 'locationId'
  | 'onHand'
  | 'reserved'
  | 'allocated'
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
  allocated: number;
  incoming: number;
}

/** A change of nothing, to be spread under what does change. */
export const UNCHANGED: StockDelta = { onHand: 0, reserved: 0, allocated: 0, incoming: 0 };

type Shelf = Pick<Stock, 'onHand' | 'reserved' | 'allocated'>;

/** Units on the shelf that nobody was promised; negative where more were promised than are there. */
const unpromised = ({ onHand, reserved, allocated }: Shelf): number => onHand - reserved - allocated;

/** Units that can be sold from stock; below zero only where backorder is allowed. */
export const availableOf = (stock: Shelf & Pick<Stock, 'safety' | 'backorderable'>): number => {
  const left = unpromised(stock) - stock.safety;
  return stock.backorderable ? left : Math.max(0, left);
};

/** Units that are reserved or allocated and not there. */
export const shortOf = (stock: Shelf): number => Math.max(0, -unpromised(stock));

export const isLow = (stock: Stock): boolean =>
  stock.lowStockThreshold !== null && availableOf(stock) <= stock.lowStockThreshold;

/** The direction in which a change crosses the threshold; undefined when it does not. */
export const crossing = (before: Stock, after: Stock): 'low' | 'replenished' | undefined => {
  if (isLow(before) === isLow(after)) return undefined;
  return isLow(after) ? 'low' : 'replenished';
};

/** The direction in which a change crosses zero available units; undefined when it does not. */
export const soldOut = (before: Stock, after: Stock): 'out' | 'back' | undefined => {
  const [was, is] = [availableOf(before) <= 0, availableOf(after) <= 0];
  if (was === is) return undefined;
  return is ? 'out' : 'back';
};

export const withDelta = <S extends Stock>(stock: S, delta: StockDelta): S => ({
  ...stock,
  onHand: stock.onHand + delta.onHand,
  reserved: stock.reserved + delta.reserved,
  allocated: stock.allocated + delta.allocated,
  incoming: stock.incoming + delta.incoming,
});

/** Units that may leave a location: on hand less allocated and, unless backorder covers those, reserved ones. */
export const removable = (stock: Stock): number =>
  Math.max(0, unpromised(stock) + (stock.backorderable ? stock.reserved : 0));

/** Sums changes of one level, so that each level is written once. */
export const mergeDeltas = <D extends StockDelta & { sku: string; locationId: string }>(deltas: readonly D[]): D[] => {
  const merged = new Map<string, D>();
  for (const delta of deltas) {
    const key = `${delta.sku} ${delta.locationId}`;
    const known = merged.get(key) ?? { ...delta, ...UNCHANGED };
    merged.set(key, {
      ...known,
      onHand: known.onHand + delta.onHand,
      reserved: known.reserved + delta.reserved,
      allocated: known.allocated + delta.allocated,
      incoming: known.incoming + delta.incoming,
    });
  }
  return [...merged.values()];
};
