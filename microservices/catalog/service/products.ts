import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { id as idOf } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { queryWords } from '../../chassis/text/search-words.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { catalogContract } from '../contract.ts';
import { toTsquery } from '../policy/query-words.ts';
import { changedFields, type ProductRecord } from '../policy/record.ts';
import { freeSlug, inLocale, slugify } from '../policy/texts.ts';
import { buildVariant } from '../policy/variant.ts';
import { keepsCatalog } from '../policy/visibility.ts';
import { findProduct, findProductBySlug, listProducts, saveProducts, takenSlugs } from '../store/products.ts';
import { findSubtree } from '../store/categories.ts';
import { lockReference, requireComplete, openProduct, requireFit, takingUnique } from './change.ts';
import { changedTexts, changedTitle } from './changed-texts.ts';
import { describeProduct, describeProducts, productFacts } from './describe.ts';
import { missing } from './missing.ts';

type ChangeNames = 'createProduct' | 'updateProduct';
type QueryNames = 'getProduct' | 'getProductBySlug' | 'listProducts' | 'getCompleteness';

/** Commands that make and change products. */
export const productCommands = (context: Context): Pick<Handlers, ChangeNames> => ({
  createProduct: command(async (tx, input, { errors }) => {
    const product = await newProduct(tx, input, context.settings.locale, context.now());
    requireFit(product, await lockReference(tx, [product]), errors);
    const gtins = product.variants.flatMap((variant) => variant.gtin ?? []);
    await takingUnique(
      () => saveProducts(tx, [product]),
      { slug: product.slug, skus: product.variants.map(({ sku }) => sku), gtins },
      errors,
    );
    tx.append('product.created', product.id, productFacts(product));
    return describeProduct(tx, product, context);
  }),

  updateProduct: command(async (tx, { productId, expectedVersion, attributes, ...fields }, { errors }) => {
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
    if (differing.length === 0) return describeProduct(tx, before, context);
    const product = { ...changed, version: before.version + 1, updatedAt: context.now().toISOString() };
    const reference = await lockReference(tx, [product]);
    requireFit(product, reference, errors);
    if (product.state === 'published') await requireComplete(tx, product, reference, context.now(), errors);
    await takingUnique(() => saveProducts(tx, [product]), { slug: product.slug }, errors);
    tx.append('product.updated', product.id, { ...productFacts(product), changed: differing });
    return describeProduct(tx, product, context);
  }),
});

/** Queries for products. */
export const productQueries = (context: Context): Pick<Handlers, QueryNames> => ({
  getProduct: async ({ productId }, { caller, errors }) => {
    const product = await findProduct(context.database, productId);
    if (!product || !(keepsCatalog(caller) || product.state === 'published'))
      throw errors.NOT_FOUND(missing.product(productId));
    return describeProduct(context.database, product, context);
  },

  getProductBySlug: async ({ slug }, { caller, errors }) => {
    const product = await findProductBySlug(context.database, slug);
    if (!product || !(keepsCatalog(caller) || product.state === 'published'))
      throw errors.NOT_FOUND(missing.product(`"${slug}"`));
    return describeProduct(context.database, product, context);
  },

  listProducts: async ({ limit, cursor, categoryId, ...filter }) => {
    const before = readCursor(cursor, z.tuple([idOf('prd')]));
    const categoryIds = categoryId && (await findSubtree(context.database, categoryId)).map((category) => category.id);
    const rows = await listProducts(
      context.database,
      { ...filter, categoryIds: categoryIds || undefined, words: wordsOf(filter.search) },
      before?.[0],
      limit + 1,
    );
    const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
    return { items: await describeProducts(context.database, items, context), nextCursor };
  },

  getCompleteness: async ({ productId }, { errors }) => {
    const product = await findProduct(context.database, productId);
    if (!product) throw errors.NOT_FOUND(missing.product(productId));
    const { completeness } = await describeProduct(context.database, product, context);
    return { productId, publishable: completeness.gaps.length === 0, ...completeness };
  },
});

const wordsOf = (search: string | undefined): string | undefined => {
  const words = queryWords(search ?? '').map((word) => ({ word, alternatives: [] }));
  return words.length > 0 ? toTsquery(words) : undefined;
};

/** A draft from what the caller sent, with a free slug. */
const newProduct = async (
  tx: Tx,
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
    mediaIds: [...new Set(fields.mediaIds ?? [])],
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
