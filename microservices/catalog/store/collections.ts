import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { collection, type Collection } from '../contract/collection-values.ts';

const COLUMNS = columns(Object.keys(collection.shape), 'c');

export const findCollection = (tx: Queryable, id: string): Promise<Collection | undefined> =>
  tx.maybeOne<Collection>(`SELECT ${COLUMNS} FROM collection c WHERE c.id = $1`, [id]);

export const findCollectionBySlug = (tx: Queryable, slug: string): Promise<Collection | undefined> =>
  tx.maybeOne<Collection>(`SELECT ${COLUMNS} FROM collection c WHERE c.slug = $1`, [slug]);

export const lockCollection = (tx: Queryable, id: string): Promise<Collection | undefined> =>
  tx.maybeOne<Collection>(`SELECT ${COLUMNS} FROM collection c WHERE c.id = $1 FOR UPDATE`, [id]);

/** Writes a collection whole, a new one or a changed one. A taken slug is a unique violation. */
export const saveCollection = async (tx: Queryable, saved: Collection): Promise<void> => {
  await tx.run(
    `INSERT INTO collection (id, slug, title, description, seo_title, seo_description, image, published, match, conditions, sort, version, created_at, updated_at)
     SELECT r.id, r.slug, r.title, r.description, r."seoTitle", r."seoDescription", r.image, r.published, r.match, r.conditions, r.sort, r.version, r."createdAt", r."updatedAt"
     FROM jsonb_to_record($1::jsonb) AS r(id text, slug text, title jsonb, description jsonb, "seoTitle" jsonb, "seoDescription" jsonb, image jsonb,
       published boolean, match text, conditions jsonb, sort text, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
     ON CONFLICT (id) DO UPDATE SET slug = EXCLUDED.slug, title = EXCLUDED.title, description = EXCLUDED.description, seo_title = EXCLUDED.seo_title,
       seo_description = EXCLUDED.seo_description, image = EXCLUDED.image, published = EXCLUDED.published, match = EXCLUDED.match,
       conditions = EXCLUDED.conditions, sort = EXCLUDED.sort, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`,
    [JSON.stringify(saved)],
  );
};

export const deleteCollection = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM collection_product WHERE collection_id = $1', [id]);
  await tx.run('DELETE FROM collection WHERE id = $1', [id]);
};

export interface CollectionFilter {
  /** Part of the slug or of a title, as a pattern of LIKE in lower case. */
  like?: string | undefined;
  productId?: string | undefined;
  /** Only those that shoppers see. */
  published: boolean;
}

/** Collections by filter in the order of their slugs, after the slug `after`; `count` at most. */
export const listCollections = (
  tx: Queryable,
  { like, productId, published }: CollectionFilter,
  after: string | undefined,
  count: number,
): Promise<Collection[]> =>
  tx.rows<Collection>(
    `SELECT ${COLUMNS} FROM collection c
     WHERE (c.published OR NOT $1::boolean)
       AND ($2::text IS NULL OR c.slug LIKE $2 OR EXISTS (SELECT 1 FROM jsonb_each_text(c.title) AS t WHERE lower(t.value) LIKE $2))
       AND ($3::text IS NULL OR (c.conditions = '[]' AND EXISTS (SELECT 1 FROM collection_product m WHERE m.collection_id = c.id AND m.product_id = $3)))
       AND ($4::text IS NULL OR c.slug > $4)
     ORDER BY c.slug LIMIT $5`,
    [published, like, productId, after, count],
  );

/** Slugs of some collections with a condition of this category. */
export const collectionsOfCategory = async (tx: Queryable, categoryId: string): Promise<string[]> =>
  (
    await tx.rows<{ slug: string }>(
      `SELECT slug FROM collection WHERE conditions @> jsonb_build_array(jsonb_build_object('field', 'category', 'values', jsonb_build_array($1::text)))
       ORDER BY slug LIMIT 5`,
      [categoryId],
    )
  ).map((row) => row.slug);

/** Slugs of some collections with a condition of this attribute; with `values`, of one of these. */
export const collectionsOfAttribute = async (
  tx: Queryable,
  code: string,
  values: readonly string[] | undefined,
): Promise<string[]> =>
  (
    await tx.rows<{ slug: string }>(
      `SELECT slug FROM collection
       WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(conditions) AS c(condition)
         WHERE condition ->> 'attribute' = $1 AND ($2::text[] IS NULL OR condition -> 'values' ?| $2))
       ORDER BY slug LIMIT 5`,
      [code, values],
    )
  ).map((row) => row.slug);
