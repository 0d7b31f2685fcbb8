import type { Queryable } from '../../chassis/database/index.ts';
import { containing } from '../../chassis/database/like.ts';
import type { Item, Level } from '../contract/shapes.ts';
import { LEVEL_COLUMNS, LEVEL_NAMES, UNPROMISED } from './level-columns.ts';

// Items with their totals. What an inactive location holds is on hand, but nobody can buy it.
const TOTALS = `
  SELECT item.sku, item.name, item.barcode, item.version, item.created_at AS "createdAt",
         coalesce(sum(l.on_hand), 0)::bigint AS "onHand", coalesce(sum(l.reserved), 0)::bigint AS reserved,
         coalesce(sum(l.allocated), 0)::bigint AS allocated, coalesce(sum(l.incoming), 0)::bigint AS incoming,
         coalesce(sum(greatest(${UNPROMISED}, 0)) FILTER (WHERE location.active), 0)::bigint AS available,
         coalesce(sum(greatest(l.reserved + l.allocated - l.on_hand, 0)), 0)::bigint AS short,
         coalesce(bool_or(${UNPROMISED} <= l.low_stock_threshold), false) AS low
  FROM item LEFT JOIN level l ON l.sku = item.sku LEFT JOIN location ON location.id = l.location_id`;

const ITEM = 'sku, name, barcode, "onHand", reserved, allocated, incoming, available, short, low, version, "createdAt"';

/** The version of an item, locked; undefined when there is none. */
export const lockItem = async (tx: Queryable, sku: string): Promise<number | undefined> =>
  (await tx.maybeOne<{ version: number }>('SELECT version FROM item WHERE sku = $1 FOR UPDATE', [sku]))?.version;

/** Writes a locked or new item; false when another transaction made it first. */
export const writeItem = async (
  tx: Queryable,
  item: Pick<Item, 'sku' | 'name' | 'barcode' | 'version'>,
): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO item (sku, name, barcode, version) VALUES ($1, $2, $3, $4)
     ON CONFLICT (sku) DO UPDATE SET name = EXCLUDED.name, barcode = EXCLUDED.barcode, version = EXCLUDED.version
     WHERE item.version = EXCLUDED.version - 1`,
    [item.sku, item.name, item.barcode, item.version],
  )) === 1;

export const findItem = (db: Queryable, sku: string): Promise<Item | undefined> =>
  db.maybeOne<Item>(`SELECT ${ITEM} FROM (${TOTALS} WHERE item.sku = $1 GROUP BY item.sku) AS totals`, [sku]);

export interface ItemFilter {
  search?: string | undefined;
  stock: 'any' | 'in_stock' | 'out_of_stock' | 'low' | 'oversold';
  sort: StockSort;
  limit: number;
}

export type StockSort = 'sku' | '-sku' | 'available' | '-available';
/** available of the last row, its SKU, and its location where rows are levels. */
export type StockKey = [available: number, sku: string, locationId: string];

/** `after` refers to $1 available, $2 sku, $3 location of the last row. */
const ORDERS: Record<StockSort, { after: string; by: string }> = {
  sku: { after: '(sku, place) > ($2, $3)', by: 'sku, place' },
  '-sku': { after: '(sku, place) < ($2, $3)', by: 'sku DESC, place DESC' },
  available: { after: '(available, sku, place) > ($1, $2, $3)', by: 'available, sku, place' },
  '-available': { after: '(available, sku, place) < ($1, $2, $3)', by: 'available DESC, sku DESC, place DESC' },
};

const STOCK_FILTERS = {
  any: 'true',
  in_stock: 'available > 0',
  out_of_stock: 'available = 0',
  low: 'low',
  oversold: 'short > 0',
} as const;

/** One page and one row more. */
export const listItems = (db: Queryable, filter: ItemFilter, after: StockKey | undefined): Promise<Item[]> => {
  const order = ORDERS[filter.sort];
  return db.rows<Item>(
    `SELECT ${ITEM} FROM (
       SELECT *, '' AS place FROM (
         ${TOTALS}
         WHERE ($4::text IS NULL OR item.sku ILIKE $4 OR item.name ILIKE $4 OR item.barcode ILIKE $4)
         GROUP BY item.sku
       ) AS totals
     ) AS items
     WHERE ${STOCK_FILTERS[filter.stock]} AND (($1::bigint IS NULL AND $2::text IS NULL AND $3::text IS NULL) OR ${order.after})
     ORDER BY ${order.by} LIMIT $5`,
    [...keyValues(after), containing(filter.search), filter.limit + 1],
  );
};

const keyValues = (after: StockKey | undefined) => after ?? [null, null, null];

export interface LevelFilter {
  sku?: string | undefined;
  locationId?: string | undefined;
  low?: boolean | undefined;
  search?: string | undefined;
  sort: StockSort;
  limit: number;
}

/** One page and one row more. */
export const listLevels = (db: Queryable, filter: LevelFilter, after: StockKey | undefined): Promise<Level[]> => {
  const order = ORDERS[filter.sort];
  return db.rows<Level>(
    `SELECT ${LEVEL_NAMES} FROM (
       SELECT ${LEVEL_COLUMNS}, l.location_id AS place FROM level l JOIN item ON item.sku = l.sku
       WHERE ($4::text IS NULL OR l.sku = $4) AND ($5::text IS NULL OR l.location_id = $5)
         AND ($6::text IS NULL OR item.sku ILIKE $6 OR item.name ILIKE $6 OR item.barcode ILIKE $6)
     ) AS levels
     WHERE ($7::boolean IS NULL OR low = $7) AND (($1::bigint IS NULL AND $2::text IS NULL AND $3::text IS NULL) OR ${order.after})
     ORDER BY ${order.by} LIMIT $8`,
    [
      ...keyValues(after),
      filter.sku ?? null,
      filter.locationId ?? null,
      containing(filter.search),
      filter.low ?? null,
      filter.limit + 1,
    ],
  );
};

export interface Availability {
  sku: string;
  available: number;
  backorderable: boolean;
  incoming: number;
}

/** Units of each SKU that can be reserved now at active locations; unknown SKUs are left out. */
export const readAvailability = (db: Queryable, skus: readonly string[]): Promise<Availability[]> =>
  db.rows<Availability>(
    `SELECT wanted.sku,
            coalesce(sum(greatest(${UNPROMISED}, 0)), 0)::bigint AS available,
            coalesce(bool_or(l.backorderable AND (l.backorder_limit IS NULL
              OR l.backorder_limit + least(${UNPROMISED}, 0) > 0)), false) AS backorderable,
            coalesce(sum(l.incoming), 0)::bigint AS incoming
     FROM unnest($1::text[]) WITH ORDINALITY AS wanted(sku, position)
     LEFT JOIN (level l JOIN location ON location.id = l.location_id AND location.active) ON l.sku = wanted.sku
     GROUP BY wanted.sku, wanted.position ORDER BY wanted.position`,
    [skus],
  );
