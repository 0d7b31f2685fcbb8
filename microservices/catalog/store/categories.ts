import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { category, type Category } from '../contract/shapes.ts';

const CATEGORY = columns(Object.keys(category.shape), 'c');

export const findCategory = (tx: Queryable, id: string): Promise<Category | undefined> =>
  tx.maybeOne<Category>(`SELECT ${CATEGORY} FROM category c WHERE c.id = $1`, [id]);

export const lockCategory = (tx: Queryable, id: string): Promise<Category | undefined> =>
  tx.maybeOne<Category>(`SELECT ${CATEGORY} FROM category c WHERE c.id = $1 FOR UPDATE`, [id]);

/** Which of these categories exist; they cannot be deleted until the transaction ends. */
export const lockCategoriesShared = async (tx: Queryable, ids: readonly string[]): Promise<Set<string>> =>
  ids.length === 0
    ? new Set()
    : new Set(
        (await tx.rows<{ id: string }>('SELECT id FROM category WHERE id = ANY($1) ORDER BY id FOR SHARE', [ids])).map(
          (row) => row.id,
        ),
      );

/** Every category; the tree of a shop is small. */
export const allCategories = (tx: Queryable): Promise<Category[]> =>
  tx.rows<Category>(`SELECT ${CATEGORY} FROM category c ORDER BY c.id`);

/** The categories above one, from the top down, without itself. */
export const findAncestors = (tx: Queryable, id: string): Promise<Category[]> =>
  tx.rows<Category>(
    `WITH RECURSIVE above AS (
       SELECT parent_id AS id, 1 AS up FROM category WHERE id = $1
       UNION ALL SELECT category.parent_id, above.up + 1 FROM above JOIN category ON category.id = above.id
     )
     SELECT ${CATEGORY} FROM above JOIN category c ON c.id = above.id ORDER BY above.up DESC`,
    [id],
  );

/** Ids of a category and everything below it, with how far below. */
export const findSubtree = (tx: Queryable, id: string): Promise<{ id: string; depth: number }[]> =>
  tx.rows<{ id: string; depth: number }>(
    `WITH RECURSIVE below AS (
       SELECT id, 0 AS depth FROM category WHERE id = $1
       UNION ALL SELECT category.id, below.depth + 1 FROM below JOIN category ON category.parent_id = below.id
     ) SELECT id, depth FROM below`,
    [id],
  );

/** Makes changes of the tree's shape take turns until the transaction ends. */
export const lockTree = async (tx: Queryable): Promise<void> => {
  await tx.run(
    'INSERT INTO category_tree (only_one, changes) VALUES (1, 1) ON CONFLICT (only_one) DO UPDATE SET changes = category_tree.changes + 1',
  );
};

export const saveCategories = async (tx: Queryable, categories: readonly Category[]): Promise<void> => {
  if (categories.length === 0) return;
  await tx.run(
    `INSERT INTO category (id, slug, title, description, parent_id, position, version, created_at, updated_at)
     SELECT r.id, r.slug, r.title, r.description, r."parentId", r.position, r.version, r."createdAt", r."updatedAt"
     FROM jsonb_to_recordset($1::jsonb) AS r(id text, slug text, title jsonb, description jsonb, "parentId" text, position int, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
     ON CONFLICT (id) DO UPDATE SET slug = EXCLUDED.slug, title = EXCLUDED.title, description = EXCLUDED.description, parent_id = EXCLUDED.parent_id,
       position = EXCLUDED.position, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`,
    [JSON.stringify(categories)],
  );
};

export const hasSubcategories = async (tx: Queryable, id: string): Promise<boolean> =>
  (await tx.one<{ found: boolean }>('SELECT EXISTS (SELECT 1 FROM category WHERE parent_id = $1) AS found', [id]))
    .found;

/** Slugs of some products in a category. */
export const productsInCategory = async (tx: Queryable, id: string): Promise<string[]> =>
  (
    await tx.rows<{ slug: string }>(
      'SELECT slug FROM product WHERE category_ids @> ARRAY[$1::text] ORDER BY slug LIMIT 5',
      [id],
    )
  ).map((row) => row.slug);

export const deleteCategory = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM category WHERE id = $1', [id]);
};

export interface CategoryFilter {
  parentId?: string | undefined;
  top?: boolean | undefined;
  /** Only these categories. */
  ids?: readonly string[] | undefined;
}

/** Categories with how many published products are in or below them, by position and slug, after the key `after`. */
export const listCategories = (
  tx: Queryable,
  filter: CategoryFilter,
  after: readonly [number, string] | undefined,
  count: number,
): Promise<(Category & { products: number })[]> =>
  tx.rows<Category & { products: number }>(
    `WITH page AS (
       SELECT * FROM category
       WHERE ($1::text IS NULL OR parent_id = $1) AND (NOT $2::boolean OR parent_id IS NULL) AND ($3::text[] IS NULL OR id = ANY($3))
         AND ($4::int IS NULL OR (position, slug) > ($4, $5))
       ORDER BY position, slug LIMIT $6
     )
     SELECT ${CATEGORY}, (
       WITH RECURSIVE below AS (
         SELECT c.id UNION ALL SELECT category.id FROM below JOIN category ON category.parent_id = below.id
       )
       SELECT count(*) FROM product p WHERE p.state = 'published' AND p.category_ids && ARRAY(SELECT id FROM below)
     ) AS products
     FROM page c ORDER BY c.position, c.slug`,
    [filter.parentId, filter.top ?? false, filter.ids, after?.[0], after?.[1], count],
  );
