import type { Queryable } from '../../chassis/database/index.ts';
import type { Collection } from '../contract/collection-values.ts';
import { fittingSql, parameters } from './condition-sql.ts';

/** Products that were added by hand, in their order. */
export const findMembers = async (tx: Queryable, collectionId: string): Promise<string[]> =>
  (
    await tx.rows<{ id: string }>(
      'SELECT product_id AS id FROM collection_product WHERE collection_id = $1 ORDER BY position, product_id',
      [collectionId],
    )
  ).map(({ id }) => id);

/** Writes which products are in a collection and in what order. Lock the collection first. */
export const saveMembers = async (
  tx: Queryable,
  collectionId: string,
  productIds: readonly string[],
): Promise<void> => {
  await tx.run('DELETE FROM collection_product WHERE collection_id = $1 AND NOT product_id = ANY($2)', [
    collectionId,
    productIds,
  ]);
  await tx.run(
    `INSERT INTO collection_product AS m (collection_id, product_id, position)
     SELECT $1, id, ordinal FROM unnest($2::text[]) WITH ORDINALITY AS wanted(id, ordinal) ORDER BY id
     ON CONFLICT (collection_id, product_id) DO UPDATE SET position = EXCLUDED.position WHERE m.position <> EXCLUDED.position`,
    [collectionId, productIds],
  );
};

/** Which of these products exist. */
export const knownProducts = async (tx: Queryable, ids: readonly string[]): Promise<Set<string>> =>
  new Set((await tx.rows<{ id: string }>('SELECT id FROM product WHERE id = ANY($1)', [ids])).map(({ id }) => id));

export interface Fitting {
  total: number;
  examples: { productId: string; slug: string }[];
}

/** How many published products fit conditions, and some of them, published last first. */
export const countFitting = (
  tx: Queryable,
  rules: Pick<Collection, 'match' | 'conditions'>,
  shop: { currency: string; now: Date },
): Promise<Fitting> => {
  const { values, bind } = parameters();
  return tx.one<Fitting>(
    `WITH fitting AS MATERIALIZED (
       SELECT p.id, p.slug, p.published_at FROM product p WHERE p.state = 'published' AND ${fittingSql(rules, shop, bind)}
     )
     SELECT (SELECT count(*) FROM fitting) AS total,
       coalesce((SELECT jsonb_agg(jsonb_build_object('productId', id, 'slug', slug) ORDER BY published_at DESC, id)
         FROM (SELECT * FROM fitting ORDER BY published_at DESC, id LIMIT 10) AS first), '[]') AS examples`,
    values,
  );
};
