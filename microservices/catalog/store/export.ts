import type { Queryable } from '../../chassis/database/index.ts';
import type { ExportColumns, ExportPrice } from '../policy/export/rows.ts';

/** The languages, attributes and option axes that products use. */
export const findExportColumns = async (tx: Queryable, shopLocale: string): Promise<ExportColumns> => {
  const { locales, attributes, axes } = await tx.one<{ locales: string[]; attributes: string[]; axes: string[] }>(
    `SELECT
       ARRAY(SELECT DISTINCT key COLLATE "C" AS key FROM (
         SELECT jsonb_object_keys(title) AS key FROM product
         UNION ALL SELECT jsonb_object_keys(description) FROM product WHERE description IS NOT NULL
         UNION ALL SELECT jsonb_object_keys(seo_title) FROM product WHERE seo_title IS NOT NULL
         UNION ALL SELECT jsonb_object_keys(seo_description) FROM product WHERE seo_description IS NOT NULL
         UNION ALL SELECT jsonb_object_keys(title) FROM variant WHERE title IS NOT NULL
       ) AS texts WHERE key <> $1 ORDER BY key) AS locales,
       ARRAY(SELECT DISTINCT key COLLATE "C" AS key FROM (SELECT jsonb_object_keys(attributes) AS key FROM product) AS used ORDER BY key) AS attributes,
       ARRAY(SELECT DISTINCT axis COLLATE "C" AS axis FROM product, unnest(option_axes) AS axis ORDER BY axis) AS axes`,
    [shopLocale],
  );
  return { shopLocale, locales, attributes, axes };
};

/** Ids of products that are not archived, after the id `after`, in their order. */
export const findExported = async (tx: Queryable, after: string, count: number): Promise<string[]> =>
  (
    await tx.rows<{ id: string }>(`SELECT id FROM product WHERE id > $1 AND state <> 'archived' ORDER BY id LIMIT $2`, [
      after,
      count,
    ])
  ).map(({ id }) => id);

/** Prices of products in lists that have not ended, by product. */
export const findExportedPrices = async (
  tx: Queryable,
  productIds: readonly string[],
  now: Date,
): Promise<Map<string, ExportPrice[]>> =>
  Map.groupBy(
    await tx.rows<ExportPrice & { productId: string }>(
      `SELECT p.product_id AS "productId", p.sku, l.code AS "priceList", l.currency, p.min_quantity AS "minQuantity", p.amount,
         l.customer_group IS NULL AND l.valid_until IS NULL AND (l.valid_from IS NULL OR l.valid_from <= $2) AS "isBase"
       FROM price p JOIN price_list l ON l.id = p.price_list_id
       WHERE p.product_id = ANY($1) AND p.active AND (l.valid_until IS NULL OR l.valid_until > $2)`,
      [productIds, now],
    ),
    ({ productId }) => productId,
  );
