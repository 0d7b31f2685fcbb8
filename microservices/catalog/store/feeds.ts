import type { Queryable } from '../../chassis/database/index.ts';
import type { SitemapPage } from '../policy/feeds/sitemap.ts';

/** Ids of published products after the id `after`, in their order. */
export const findPublished = async (tx: Queryable, after: string, count: number): Promise<string[]> =>
  (
    await tx.rows<{ id: string }>(`SELECT id FROM product WHERE id > $1 AND state = 'published' ORDER BY id LIMIT $2`, [
      after,
      count,
    ])
  ).map(({ id }) => id);

/** Those of these SKUs that are in stock somewhere. */
export const findInStock = async (tx: Queryable, skus: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await tx.rows<{ sku: string }>('SELECT DISTINCT sku FROM stock_seen WHERE sku = ANY($1) AND in_stock', [skus])
    ).map(({ sku }) => sku),
  );

const PAGES = `
  SELECT 1 AS kind, id, '/products/' || slug AS path, updated_at FROM product WHERE state = 'published'
  UNION ALL SELECT 2, id, '/categories/' || slug, updated_at FROM category
  UNION ALL SELECT 3, id, '/collections/' || slug, updated_at FROM collection WHERE published`;

export const countSitemapPages = async (tx: Queryable): Promise<number> =>
  (await tx.one<{ count: number }>(`SELECT count(*) AS count FROM (${PAGES}) AS page`)).count;

/** Pages of the shop in one order, from the place `from` on. */
export const findSitemapPages = (tx: Queryable, from: number, count: number): Promise<SitemapPage[]> =>
  tx.rows<SitemapPage>(
    `SELECT path, updated_at AS "changedAt" FROM (${PAGES}) AS page ORDER BY kind, id OFFSET $1 LIMIT $2`,
    [from, count],
  );
