import { isUniqueViolation } from '../../chassis/database/index.ts';
import type { Problem } from '../../chassis/problem.ts';
import { type FailureConstructors } from '../../chassis/problem.ts';
import type { failures } from '../contract/failures.ts';
import { completenessOf } from '../policy/completeness.ts';
import { misfits, type Reference } from '../policy/fit.ts';
import type { ProductRecord } from '../policy/record.ts';
import { findPriced, holdBaseLists } from '../store/price-lists.ts';
import { holdAttributes, holdCategories, holdFamilies } from '../store/structure.ts';
import type { CatalogTransaction } from './context.ts';

type Failures<Codes extends keyof typeof failures> = Pick<FailureConstructors<typeof failures>, Codes>;

/** What products refer to, held as it is until the transaction ends. */
export const holdReference = async (
  tx: CatalogTransaction,
  products: readonly ProductRecord[],
): Promise<Reference> => ({
  attributes: await holdAttributes(tx, [...new Set(products.flatMap((product) => Object.keys(product.attributes)))]),
  families: await holdFamilies(tx, [...new Set(products.flatMap((product) => product.family ?? []))]),
  categoryIds: await holdCategories(tx, [...new Set(products.flatMap((product) => product.categoryIds))]),
});

/** Throws INVALID_PRODUCT, naming each problem, when a product does not fit together. */
export const requireFit = (product: ProductRecord, reference: Reference, errors: Failures<'INVALID_PRODUCT'>): void => {
  const problems = misfits(product, reference);
  const [first] = problems;
  if (!first) return;
  throw errors.INVALID_PRODUCT(`${first.message}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`, {
    problems: problems.slice(0, 50),
  });
};

/** Throws INCOMPLETE, naming each gap, when a product could not be published. */
export const requireComplete = async (
  tx: CatalogTransaction,
  product: ProductRecord,
  reference: Pick<Reference, 'families'>,
  now: Date,
  errors: Failures<'INCOMPLETE'>,
): Promise<void> => {
  await holdBaseLists(tx, now);
  const priced = await findPriced(
    tx,
    product.variants.map((variant) => variant.id),
    now,
  );
  const { score, gaps } = completenessOf(product, reference.families.get(product.family ?? ''), priced);
  const [first] = gaps;
  if (!first) return;
  throw errors.INCOMPLETE(
    `The product is not complete (${score} %): ${first.message}${gaps.length > 1 ? ` (and ${gaps.length - 1} more gaps)` : ''}`,
    { score, gaps: gaps.slice(0, 50) },
  );
};

/** Runs a write and tells which unique thing was taken. `wanted` holds what the write would have taken. */
export const takingUnique = async <T>(
  write: () => Promise<T>,
  wanted: { slug: string; skus?: readonly string[]; gtins?: readonly string[] },
  errors: Partial<Failures<'SLUG_TAKEN' | 'SKU_TAKEN' | 'GTIN_TAKEN'>>,
): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    throw takenProblem(error, wanted, errors) ?? error;
  }
};

const takenProblem = (
  error: unknown,
  wanted: { slug: string; skus?: readonly string[]; gtins?: readonly string[] },
  errors: Partial<Failures<'SLUG_TAKEN' | 'SKU_TAKEN' | 'GTIN_TAKEN'>>,
): Problem | undefined => {
  if (isUniqueViolation(error, 'product_slug') || isUniqueViolation(error, 'category_slug')) {
    return errors.SLUG_TAKEN?.(`The slug "${wanted.slug}" is in use. Choose another.`, { slug: wanted.slug });
  }
  if (isUniqueViolation(error, 'variant_sku')) {
    const sku = takenValue(error, wanted.skus);
    return errors.SKU_TAKEN?.(`The SKU "${sku}" belongs to another variant. Choose another, or change that variant.`, {
      sku,
    });
  }
  if (isUniqueViolation(error, 'variant_gtin')) {
    const gtin = takenValue(error, wanted.gtins);
    return errors.GTIN_TAKEN?.(`The GTIN ${gtin} belongs to another variant. Check the number.`, { gtin });
  }
  return undefined;
};

/** PostgreSQL's detail reads: Key (sku)=(A-1) already exists. */
const takenValue = (error: unknown, wanted: readonly string[] = []): string => {
  const detail = error instanceof Error && 'detail' in error && typeof error.detail === 'string' ? error.detail : '';
  return wanted.find((value) => detail.includes(`=(${value})`)) ?? wanted[0] ?? '';
};
