import type { Queryable } from '../../chassis/database/index.ts';
import type { Product } from '../contract/shapes.ts';
import { completenessOf } from '../policy/completeness.ts';
import type { ProductRecord } from '../policy/record.ts';
import { findPriced } from '../store/price-lists.ts';
import { findFamilies } from '../store/structure.ts';

/** Products as callers see them, with their completeness, in the order given. */
export const describeProducts = async (
  tx: Queryable,
  products: readonly ProductRecord[],
  now: Date,
): Promise<Product[]> => {
  const families = await findFamilies(
    tx,
    products.flatMap((product) => product.family ?? []),
  );
  const priced = await findPriced(
    tx,
    products.flatMap((product) => product.variants.map((variant) => variant.id)),
    now,
  );
  return products.map((product) => ({
    ...product,
    completeness: completenessOf(product, families.get(product.family ?? ''), priced),
  }));
};

export const describeProduct = async (tx: Queryable, product: ProductRecord, now: Date): Promise<Product> => {
  const [described] = await describeProducts(tx, [product], now);
  if (!described) throw new Error('A product has no description');
  return described;
};

/** The part that all events about a product share. */
export const productFacts = ({ id, version, state, slug, title, brand, categoryIds, variants }: ProductRecord) => ({
  productId: id,
  version,
  state,
  slug,
  title,
  brand,
  categoryIds,
  skus: variants.map((variant) => variant.sku),
});
