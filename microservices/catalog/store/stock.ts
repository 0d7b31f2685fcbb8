import type { Queryable } from '../../chassis/database/index.ts';

export interface StockNews {
  sku: string;
  locationId: string;
  /** Number of the event among those of its level. */
  sequence: number;
  available: number;
}

/** Keeps if a SKU is in stock at a location, unless newer news is known. */
export const writeStock = async (tx: Queryable, { sku, locationId, sequence, available }: StockNews): Promise<void> => {
  await tx.run(
    `INSERT INTO stock_seen AS s (sku, location_id, sequence, in_stock) VALUES ($1, $2, $3, $4)
     ON CONFLICT (sku, location_id) DO UPDATE SET sequence = EXCLUDED.sequence, in_stock = EXCLUDED.in_stock
     WHERE s.sequence < EXCLUDED.sequence`,
    [sku, locationId, sequence, available > 0],
  );
};

/** Keeps that SKUs arrived at a location of whose levels there was no news yet. */
export const writeArrival = async (tx: Queryable, locationId: string, skus: readonly string[]): Promise<void> => {
  await tx.run(
    `INSERT INTO stock_seen (sku, location_id, sequence, in_stock)
     SELECT DISTINCT sku, $1, 0, true FROM unnest($2::text[]) AS arrived(sku) ORDER BY sku
     ON CONFLICT (sku, location_id) DO NOTHING`,
    [locationId, skus],
  );
};
