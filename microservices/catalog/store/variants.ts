import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { variant, type Variant } from '../contract/shapes.ts';

const COLUMNS = columns(Object.keys(variant.shape));

/** Variants of products, in the order a page shows them. */
export const findVariantsOf = (tx: Queryable, productIds: readonly string[]): Promise<Variant[]> =>
  tx.rows<Variant>(`SELECT ${COLUMNS} FROM variant WHERE product_id = ANY($1) ORDER BY product_id, position, sku`, [
    productIds,
  ]);

export const findVariant = (tx: Queryable, id: string): Promise<Variant | undefined> =>
  tx.maybeOne<Variant>(`SELECT ${COLUMNS} FROM variant WHERE id = $1`, [id]);

export const findVariantBySku = (tx: Queryable, sku: string): Promise<Variant | undefined> =>
  tx.maybeOne<Variant>(`SELECT ${COLUMNS} FROM variant WHERE sku = $1`, [sku]);

export const findVariantsBySku = (tx: Queryable, skus: readonly string[]): Promise<Variant[]> =>
  tx.rows<Variant>(`SELECT ${COLUMNS} FROM variant WHERE sku = ANY($1)`, [skus]);

/** Which variant carries each of these GTINs. */
export const findGtins = async (tx: Queryable, gtins: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (await tx.rows<{ gtin: string; id: string }>('SELECT gtin, id FROM variant WHERE gtin = ANY($1)', [gtins])).map(
      (row) => [row.gtin, row.id],
    ),
  );

export interface VariantFilter {
  productId?: string | undefined;
  skuPrefix?: string | undefined;
  gtin?: string | undefined;
}

/** Variants by filter in the order of their SKUs, after the SKU `after`; `count` at most. */
export const listVariants = (
  tx: Queryable,
  filter: VariantFilter,
  after: string | undefined,
  count: number,
): Promise<Variant[]> =>
  tx.rows<Variant>(
    `SELECT ${COLUMNS} FROM variant
     WHERE ($1::text IS NULL OR product_id = $1) AND ($2::text IS NULL OR starts_with(sku, $2)) AND ($3::text IS NULL OR gtin = $3)
       AND ($4::text IS NULL OR sku > $4)
     ORDER BY sku LIMIT $5`,
    [filter.productId, filter.skuPrefix, filter.gtin, after, count],
  );

/** Takes barcodes away that are about to change, so that variants can swap theirs in one statement. */
const FREE_GTINS = `
UPDATE variant v SET gtin = NULL FROM jsonb_to_recordset($1::jsonb) AS r(id text, gtin text)
WHERE v.id = r.id AND v.gtin IS NOT NULL AND v.gtin IS DISTINCT FROM r.gtin`;

const SAVE = `
INSERT INTO variant AS v (id, product_id, sku, gtin, title, options, weight_grams, tax_category, requires_shipping, media_ids, sellable, position, version, created_at, updated_at)
SELECT r.id, r."productId", r.sku, r.gtin, r.title, r.options, r."weightGrams", r."taxCategory", r."requiresShipping", r."mediaIds", r.sellable, r.position, r.version,
  r."createdAt", r."updatedAt"
FROM jsonb_to_recordset($1::jsonb) AS r(id text, "productId" text, sku text, gtin text, title jsonb, options jsonb, "weightGrams" int, "taxCategory" text,
  "requiresShipping" boolean, "mediaIds" text[], sellable boolean, position int, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
ORDER BY r.id
ON CONFLICT (id) DO UPDATE SET gtin = EXCLUDED.gtin, title = EXCLUDED.title, options = EXCLUDED.options, weight_grams = EXCLUDED.weight_grams,
  tax_category = EXCLUDED.tax_category, requires_shipping = EXCLUDED.requires_shipping, media_ids = EXCLUDED.media_ids, sellable = EXCLUDED.sellable, position = EXCLUDED.position,
  version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`;

/** Writes variants whole, new ones and changed ones. A taken SKU or GTIN is a unique violation. */
export const saveVariants = async (tx: Queryable, variants: readonly Variant[]): Promise<void> => {
  if (variants.length === 0) return;
  const rows = JSON.stringify(variants);
  await tx.run(FREE_GTINS, [rows]);
  await tx.run(SAVE, [rows]);
};

export const deleteVariant = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM variant WHERE id = $1', [id]);
};
