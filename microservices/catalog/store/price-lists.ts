import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { priceList, type PriceList } from '../contract/shapes.ts';

const COLUMNS = columns(Object.keys(priceList.shape), 'l');

export const findPriceList = (tx: Queryable, id: string): Promise<PriceList | undefined> =>
  tx.maybeOne<PriceList>(`SELECT ${COLUMNS} FROM price_list l WHERE l.id = $1`, [id]);

export const lockPriceList = (tx: Queryable, id: string): Promise<PriceList | undefined> =>
  tx.maybeOne<PriceList>(`SELECT ${COLUMNS} FROM price_list l WHERE l.id = $1 FOR UPDATE`, [id]);

export const findPriceListByCode = (tx: Queryable, code: string): Promise<PriceList | undefined> =>
  tx.maybeOne<PriceList>(`SELECT ${COLUMNS} FROM price_list l WHERE l.code = $1`, [code]);

/** Every price list; a shop has few. */
export const allPriceLists = (tx: Queryable): Promise<PriceList[]> =>
  tx.rows<PriceList>(`SELECT ${COLUMNS} FROM price_list l ORDER BY l.code`);

const BASE = `l.customer_group IS NULL AND l.valid_until IS NULL AND (l.valid_from IS NULL OR l.valid_from <= $1)`;

/** Locks the base lists, so that none of them ends before the transaction does. */
export const lockBaseListsShared = async (tx: Queryable, now: Date): Promise<void> => {
  await tx.rows(`SELECT l.id FROM price_list l WHERE ${BASE} ORDER BY l.id FOR SHARE`, [now]);
};

/** Those of the variants that have a price for quantity 1 in a base list: for everybody, begun, without an end. */
export const findPriced = async (tx: Queryable, variantIds: readonly string[], now: Date): Promise<Set<string>> =>
  variantIds.length === 0
    ? new Set()
    : new Set(
        (
          await tx.rows<{ id: string }>(
            `SELECT DISTINCT p.variant_id AS id FROM price p JOIN price_list l ON l.id = p.price_list_id
             WHERE p.variant_id = ANY($2) AND p.active AND p.min_quantity = 1 AND ${BASE}`,
            [now, variantIds],
          )
        ).map((row) => row.id),
      );

/** SKUs of some variants on sale of published products that only this list gives a base price. */
export const leftWithoutPrice = async (tx: Queryable, priceListId: string, now: Date): Promise<string[]> =>
  (
    await tx.rows<{ sku: string }>(
      `SELECT v.sku FROM price p JOIN variant v ON v.id = p.variant_id AND v.sellable JOIN product o ON o.id = v.product_id AND o.state = 'published'
       WHERE p.price_list_id = $2 AND p.active AND p.min_quantity = 1 AND NOT EXISTS (
         SELECT 1 FROM price other JOIN price_list l ON l.id = other.price_list_id
         WHERE other.variant_id = v.id AND other.active AND other.min_quantity = 1 AND l.id <> $2 AND ${BASE})
       ORDER BY v.sku LIMIT 5`,
      [now, priceListId],
    )
  ).map((row) => row.sku);

/** Inserts a list; false when another has its code, also one that was inserted at the same moment. */
export const insertPriceList = async (tx: Queryable, list: PriceList): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO price_list (id, code, title, currency, customer_group, tax_inclusive, priority, valid_from, valid_until, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (code) DO NOTHING`,
    [
      list.id,
      list.code,
      list.title,
      list.currency,
      list.customerGroup,
      list.taxInclusive,
      list.priority,
      list.validFrom,
      list.validUntil,
      list.createdAt,
      list.updatedAt,
    ],
  )) === 1;

/** Writes the parts of a list that can change. */
export const updatePriceList = async (tx: Queryable, list: PriceList): Promise<void> => {
  await tx.run(
    'UPDATE price_list SET title = $2, valid_from = $3, valid_until = $4, updated_at = $5, version = $6 WHERE id = $1',
    [list.id, list.title, list.validFrom, list.validUntil, list.updatedAt, list.version],
  );
};

export interface PriceListFilter {
  currency?: string | undefined;
  customerGroup?: string | undefined;
  code?: string | undefined;
}

export const listPriceLists = (
  tx: Queryable,
  filter: PriceListFilter,
  after: string | undefined,
  count: number,
): Promise<PriceList[]> =>
  tx.rows<PriceList>(
    `SELECT ${COLUMNS} FROM price_list l
     WHERE ($1::text IS NULL OR l.currency = $1) AND ($2::text IS NULL OR l.customer_group = $2) AND ($3::text IS NULL OR l.code = $3)
       AND ($4::text IS NULL OR l.code > $4)
     ORDER BY l.code LIMIT $5`,
    [filter.currency, filter.customerGroup, filter.code, after, count],
  );
