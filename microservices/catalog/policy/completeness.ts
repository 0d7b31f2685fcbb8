import type { Family, Gap } from '../contract/shapes.ts';
import type { ProductRecord } from './record.ts';

export interface Completeness {
  /** Percent of what a complete product has, recommended things included. */
  score: number;
  /** Reasons why it cannot be published. */
  gaps: Gap[];
}

interface Check {
  met: boolean;
  /** Set for what publishing needs; recommended things only count for the score. */
  gap?: Gap;
}

/**
 * How complete a product is. To be published it needs a variant on sale, a price for each variant on sale (`priced`
 * holds the variant ids with one), and the required attributes of its family.
 */
export const completenessOf = (
  product: ProductRecord,
  family: Family | undefined,
  priced: ReadonlySet<string>,
): Completeness => {
  const onSale = product.variants.filter((variant) => variant.sellable);
  const checks: Check[] = [
    { met: Object.keys(product.title).length > 0, gap: { field: 'title', message: 'The product has no title.' } },
    { met: onSale.length > 0, gap: { field: 'variants', message: 'The product has no variant on sale. Add one.' } },
    ...onSale.map((variant) => ({
      met: priced.has(variant.id),
      gap: {
        field: 'price',
        message: `${variant.sku} has no price for everybody without an end date. Set one for quantity 1.`,
      },
    })),
    ...(family?.required ?? []).map((code) => ({
      met: Object.hasOwn(product.attributes, code),
      gap: {
        field: `attribute.${code}`,
        message: `The attribute "${code}" is required by the family "${family?.code ?? ''}".`,
      },
    })),
    ...(family?.optional ?? []).map((code) => ({ met: Object.hasOwn(product.attributes, code) })),
    { met: product.description !== null },
    { met: product.images.length > 0 || product.mediaIds.length > 0 },
    { met: product.categoryIds.length > 0 },
    { met: product.brand !== null },
    { met: onSale.every((variant) => !variant.requiresShipping || variant.weightGrams > 0) },
  ];
  return {
    score: Math.floor((100 * checks.filter((check) => check.met).length) / checks.length),
    gaps: checks.flatMap((check) => (check.met || !check.gap ? [] : [check.gap])),
  };
};
