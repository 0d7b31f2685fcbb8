import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { allowed } from '../../chassis/state-machine.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { sku as skuShape } from '../contract/values.ts';
import { type Variant } from '../contract/shapes.ts';
import { changedFields, type ProductRecord } from '../policy/record.ts';
import { productStates } from '../policy/states.ts';
import { buildVariant } from '../policy/variant.ts';
import { keepsCatalog } from '../policy/visibility.ts';
import { allPriceLists } from '../store/price-lists.ts';
import { findPricesOf } from '../store/prices.ts';
import { findProduct, lockProduct, saveProducts } from '../store/products.ts';
import { deleteVariant, findVariant, findVariantBySku, listVariants } from '../store/variants.ts';
import { changePrices } from './change-prices.ts';
import { lockReference, requireComplete, requireFit, takingUnique } from './change.ts';
import { changedTexts } from './changed-texts.ts';
import { productFacts } from './describe.ts';
import { missing } from './missing.ts';

type CommandNames = 'addVariant' | 'updateVariant' | 'removeVariant';
type QueryNames = 'getVariant' | 'getVariantBySku' | 'listVariants';

/** Commands that change variants; each locks the product of its variant. */
export const variantCommands = ({ now }: Context): Pick<Handlers, CommandNames> => ({
  addVariant: command(async (tx, { productId, ...fields }, { errors }) => {
    const before = await lockProduct(tx, productId);
    if (!before) throw errors.NOT_FOUND(missing.product(productId));
    const at = now().toISOString();
    const built = buildVariant(productId, { position: before.variants.length, ...fields }, at);
    // A published product must not gain a variant on sale that has no price yet.
    const variant = before.state === 'published' ? { ...built, sellable: false } : built;
    const product = withVariants(before, [...before.variants, variant], at);
    requireFit(product, await lockReference(tx, [product]), errors);
    await takingUnique(
      () => saveProducts(tx, [product]),
      { slug: product.slug, skus: [variant.sku], gtins: variant.gtin ? [variant.gtin] : [] },
      errors,
    );
    tx.append('product.updated', productId, { ...productFacts(product), changed: ['variants'] });
    return variant;
  }),

  updateVariant: command(async (tx, { variantId, expectedVersion, ...fields }, { errors }) => {
    const { before, variant: old } = (await openVariant(tx, variantId)) ?? {};
    if (!before || !old) throw errors.NOT_FOUND(missing.variant(variantId));
    requireVersion({ name: 'The variant', version: old.version }, expectedVersion, errors.VERSION_CONFLICT);
    const at = now().toISOString();
    const changed = withChanges(old, { ...fields, title: changedTexts(old.title, fields.title) });
    const variants = before.variants.map((variant) => (variant.id === variantId ? changed : variant));
    if (changedFields(before, { ...before, variants }).length === 0) return old;
    const variant = { ...changed, version: old.version + 1, updatedAt: at };
    const product = withVariants(
      before,
      variants.map((each) => (each.id === variantId ? variant : each)),
      at,
    );
    const reference = await lockReference(tx, [product]);
    requireFit(product, reference, errors);
    if (product.state === 'published') await requireComplete(tx, product, reference, now(), errors);
    await takingUnique(
      () => saveProducts(tx, [product]),
      { slug: product.slug, gtins: variant.gtin ? [variant.gtin] : [] },
      errors,
    );
    tx.append('product.updated', product.id, { ...productFacts(product), changed: ['variants'] });
    return variant;
  }),

  removeVariant: command(async (tx, { variantId }, { errors }) => {
    const { before, variant } = (await openVariant(tx, variantId)) ?? {};
    if (!before || !variant) throw errors.NOT_FOUND(missing.variant(variantId));
    if (before.state === 'published') {
      throw errors.ILLEGAL_STATE(
        'The product is published: take the variant off sale (Update variant, sellable: false), or archive the product first.',
        {
          state: before.state,
          allowed: allowed(productStates, before.state),
        },
      );
    }
    const at = now().toISOString();
    await endPrices(tx, variant, now());
    await deleteVariant(tx, variantId);
    const product = withVariants(
      before,
      before.variants.filter((each) => each.id !== variantId),
      at,
    );
    await saveProducts(tx, [product]);
    tx.append('product.updated', product.id, { ...productFacts(product), changed: ['variants'] });
    return { variantId, sku: variant.sku };
  }),
});

/** Queries for variants. */
export const variantQueries = ({ database }: Context): Pick<Handlers, QueryNames> => ({
  getVariant: async ({ variantId }, { caller, errors }) => {
    const variant = await findVariant(database, variantId);
    if (!variant || !(keepsCatalog(caller) || (await isPublished(database, variant))))
      throw errors.NOT_FOUND(missing.variant(variantId));
    return variant;
  },

  getVariantBySku: async ({ sku }, { caller, errors }) => {
    const variant = await findVariantBySku(database, sku);
    if (!variant || !(keepsCatalog(caller) || (await isPublished(database, variant))))
      throw errors.NOT_FOUND(missing.variantBySku(sku));
    return variant;
  },

  listVariants: async ({ limit, cursor, ...filter }) => {
    const after = readCursor(cursor, z.tuple([skuShape]));
    return toPage(await listVariants(database, filter, after?.[0], limit + 1), limit, (row) => [row.sku]);
  },
});

const endPrices = async (tx: Tx, variant: Variant, now: Date): Promise<void> => {
  const prices = (await findPricesOf(tx, [variant.id])).filter((price) => price.active);
  const currencies = new Map((await allPriceLists(tx)).map((list) => [list.id, list.currency]));
  await changePrices(
    tx,
    prices.map(({ priceListId, minQuantity }) => ({
      priceListId,
      currency: currencies.get(priceListId) ?? '',
      variant,
      minQuantity,
      amount: null,
    })),
    now,
  );
};

const isPublished = async (database: Queryable, variant: Variant): Promise<boolean> =>
  (await findProduct(database, variant.productId))?.state === 'published';

/** The variant and its product, locked for change. */
const openVariant = async (
  tx: Tx,
  variantId: string,
): Promise<{ before: ProductRecord; variant: Variant } | undefined> => {
  const found = await findVariant(tx, variantId);
  const before = found && (await lockProduct(tx, found.productId));
  // Read again under the lock: it may have gone or changed meanwhile.
  const variant = before?.variants.find((each) => each.id === variantId);
  return before && variant ? { before, variant } : undefined;
};

const withVariants = (before: ProductRecord, variants: Variant[], at: string): ProductRecord => ({
  ...before,
  variants,
  version: before.version + 1,
  updatedAt: at,
});
