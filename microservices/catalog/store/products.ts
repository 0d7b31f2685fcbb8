import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { containing } from '../../chassis/database/like.ts';
import { product, type ProductState, type Variant } from '../contract/shapes.ts';
import type { ProductRecord } from '../policy/record.ts';
import { SEARCH_VERSION, searchTexts, wordsOf } from '../policy/search-texts.ts';
import { findVariantsOf, saveVariants } from './variants.ts';

type ProductRow = Omit<ProductRecord, 'variants'>;

const COLUMNS = columns(Object.keys(product.omit({ variants: true, completeness: true, media: true }).shape), 'p');

const withVariants = async (tx: Queryable, rows: readonly ProductRow[]): Promise<ProductRecord[]> => {
  if (rows.length === 0) return [];
  const variants = Map.groupBy(
    await findVariantsOf(
      tx,
      rows.map((row) => row.id),
    ),
    (variant) => variant.productId,
  );
  return rows.map((row) => ({ ...row, variants: variants.get(row.id) ?? [] }));
};

/** The products with these ids, in no order. */
export const findProducts = async (tx: Queryable, ids: readonly string[]): Promise<ProductRecord[]> =>
  withVariants(tx, await tx.rows<ProductRow>(`SELECT ${COLUMNS} FROM product p WHERE p.id = ANY($1)`, [ids]));

/**
 * The products with these ids, locked for change in the order of their ids. Whoever changes a product, its variants or
 * its prices locks it first: so its rules are decided by one transaction at a time.
 */
export const lockProducts = async (tx: Queryable, ids: readonly string[]): Promise<ProductRecord[]> =>
  withVariants(
    tx,
    await tx.rows<ProductRow>(`SELECT ${COLUMNS} FROM product p WHERE p.id = ANY($1) ORDER BY p.id FOR UPDATE`, [ids]),
  );

export const findProduct = async (tx: Queryable, id: string): Promise<ProductRecord | undefined> =>
  (await findProducts(tx, [id]))[0];

export const lockProduct = async (tx: Queryable, id: string): Promise<ProductRecord | undefined> =>
  (await lockProducts(tx, [id]))[0];

export const findProductBySlug = async (tx: Queryable, slug: string): Promise<ProductRecord | undefined> =>
  (await withVariants(tx, await tx.rows<ProductRow>(`SELECT ${COLUMNS} FROM product p WHERE p.slug = $1`, [slug])))[0];

/** Ids by slug. */
export const findProductIds = async (tx: Queryable, slugs: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (await tx.rows<{ slug: string; id: string }>('SELECT slug, id FROM product WHERE slug = ANY($1)', [slugs])).map(
      (row) => [row.slug, row.id],
    ),
  );

/** Which slugs are taken among those that begin so. */
export const takenSlugs = async (
  tx: Queryable,
  table: 'product' | 'category' | 'collection',
  beginning: string,
): Promise<Set<string>> =>
  new Set(
    (
      await tx.rows<{ slug: string }>(`SELECT slug FROM ${table} WHERE slug = $1 OR slug ~ ('^' || $1 || '-[0-9]+$')`, [
        beginning,
      ])
    ).map((row) => row.slug),
  );

export interface ProductFilter {
  state?: ProductState | undefined;
  family?: string | undefined;
  /** Categories of which it is in one; undefined: any. */
  categoryIds?: readonly string[] | undefined;
  search?: string | undefined;
  /** The words of `search` in to_tsquery's syntax, if it has any. */
  words?: string | undefined;
}

/** Products by filter, newest first, after the product `before`; `count` at most. */
export const listProducts = async (
  tx: Queryable,
  filter: ProductFilter,
  before: string | undefined,
  count: number,
): Promise<ProductRecord[]> =>
  withVariants(
    tx,
    await tx.rows<ProductRow>(
      `SELECT ${COLUMNS} FROM product p
       WHERE ($1::text IS NULL OR p.state = $1) AND ($2::text IS NULL OR p.family = $2) AND ($3::text[] IS NULL OR p.category_ids && $3)
         AND ($4::text IS NULL OR p.slug LIKE $4 OR ($7::text IS NOT NULL AND p.search @@ to_tsquery('simple', $7)) OR EXISTS (SELECT 1 FROM variant v WHERE v.product_id = p.id AND v.sku LIKE $4))
         AND ($5::text IS NULL OR p.id < $5)
       ORDER BY p.id DESC LIMIT $6`,
      [filter.state, filter.family, filter.categoryIds, containing(filter.search), before, count, filter.words],
    ),
  );

// The search document is built where it is stored: each text under its language's rules and, for codes and other
// languages, as plain words.
const SAVE = `
INSERT INTO product AS p (id, state, slug, title, description, seo_title, seo_description, brand, family, attributes, option_axes, category_ids,
  images, media_ids, origin_country, version, search, search_version, created_at, updated_at, published_at)
SELECT r.id, r.state, r.slug, r.title, r.description, r."seoTitle", r."seoDescription", r.brand, r.family, r.attributes, r."optionAxes", r."categoryIds",
  r.images, r."mediaIds", r."originCountry", r.version,
  coalesce((SELECT string_agg(setweight(to_tsvector(t.config::regconfig, t.text), t.weight::"char")::text, ' ')
    FROM jsonb_to_recordset(r.texts) AS t(config text, weight text, text text)), '')::tsvector, ${SEARCH_VERSION},
  r."createdAt", r."updatedAt", r."publishedAt"
FROM jsonb_to_recordset($1::jsonb) AS r(id text, state text, slug text, title jsonb, description jsonb, "seoTitle" jsonb, "seoDescription" jsonb, brand text,
  family text, attributes jsonb, "optionAxes" text[], "categoryIds" text[], images jsonb, "mediaIds" text[], "originCountry" text, version int, texts jsonb,
  "createdAt" timestamptz, "updatedAt" timestamptz, "publishedAt" timestamptz)
ORDER BY r.id
ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, slug = EXCLUDED.slug, title = EXCLUDED.title, description = EXCLUDED.description,
  seo_title = EXCLUDED.seo_title, seo_description = EXCLUDED.seo_description, brand = EXCLUDED.brand, family = EXCLUDED.family,
  attributes = EXCLUDED.attributes, option_axes = EXCLUDED.option_axes, category_ids = EXCLUDED.category_ids, images = EXCLUDED.images, media_ids = EXCLUDED.media_ids,
  origin_country = EXCLUDED.origin_country, version = EXCLUDED.version, search = EXCLUDED.search, search_version = EXCLUDED.search_version, updated_at = EXCLUDED.updated_at,
  published_at = EXCLUDED.published_at`;

/**
 * Products whose search documents were written by earlier rules, some at a time, locked; those that others have locked
 * are skipped.
 */
export const lockOutdatedSearch = async (tx: Queryable, count: number): Promise<ProductRecord[]> =>
  withVariants(
    tx,
    await tx.rows<ProductRow>(
      `SELECT ${COLUMNS} FROM product p WHERE p.search_version < $1 ORDER BY p.id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [SEARCH_VERSION, count],
    ),
  );

/**
 * Writes products whole, new ones and changed ones, with their variants and search words. A taken slug, SKU or GTIN is
 * a unique violation.
 */
export const saveProducts = async (tx: Queryable, products: readonly ProductRecord[]): Promise<void> => {
  if (products.length === 0) return;
  await tx.run(SAVE, [
    JSON.stringify(products.map(({ variants, ...row }) => ({ ...row, texts: searchTexts({ ...row, variants }) }))),
  ]);
  await saveVariants(
    tx,
    products.flatMap((product): Variant[] => product.variants),
  );
  await tx.run('INSERT INTO search_word (word) SELECT unnest($1::text[]) ON CONFLICT (word) DO NOTHING', [
    [...new Set(products.flatMap(wordsOf))].toSorted((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    ),
  ]);
};
