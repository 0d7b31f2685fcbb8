import type { Context, Tx } from '../context.ts';
import type { Category } from '../contract/shapes.ts';
import { categoryKey, slugCandidates, type CatalogPart } from '../policy/import/catalog-part.ts';
import { type ImportRow } from '../policy/import/columns.ts';
import { inLocale } from '../policy/texts.ts';
import { allPriceLists, findPriced, lockBaseListsShared } from '../store/price-lists.ts';
import { findProductIds, lockProducts } from '../store/products.ts';
import { allCategories, lockTree } from '../store/categories.ts';
import { lockAttributesShared, lockFamiliesShared } from '../store/definitions.ts';
import { findGtins, findVariantsBySku } from '../store/variants.ts';

/** The part of the catalog that the rows concern, with its products locked. */
export const loadPart = async (
  tx: Tx,
  { now, settings }: Context,
  rows: readonly ImportRow[],
): Promise<CatalogPart> => {
  const at = now();
  if (rows.some((row) => row.categories)) await lockTree(tx);
  const bySku = await findVariantsBySku(
    tx,
    rows.map((row) => row.sku),
  );
  const known = new Set(bySku.map((variant) => variant.sku));
  const slugs = rows.flatMap((row) =>
    known.has(row.sku)
      ? []
      : row.slug
        ? [row.slug]
        : slugCandidates(inLocale(row.title, undefined, settings.locale), row.sku),
  );
  const slugIds = await findProductIds(tx, slugs);
  const named = rows.flatMap((row) => (row.slug === undefined ? [] : (slugIds.get(row.slug) ?? [])));
  const products = await lockProducts(tx, [...new Set([...bySku.map((variant) => variant.productId), ...named])]);
  await lockBaseListsShared(tx, at);
  const variants = products.flatMap((product) => product.variants);
  return {
    settings,
    now: at,
    products: new Map(products.map((product) => [product.id, product])),
    productBySku: new Map(variants.map((variant) => [variant.sku, variant.productId])),
    productBySlug: new Map([...slugIds, ...products.map((product): [string, string] => [product.slug, product.id])]),
    gtins: await findGtins(
      tx,
      rows.flatMap((row) => row.gtin ?? []),
    ),
    categories: new Map((await allCategories(tx)).map((category) => [keyOf(category, settings.locale), category])),
    lists: await allPriceLists(tx),
    attributes: await lockAttributesShared(tx, [
      ...new Set([
        ...rows.flatMap((row) => Object.keys(row.attributes)),
        ...products.flatMap((product) => Object.keys(product.attributes)),
      ]),
    ]),
    families: await lockFamiliesShared(tx, [
      ...new Set([...rows.flatMap((row) => row.family ?? []), ...products.flatMap((product) => product.family ?? [])]),
    ]),
    priced: await findPriced(
      tx,
      variants.map((variant) => variant.id),
      at,
    ),
  };
};

export const keyOf = (category: Category, shopLocale: string): string =>
  categoryKey(category.parentId, inLocale(category.title, undefined, shopLocale));
