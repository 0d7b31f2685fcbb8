import type { Queryable } from '../../chassis/database/index.ts';
import type { Context } from '../context.ts';
import type { Product } from '../contract/shapes.ts';
import { completenessOf } from '../policy/completeness.ts';
import { toMedia } from '../policy/media-files.ts';
import { allMediaIds, type ProductRecord } from '../policy/record.ts';
import { findMedia } from '../store/media.ts';
import { findPriced } from '../store/price-lists.ts';
import { findFamilies } from '../store/definitions.ts';

/** Products as callers see them, with their media and their completeness, in the order given. */
export const describeProducts = async (
  tx: Queryable,
  products: readonly ProductRecord[],
  { now, settings }: Pick<Context, 'now' | 'settings'>,
): Promise<Product[]> => {
  const families = await findFamilies(
    tx,
    products.flatMap((product) => product.family ?? []),
  );
  const priced = await findPriced(
    tx,
    products.flatMap((product) => product.variants.map((variant) => variant.id)),
    now(),
  );
  const media = await findMedia(tx, [...new Set(products.flatMap(allMediaIds))]);
  return products.map((product) => ({
    ...product,
    media: allMediaIds(product).flatMap((id) => {
      const record = media.get(id);
      return record ? [toMedia(record, settings.publicUrl)] : [];
    }),
    completeness: completenessOf(product, families.get(product.family ?? ''), priced),
  }));
};

export const describeProduct = async (
  tx: Queryable,
  product: ProductRecord,
  context: Pick<Context, 'now' | 'settings'>,
): Promise<Product> => {
  const [described] = await describeProducts(tx, [product], context);
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
