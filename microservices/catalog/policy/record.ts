import type { Product } from '../contract/shapes.ts';

/** A product as it is kept: everything but its completeness, which depends on its family and prices. */
export type ProductRecord = Omit<Product, 'completeness'>;

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
