import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { FailureConstructors } from '../../chassis/problem.ts';
import { id as idOf } from '../../chassis/contract/index.ts';
import type { catalogContract } from '../contract.ts';
import type { failures } from '../contract/failures.ts';
import { movesFrom, nextState, type ProductMove } from '../policy/lifecycle.ts';
import { changedFields, type ProductRecord } from '../policy/record.ts';
import { buildVariant } from '../policy/variant.ts';
import { queryWords } from '../../chassis/text/search-words.ts';
import { toTsquery } from '../policy/query-words.ts';
import { freeSlug, inLocale, slugify } from '../policy/texts.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import {
  findProduct,
  findProductBySlug,
  listProducts,
  lockProduct,
  saveProducts,
  takenSlugs,
} from '../store/products.ts';
import { findSubtree } from '../store/structure.ts';
import { changedTexts, changedTitle } from './changed-texts.ts';
import { holdReference, requireComplete, requireFit, takingUnique } from './change.ts';
import { keepsCatalog, type CatalogContext, type CatalogHandlers, type CatalogTransaction } from './context.ts';
import { describeProduct, describeProducts, productFacts } from './describe.ts';

type ChangeNames = 'createProduct' | 'updateProduct';
type QueryNames = 'getProduct' | 'getProductBySlug' | 'listProducts' | 'getCompleteness';
type MoveNames = 'submitProduct' | 'rejectProduct' | 'publishProduct' | 'archiveProduct' | 'restoreProduct';
type Errors = FailureConstructors<typeof failures>;

/** Products as they are made and changed. */
export const productCommands = ({ platform, settings }: CatalogContext): CatalogHandlers<ChangeNames> => ({
  createProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await newProduct(tx, input, settings.locale, platform.now());
      requireFit(product, await holdReference(tx, [product]), errors);
      const gtins = product.variants.flatMap((variant) => variant.gtin ?? []);
      await takingUnique(
        () => saveProducts(tx, [product]),
        { slug: product.slug, skus: product.variants.map(({ sku }) => sku), gtins },
        errors,
      );
      tx.append('product.created', product.id, productFacts(product));
      return describeProduct(tx, product, platform.now());
    }),

  updateProduct: async ({ productId, expectedVersion, attributes, ...fields }, { commit, errors }) =>
    commit(async (tx) => {
      const before = await openProduct(tx, productId, expectedVersion, errors);
      const changed = withChanges(before, {
        ...fields,
        title: changedTitle(before.title, fields.title),
        description: changedTexts(before.description, fields.description),
        seoTitle: changedTexts(before.seoTitle, fields.seoTitle),
        seoDescription: changedTexts(before.seoDescription, fields.seoDescription),
        ...(attributes ? { attributes: mergedAttributes(before, attributes) } : {}),
      });
      const differing = changedFields(before, changed);
      if (differing.length === 0) return describeProduct(tx, before, platform.now());
      const product = { ...changed, version: before.version + 1, updatedAt: platform.now().toISOString() };
      const reference = await holdReference(tx, [product]);
      requireFit(product, reference, errors);
      if (product.state === 'published') await requireComplete(tx, product, reference, platform.now(), errors);
      await takingUnique(() => saveProducts(tx, [product]), { slug: product.slug }, errors);
      tx.append('product.updated', product.id, { ...productFacts(product), changed: differing });
      return describeProduct(tx, product, platform.now());
    }),
});

/** The way of a product: draft, in review, published, archived. */
export const lifecycleHandlers = ({ platform }: CatalogContext): CatalogHandlers<MoveNames> => ({
  submitProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await moveProduct(tx, 'submit', input, platform.now(), errors);
      tx.append('product.submitted', product.id, productFacts(product));
      return describeProduct(tx, product, platform.now());
    }),

  rejectProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await moveProduct(tx, 'reject', input, platform.now(), errors);
      tx.append('product.rejected', product.id, { ...productFacts(product), reason: input.reason ?? null });
      return describeProduct(tx, product, platform.now());
    }),

  publishProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await moveProduct(tx, 'publish', input, platform.now(), errors);
      tx.append('product.published', product.id, productFacts(product));
      return describeProduct(tx, product, platform.now());
    }),

  archiveProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await moveProduct(tx, 'archive', input, platform.now(), errors);
      tx.append('product.archived', product.id, productFacts(product));
      return describeProduct(tx, product, platform.now());
    }),

  restoreProduct: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const product = await moveProduct(tx, 'restore', input, platform.now(), errors);
      tx.append('product.restored', product.id, productFacts(product));
      return describeProduct(tx, product, platform.now());
    }),
});

/** Products as they are asked for. */
export const productQueries = ({ platform }: CatalogContext): CatalogHandlers<QueryNames> => ({
  getProduct: async ({ productId }, { caller, errors }) => {
    const product = await findProduct(platform.database, productId);
    if (!product || !(keepsCatalog(caller) || product.state === 'published'))
      throw errors.NOT_FOUND(`There is no product ${productId}.`);
    return describeProduct(platform.database, product, platform.now());
  },

  getProductBySlug: async ({ slug }, { caller, errors }) => {
    const product = await findProductBySlug(platform.database, slug);
    if (!product || !(keepsCatalog(caller) || product.state === 'published'))
      throw errors.NOT_FOUND(`There is no product "${slug}".`);
    return describeProduct(platform.database, product, platform.now());
  },

  listProducts: async ({ limit, cursor, categoryId, ...filter }) => {
    const before = readCursor(cursor, z.tuple([idOf('prd')]));
    const categoryIds = categoryId && (await findSubtree(platform.database, categoryId)).map((category) => category.id);
    const rows = await listProducts(
      platform.database,
      { ...filter, categoryIds: categoryIds || undefined, words: wordsOf(filter.search) },
      before?.[0],
      limit + 1,
    );
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
    return { items: await describeProducts(platform.database, items, platform.now()), nextCursor };
  },

  getCompleteness: async ({ productId }, { errors }) => {
    const product = await findProduct(platform.database, productId);
    if (!product) throw errors.NOT_FOUND(`There is no product ${productId}.`);
    const { completeness } = await describeProduct(platform.database, product, platform.now());
    return { productId, publishable: completeness.gaps.length === 0, ...completeness };
  },
});

const wordsOf = (search: string | undefined): string | undefined => {
  const words = queryWords(search ?? '').map((word) => ({ word, alternatives: [] }));
  return words.length > 0 ? toTsquery(words) : undefined;
};

/** A draft from what the caller sent, with a free slug. */
const newProduct = async (
  tx: CatalogTransaction,
  { title, slug, variants = [], attributes = {}, ...fields }: InputOf<typeof catalogContract, 'createProduct'>,
  shopLocale: string,
  now: Date,
): Promise<ProductRecord> => {
  const id = newId('prd');
  const wanted = slug ?? slugify(inLocale(title, undefined, shopLocale), id.slice(-8));
  const at = now.toISOString();
  return {
    id,
    state: 'draft',
    slug: slug ?? freeSlug(wanted, await takenSlugs(tx, 'product', wanted)),
    title,
    description: fields.description ?? null,
    seoTitle: fields.seoTitle ?? null,
    seoDescription: fields.seoDescription ?? null,
    brand: fields.brand ?? null,
    family: fields.family ?? null,
    attributes,
    optionAxes: fields.optionAxes ?? [],
    categoryIds: [...new Set(fields.categoryIds ?? [])],
    images: fields.images ?? [],
    originCountry: fields.originCountry ?? null,
    variants: variants.map((variant, position) => buildVariant(id, { position, ...variant }, at)),
    version: 1,
    createdAt: at,
    updatedAt: at,
    publishedAt: null,
  };
};

const mergedAttributes = (
  before: ProductRecord,
  changes: NonNullable<InputOf<typeof catalogContract, 'updateProduct'>['attributes']>,
): ProductRecord['attributes'] =>
  Object.fromEntries(
    Object.entries({ ...before.attributes, ...changes }).flatMap(([code, value]) =>
      value === null ? [] : [[code, value]],
    ),
  );

/** The product, locked for change. Throws NOT_FOUND, or VERSION_CONFLICT when it is not the version that the caller knows. */
const openProduct = async (
  tx: CatalogTransaction,
  productId: string,
  expectedVersion: number | undefined,
  errors: Pick<Errors, 'NOT_FOUND' | 'VERSION_CONFLICT'>,
): Promise<ProductRecord> => {
  const product = await lockProduct(tx, productId);
  if (!product) throw errors.NOT_FOUND(`There is no product ${productId}.`);
  if (expectedVersion !== undefined && expectedVersion !== product.version) {
    throw errors.VERSION_CONFLICT(
      `The product is at version ${product.version}, not ${expectedVersion}. Read it again and repeat the change.`,
      {
        expected: expectedVersion,
        actual: product.version,
      },
    );
  }
  return product;
};

const moveProduct = async (
  tx: CatalogTransaction,
  move: ProductMove,
  { productId, expectedVersion }: { productId: string; expectedVersion?: number | undefined },
  now: Date,
  errors: Pick<Errors, 'NOT_FOUND' | 'VERSION_CONFLICT' | 'ILLEGAL_STATE' | 'INCOMPLETE'>,
): Promise<ProductRecord> => {
  const before = await openProduct(tx, productId, expectedVersion, errors);
  const state = nextState(before.state, move);
  if (!state) {
    const allowed = movesFrom(before.state);
    throw errors.ILLEGAL_STATE(
      `The product is ${before.state}; "${move}" is not possible then. Possible: ${allowed.join(', ')}.`,
      { state: before.state, allowed },
    );
  }
  const at = now.toISOString();
  const product = {
    ...before,
    state,
    version: before.version + 1,
    updatedAt: at,
    publishedAt: state === 'published' ? at : before.publishedAt,
  };
  if (state === 'published') await requireComplete(tx, product, await holdReference(tx, [product]), now, errors);
  await saveProducts(tx, [product]);
  return product;
};
