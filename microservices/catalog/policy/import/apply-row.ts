import { newId } from '../../../chassis/ids.ts';
import { withChanges } from '../../../chassis/with-changes.ts';
import type { Rejection } from '../../contract/imports.ts';
import type { Category, Gap, Variant } from '../../contract/shapes.ts';
import { completenessOf } from '../completeness.ts';
import { misfits } from '../fit.ts';
import { allMediaIds, type ProductRecord } from '../record.ts';
import { freeSlug, inLocale, withTexts } from '../texts.ts';
import { slugCandidates, type CatalogPart } from './catalog-part.ts';
import { rejection, type ImportRow, type Reject } from './columns.ts';
import { rowCategories } from './row-categories.ts';
import { type RowPrice, rowPrice, standsOn } from './row-price.ts';
import { rowAttributes, rowVariant } from './row-variant.ts';

/** The changes that an accepted row makes. */
export interface AcceptedRow {
  product: ProductRecord;
  variant: Variant;
  newCategories: Category[];
  price: RowPrice | undefined;
}

/**
 * Decides one row against the catalog as the rows before it left it: what the product becomes, or everything that is
 * wrong with the row. Changes nothing itself; `admit` does, for accepted rows.
 */
export const applyRow = (part: CatalogPart, row: ImportRow): AcceptedRow | Rejection[] => {
  const rejections: Rejection[] = [];
  const reject: Reject = (column, value, reason) =>
    void rejections.push(rejection(row.line, column, value ?? null, reason));
  const before = findOrStart(part, row, reject);
  if (!before) return rejections;
  const categories = row.categories && rowCategories(part, row.categories);
  if (typeof categories === 'string')
    reject('categories', row.categories?.map((path) => path.join(' > ')).join(' | '), categories);
  const created = typeof categories === 'object' ? categories.created : [];
  const variant = rowVariant(part, before, row, reject);
  const product = publishedBy(part, row, {
    ...withChanges(before, {
      title: { ...before.title, ...row.title },
      description: withTexts(before.description, row.description),
      seoTitle: withTexts(before.seoTitle, row.seoTitle),
      seoDescription: withTexts(before.seoDescription, row.seoDescription),
      brand: row.brand,
      family: row.family,
      images:
        row.images ?? (row.imageUrl === undefined ? undefined : [{ url: row.imageUrl }, ...before.images.slice(1)]),
      originCountry: row.originCountry,
      categoryIds: typeof categories === 'object' ? categories.ids : undefined,
      optionAxes: [...new Set([...(row.optionAxes ?? before.optionAxes), ...Object.keys(row.options)])],
    }),
    attributes: { ...before.attributes, ...rowAttributes(part, row, reject) },
    variants: before.variants.some((each) => each.id === variant.id)
      ? before.variants.map((each) => (each.id === variant.id ? variant : each))
      : [...before.variants, variant],
  });
  const price = rowPrice(part, row, reject);
  if (rejections.length > 0) return rejections;
  const gaps = gapsOf(part, product, created, variant, price);
  return gaps.length > 0
    ? gaps.map((gap) => rejection(row.line, columnOf(gap), row.sku, gap.message))
    : { product, variant, newCategories: created, price };
};

/** Adds an accepted row to the part of the catalog that the next rows are decided on. */
export const admit = (
  part: CatalogPart,
  { product, variant, newCategories, price }: AcceptedRow,
  keyOf: (category: Category) => string,
): void => {
  part.products.set(product.id, product);
  part.productBySku.set(variant.sku, product.id);
  part.productBySlug.set(product.slug, product.id);
  if (variant.gtin) part.gtins.set(variant.gtin, variant.id);
  for (const category of newCategories) part.categories.set(keyOf(category), category);
  if (price && standsOn(price, part)) part.priced.add(variant.id);
};

/** The product of a row: that of its SKU, else that of its slug, else a new draft. */
const findOrStart = (part: CatalogPart, row: ImportRow, reject: Reject): ProductRecord | undefined => {
  const bySku = part.productBySku.get(row.sku);
  const id = bySku ?? (row.slug === undefined ? undefined : part.productBySlug.get(row.slug));
  const found = id === undefined ? undefined : part.products.get(id);
  if (!found) return startProduct(part, row, reject);
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

const startProduct = (part: CatalogPart, row: ImportRow, reject: Reject): ProductRecord | undefined => {
  const title = inLocale(row.title, undefined, part.settings.locale);
  if (title === '') {
    reject('title', undefined, `${row.sku} is new: a new product needs a title.`);
    return undefined;
  }
  const id = newId('prd');
  const at = part.now.toISOString();
  const [first = '', second = ''] = slugCandidates(title, row.sku);
  const taken = new Set([...part.productBySlug.keys()].filter((slug) => slug === first || slug.startsWith(second)));
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
    mediaIds: [],
    originCountry: null,
    variants: [],
    version: 0,
    createdAt: at,
    updatedAt: at,
    publishedAt: null,
  };
};

const publishedBy = (part: CatalogPart, row: ImportRow, product: ProductRecord): ProductRecord =>
  row.state === 'published' && product.state !== 'published'
    ? { ...product, state: 'published', publishedAt: part.now.toISOString() }
    : product;

const gapsOf = (
  part: CatalogPart,
  product: ProductRecord,
  created: readonly Category[],
  variant: Variant,
  price: RowPrice | undefined,
): Gap[] => {
  const categoryIds = new Set([...part.categories.values(), ...created].map((category) => category.id));
  // Rows name no media files: those that a product has are there.
  const mediaIds = new Set(allMediaIds(product));
  const problems = misfits(product, {
    attributes: part.attributes,
    families: part.families,
    categoryIds,
    mediaIds,
  });
  if (problems.length > 0 || product.state !== 'published') return problems;
  const priced = price && standsOn(price, part) ? new Set([...part.priced, variant.id]) : part.priced;
  return completenessOf(product, part.families.get(product.family ?? ''), priced).gaps;
};

/** The column of the file that a problem is about. */
const columnOf = ({ field }: Gap): string | null => {
  if (field.startsWith('attribute.') || field === 'family' || field === 'title' || field === 'price') return field;
  return field === 'categoryIds' ? 'categories' : field.startsWith('variant.') || field === 'variants' ? 'sku' : null;
};
