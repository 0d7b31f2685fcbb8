import type { Product } from '../contract/shapes.ts';

/** A product as it is kept, without what depends on other rows: its completeness, and its media beside their ids. */
export type ProductRecord = Omit<Product, 'completeness' | 'media'>;

/** Ids of the media files of a product and of its variants, each once. */
export const allMediaIds = ({ mediaIds, variants }: Pick<ProductRecord, 'mediaIds' | 'variants'>): string[] => [
  ...new Set([...mediaIds, ...variants.flatMap((variant) => variant.mediaIds)]),
];

/** Names of the fields in which two records of a product differ. */
export const changedFields = (before: ProductRecord, after: ProductRecord): string[] =>
  (Object.keys(after) as (keyof ProductRecord)[]).filter(
    (field) => field !== 'version' && field !== 'updatedAt' && stable(before[field]) !== stable(after[field]),
  );

/** JSON with sorted keys: what PostgreSQL gives back from jsonb has its own order. */
export const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
