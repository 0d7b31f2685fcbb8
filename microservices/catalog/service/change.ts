import { isUniqueViolation } from '../../chassis/database/index.ts';
import type { Problem } from '../../chassis/problem.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Failures, Tx } from '../context.ts';
import { completenessOf } from '../policy/completeness.ts';
import { misfits, type Reference } from '../policy/fit.ts';
import { allMediaIds, type ProductRecord } from '../policy/record.ts';
import { lockMediaShared } from '../store/media.ts';
import { findPriced, lockBaseListsShared } from '../store/price-lists.ts';
import { lockProduct } from '../store/products.ts';
import { lockCategoriesShared } from '../store/categories.ts';
import { lockAttributesShared, lockFamiliesShared } from '../store/definitions.ts';
import { missing } from './missing.ts';

type Taken = Pick<Failures<'createProduct'>, 'SLUG_TAKEN' | 'SKU_TAKEN' | 'GTIN_TAKEN'>;

/** The product, locked. Throws NOT_FOUND, or VERSION_CONFLICT when it is not at the expected version. */
export const openProduct = async (
  tx: Tx,
  productId: string,
  expectedVersion: number | undefined,
  errors: Pick<Failures<'updateProduct'>, 'NOT_FOUND' | 'VERSION_CONFLICT'>,
): Promise<ProductRecord> => {
  const product = await lockProduct(tx, productId);
  if (!product) throw errors.NOT_FOUND(missing.product(productId));
  requireVersion({ name: 'The product', version: product.version }, expectedVersion, errors.VERSION_CONFLICT);
  return product;
};

/** The definitions that products refer to, locked against changes until the transaction ends. */
export const lockReference = async (tx: Tx, products: readonly ProductRecord[]): Promise<Reference> => ({
  attributes: await lockAttributesShared(tx, [
    ...new Set(products.flatMap((product) => Object.keys(product.attributes))),
  ]),
  families: await lockFamiliesShared(tx, [...new Set(products.flatMap((product) => product.family ?? []))]),
  categoryIds: await lockCategoriesShared(tx, [...new Set(products.flatMap((product) => product.categoryIds))]),
  mediaIds: await lockMediaShared(tx, [...new Set(products.flatMap(allMediaIds))]),
});

/** Throws INVALID_PRODUCT, naming each problem, when a product does not fit together. */
export const requireFit = (
  product: ProductRecord,
  reference: Reference,
  errors: Pick<Failures<'createProduct'>, 'INVALID_PRODUCT'>,
): void => {
  const problems = misfits(product, reference);
  const [first] = problems;
  if (!first) return;
  throw errors.INVALID_PRODUCT(`${first.message}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`, {
    problems: problems.slice(0, 50),
  });
};

/** Throws INCOMPLETE, naming each gap, when a product could not be published. */
export const requireComplete = async (
  tx: Tx,
  product: ProductRecord,
  reference: Pick<Reference, 'families'>,
  now: Date,
  errors: Pick<Failures<'publishProduct'>, 'INCOMPLETE'>,
): Promise<void> => {
  await lockBaseListsShared(tx, now);
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

/** Runs a write. Throws SLUG_TAKEN, SKU_TAKEN or GTIN_TAKEN when one of the `wanted` values is in use. */
export const takingUnique = async <T>(
  write: () => Promise<T>,
  wanted: { slug: string; skus?: readonly string[]; gtins?: readonly string[] },
  errors: Partial<Taken>,
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
  errors: Partial<Taken>,
): Problem | undefined => {
  if (['product_slug', 'category_slug', 'collection_slug'].some((name) => isUniqueViolation(error, name))) {
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
