import type { Queryable } from '../../chassis/database/index.ts';

export interface TitledProduct {
  productId: string;
  version: number;
  title: string;
  skus: readonly string[];
}

/** Keeps the title of a product for its SKUs, unless a newer one is known. */
export const writeTitle = async (tx: Queryable, { productId, version, title, skus }: TitledProduct): Promise<void> => {
  await tx.run(
    `INSERT INTO product_title AS t (sku, product_id, version, title)
     SELECT DISTINCT sku, $2, $3::bigint, $4 FROM unnest($1::text[]) AS s(sku) ORDER BY sku
     ON CONFLICT (sku) DO UPDATE SET product_id = EXCLUDED.product_id, version = EXCLUDED.version, title = EXCLUDED.title
     WHERE t.product_id <> EXCLUDED.product_id OR t.version < EXCLUDED.version`,
    [skus, productId, version, title],
  );
};

/** Names of SKUs, as far as they have one: the item's own, or the title of its product. */
export const readNames = async (db: Queryable, skus: readonly string[]): Promise<Map<string, string>> =>
  new Map(
    (
      await db.rows<{ sku: string; name: string }>(
        `SELECT sku, coalesce(item.name, product_title.title) AS name
         FROM unnest($1::text[]) AS wanted(sku) LEFT JOIN item USING (sku) LEFT JOIN product_title USING (sku)
         WHERE coalesce(item.name, product_title.title) IS NOT NULL`,
        [skus],
      )
    ).map(({ sku, name }) => [sku, name]),
  );
