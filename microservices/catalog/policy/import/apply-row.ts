import { newId } from '../../../chassis/ids.ts';
import type { Rejection } from '../../contract/imports.ts';
import type { AttributeDefinition, AttributeValue, Category, Gap, PriceList, Variant } from '../../contract/values.ts';
import { completenessOf } from '../completeness.ts';
import { misfits, valueProblem } from '../fit.ts';
import { hasEnded, isBase } from '../price-lists.ts';
import { withChanges } from '../../../chassis/with-changes.ts';
import { stable, type ProductRecord } from '../record.ts';
import { freeSlug, inLocale } from '../texts.ts';
import { buildVariant } from '../variant.ts';
import { minorUnits, withPoint } from './amount.ts';
import { rejection, type ImportRow } from './columns.ts';
import { rowCategories } from './row-categories.ts';
import { slugCandidates, type ImportWorld } from './world.ts';

/** A price that a row sets. */
export interface RowPrice {
  list: PriceList;
  minQuantity: number;
  amount: number;
}

/** What an accepted row makes of the catalog. */
export interface AcceptedRow {
  product: ProductRecord;
  variant: Variant;
  newCategories: Category[];
  price: RowPrice | undefined;
}

type Reject = (column: string | null, value: string | undefined, reason: string) => void;

/**
 * Decides one row against the catalog as the rows before it left it: what the product becomes, or everything that is wrong with the row. Changes
 * nothing itself; `admit` does, for accepted rows.
 */
export const applyRow = (world: ImportWorld, row: ImportRow): AcceptedRow | Rejection[] => {
  const rejections: Rejection[] = [];
  const reject: Reject = (column, value, reason) =>
    void rejections.push(rejection(row.line, column, value ?? null, reason));
  const before = findOrStart(world, row, reject);
  if (!before) return rejections;
  const categories = row.categories && rowCategories(world, row.categories);
  if (typeof categories === 'string')
    reject('categories', row.categories?.map((path) => path.join(' > ')).join(' | '), categories);
  const created = typeof categories === 'object' ? categories.created : [];
  const variant = rowVariant(world, before, row, reject);
  const product = publishedBy(world, row, {
    ...withChanges(before, {
      title: { ...before.title, ...row.title },
      description: Object.keys(row.description).length > 0 ? { ...before.description, ...row.description } : undefined,
      brand: row.brand,
      family: row.family,
      images: row.imageUrl === undefined ? undefined : [{ url: row.imageUrl }, ...before.images.slice(1)],
      categoryIds: typeof categories === 'object' ? categories.ids : undefined,
      optionAxes: [...new Set([...before.optionAxes, ...Object.keys(row.options)])],
    }),
    attributes: { ...before.attributes, ...rowAttributes(world, row, reject) },
    variants: before.variants.some((each) => each.id === variant.id)
      ? before.variants.map((each) => (each.id === variant.id ? variant : each))
      : [...before.variants, variant],
  });
  const price = rowPrice(world, row, reject);
  if (rejections.length > 0) return rejections;
  const gaps = whatIsWrong(world, product, created, variant, price);
  return gaps.length > 0
    ? gaps.map((gap) => rejection(row.line, columnOf(gap), row.sku, gap.message))
    : { product, variant, newCategories: created, price };
};

/** Makes an accepted row part of the world that the next rows are decided upon. */
export const admit = (
  world: ImportWorld,
  { product, variant, newCategories, price }: AcceptedRow,
  keyOf: (category: Category) => string,
): void => {
  world.products.set(product.id, product);
  world.productBySku.set(variant.sku, product.id);
  world.productBySlug.set(product.slug, product.id);
  if (variant.gtin) world.gtins.set(variant.gtin, variant.id);
  for (const category of newCategories) world.categories.set(keyOf(category), category);
  if (price && standsOn(price, world)) world.priced.add(variant.id);
};

const standsOn = ({ list, minQuantity }: RowPrice, world: ImportWorld): boolean =>
  minQuantity === 1 && isBase(list, world.now);

/** The product of a row: that of its SKU, else that of its slug, else a new draft. */
const findOrStart = (world: ImportWorld, row: ImportRow, reject: Reject): ProductRecord | undefined => {
  const bySku = world.productBySku.get(row.sku);
  const id = bySku ?? (row.slug === undefined ? undefined : world.productBySlug.get(row.slug));
  const found = id === undefined ? undefined : world.products.get(id);
  if (!found) return startProduct(world, row, reject);
  if (bySku !== undefined && row.slug !== undefined && row.slug !== found.slug) {
    reject('slug', row.slug, `The SKU ${row.sku} belongs to the product "${found.slug}".`);
    return undefined;
  }
  if (found.state === 'archived') {
    reject('sku', row.sku, `The product "${found.slug}" is archived. Restore it first.`);
    return undefined;
  }
  if (found.state === 'published' && row.state === 'draft') {
    reject(
      'state',
      'draft',
      `The product "${found.slug}" is published; an import does not take it back. Archive it instead.`,
    );
    return undefined;
  }
  if (found.variants.length >= 1_000 && bySku === undefined) {
    reject('slug', row.slug, 'A product can have 1000 variants at most.');
    return undefined;
  }
  return found;
};

const startProduct = (world: ImportWorld, row: ImportRow, reject: Reject): ProductRecord | undefined => {
  const title = inLocale(row.title, undefined, world.settings.locale);
  if (title === '') {
    reject('title', undefined, `${row.sku} is new: a new product needs a title.`);
    return undefined;
  }
  const id = newId('prd');
  const at = world.now.toISOString();
  const [first = '', second = ''] = slugCandidates(title, row.sku);
  const taken = new Set([...world.productBySlug.keys()].filter((slug) => slug === first || slug.startsWith(second)));
  return {
    id,
    state: 'draft',
    slug: row.slug ?? (taken.has(first) ? freeSlug(second, taken) : first),
    title: {},
    description: null,
    seoTitle: null,
    seoDescription: null,
    brand: null,
    family: null,
    attributes: {},
    optionAxes: [],
    categoryIds: [],
    images: [],
    originCountry: null,
    variants: [],
    version: 0,
    createdAt: at,
    updatedAt: at,
    publishedAt: null,
  };
};

const rowVariant = (world: ImportWorld, product: ProductRecord, row: ImportRow, reject: Reject): Variant => {
  const at = world.now.toISOString();
  const owner = row.gtin === undefined ? undefined : world.gtins.get(row.gtin);
  const old = product.variants.find((variant) => variant.sku === row.sku);
  if (owner !== undefined && owner !== old?.id) reject('gtin', row.gtin, 'This GTIN belongs to another variant.');
  const { gtin, weightGrams, taxCategory, requiresShipping, sellable } = row;
  const fields = { gtin, weightGrams, taxCategory, requiresShipping, sellable };
  if (!old)
    return buildVariant(
      product.id,
      { ...fields, sku: row.sku, options: row.options, position: product.variants.length },
      at,
    );
  const changed = withChanges(old, { ...fields, options: { ...old.options, ...row.options } });
  return stable(changed) === stable(old) ? old : { ...changed, updatedAt: at };
};

const rowAttributes = (world: ImportWorld, row: ImportRow, reject: Reject): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(row.attributes).flatMap(([code, text]) => {
      const definition = world.attributes.get(code);
      const value = definition && typedValue(text, definition, row.decimalComma ?? false);
      const problem = !definition
        ? `There is no attribute "${code}". Define it first.`
        : value === undefined
          ? 'cannot be read'
          : valueProblem(value, definition);
      if (problem !== undefined || value === undefined) {
        reject(`attribute.${code}`, text, definition ? `"${text}" ${problem ?? ''}` : (problem ?? ''));
        return [];
      }
      return [[code, value]];
    }),
  );

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

/** A cell as its attribute's type reads it; text that does not suit stays text, so that the reason names it. */
const typedValue = (text: string, { type }: AttributeDefinition, decimalComma: boolean): AttributeValue => {
  if (type === 'number') {
    const pointed = decimalComma ? withPoint(text) : text;
    return /^[-+]?\d{1,15}(\.\d{1,15})?$/.test(pointed) ? Number(pointed) : text;
  }
  if (type === 'boolean')
    return Object.hasOwn(BOOLEANS, text.toLowerCase()) ? (BOOLEANS[text.toLowerCase()] ?? text) : text;
  return text;
};

const rowPrice = (world: ImportWorld, row: ImportRow, reject: Reject): RowPrice | undefined => {
  if (row.price === undefined) return undefined;
  const list =
    row.priceList === undefined
      ? defaultList(world, row.currency ?? world.settings.currency)
      : world.lists.find((each) => each.code === row.priceList);
  if (!list) {
    if (row.priceList !== undefined)
      reject('priceList', row.priceList, 'There is no price list with this code. Create it first.');
    else
      reject(
        'price',
        row.price,
        `There is no price list in ${row.currency ?? world.settings.currency} for everybody. Create one, or name one in the column priceList.`,
      );
    return undefined;
  }
  if (hasEnded(list, world.now)) reject('priceList', list.code, `This price list ended on ${list.validUntil ?? ''}.`);
  if (row.currency !== undefined && row.currency !== list.currency)
    reject('currency', row.currency, `The price list "${list.code}" is in ${list.currency}.`);
  const amount = minorUnits(row.decimalComma ? withPoint(row.price) : row.price, list.currency);
  if (typeof amount === 'number') return { list, minQuantity: row.minQuantity ?? 1, amount };
  reject('price', row.price, amount);
  return undefined;
};

/** The list that prices without a named one go to: for everybody, without an end, the highest priority first. */
const defaultList = (world: ImportWorld, currency: string): PriceList | undefined =>
  world.lists
    .filter((list) => list.currency === currency && isBase(list, world.now))
    .toSorted((left, right) => right.priority - left.priority || (left.createdAt < right.createdAt ? -1 : 1))[0];

const publishedBy = (world: ImportWorld, row: ImportRow, product: ProductRecord): ProductRecord =>
  row.state === 'published' && product.state !== 'published'
    ? { ...product, state: 'published', publishedAt: world.now.toISOString() }
    : product;

const whatIsWrong = (
  world: ImportWorld,
  product: ProductRecord,
  created: readonly Category[],
  variant: Variant,
  price: RowPrice | undefined,
): Gap[] => {
  const categoryIds = new Set([...world.categories.values(), ...created].map((category) => category.id));
  const problems = misfits(product, { attributes: world.attributes, families: world.families, categoryIds });
  if (problems.length > 0 || product.state !== 'published') return problems;
  const priced = price && standsOn(price, world) ? new Set([...world.priced, variant.id]) : world.priced;
  return completenessOf(product, world.families.get(product.family ?? ''), priced).gaps;
};

/** The column of the file that a problem is about. */
const columnOf = ({ field }: Gap): string | null => {
  if (field.startsWith('attribute.') || field === 'family' || field === 'title' || field === 'price') return field;
  return field === 'categoryIds' ? 'categories' : field.startsWith('variant.') || field === 'variants' ? 'sku' : null;
};
