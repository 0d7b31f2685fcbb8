import { decimalsOf } from '../../../chassis/contract/iso.ts';
import type { Variant } from '../../contract/shapes.ts';
import type { LocalizedText } from '../../contract/values.ts';
import type { ProductRecord } from '../record.ts';

/** The columns that depend on what the catalog holds. */
export interface ExportColumns {
  /** The shop's own language, which columns without a language are in. */
  shopLocale: string;
  /** All languages of texts, the shop's own left out. */
  locales: readonly string[];
  attributes: readonly string[];
  axes: readonly string[];
}

export interface ExportPrice {
  sku: string;
  /** Code of its price list. */
  priceList: string;
  currency: string;
  minQuantity: number;
  amount: number;
  /** True in a list that published products can rely on. */
  isBase: boolean;
}

/** A product with what its rows need of other tables. */
export interface ExportedProduct {
  product: ProductRecord;
  /** Titles of its categories from the top down, in the shop's language. */
  categories: readonly (readonly string[])[];
  prices: readonly ExportPrice[];
}

/** A product has something that the header has no column for: the catalog changed while it was read. */
export class NoColumn extends Error {}

type Row = Record<string, string | undefined>;

const TEXTS = ['title', 'description', 'seoTitle', 'seoDescription', 'variantTitle'] as const;

/** Names of the columns, in their order. */
export const columnNames = ({ locales, attributes, axes }: ExportColumns): string[] => [
  'sku',
  'slug',
  ...TEXTS.flatMap((name) => [name, ...locales.map((locale) => `${name}.${locale}`)]),
  'brand',
  'family',
  'categories',
  ...attributes.map((code) => `attribute.${code}`),
  'optionAxes',
  ...axes.map((axis) => `option.${axis}`),
  'originCountry',
  'images',
  'gtin',
  'weightGrams',
  'taxCategory',
  'requiresShipping',
  'sellable',
  'position',
  'priceList',
  'currency',
  'minQuantity',
  'price',
  'state',
];

/**
 * The rows of a product: one for each price of each variant, those that publishing needs first. What concerns the
 * product stands in its first row, and its state in its last one, when all that publishing needs is there. Throws
 * NoColumn.
 */
export const exportRows = ({ product, categories, prices }: ExportedProduct, columns: ExportColumns): string[][] => {
  const rows: Row[] = product.variants.flatMap((variant) => variantRows(variant, pricesOf(variant, prices), columns));
  const last = rows.length - 1;
  return rows.map((row, index) =>
    cellsOf(
      {
        slug: product.slug,
        ...row,
        ...(index === 0 ? productCells(product, categories, columns) : {}),
        ...(index === last ? { state: product.state === 'published' ? 'published' : 'draft' } : {}),
      },
      columnNames(columns),
    ),
  );
};

const pricesOf = ({ sku }: Variant, prices: readonly ExportPrice[]): ExportPrice[] =>
  prices
    .filter((price) => price.sku === sku)
    .toSorted(
      (left, right) =>
        Number(right.isBase) - Number(left.isBase) ||
        (left.priceList < right.priceList ? -1 : left.priceList > right.priceList ? 1 : 0) ||
        left.minQuantity - right.minQuantity,
    );

const productCells = (
  product: ProductRecord,
  categories: ExportedProduct['categories'],
  { shopLocale }: ExportColumns,
): Row => ({
  ...texts('title', product.title, shopLocale),
  ...texts('description', product.description, shopLocale),
  ...texts('seoTitle', product.seoTitle, shopLocale),
  ...texts('seoDescription', product.seoDescription, shopLocale),
  brand: product.brand ?? undefined,
  family: product.family ?? undefined,
  categories: categories.map((path) => path.map(escaped).join(' > ')).join(' | '),
  ...Object.fromEntries(
    Object.entries(product.attributes).map(([code, value]) => [`attribute.${code}`, String(value)]),
  ),
  optionAxes: product.optionAxes.join(' | '),
  originCountry: product.originCountry ?? undefined,
  images: product.images.length > 0 ? JSON.stringify(product.images) : undefined,
});

const variantRows = (variant: Variant, prices: readonly ExportPrice[], { shopLocale }: ExportColumns): Row[] => {
  const about: Row = {
    sku: variant.sku,
    ...texts('variantTitle', variant.title, shopLocale),
    ...Object.fromEntries(Object.entries(variant.options).map(([axis, value]) => [`option.${axis}`, value])),
    gtin: variant.gtin ?? undefined,
    weightGrams: String(variant.weightGrams),
    taxCategory: variant.taxCategory,
    requiresShipping: String(variant.requiresShipping),
    sellable: String(variant.sellable),
    position: String(variant.position),
  };
  if (prices.length === 0) return [about];
  return prices.map((price, index) => ({ ...(index === 0 ? about : { sku: variant.sku }), ...priceCells(price) }));
};

const priceCells = ({ priceList, currency, minQuantity, amount }: ExportPrice): Row => ({
  priceList,
  currency,
  minQuantity: String(minQuantity),
  price: majorUnits(amount, currency),
});

/** 1999 EUR as "19.99"; exact, because it only moves the point. */
const majorUnits = (amount: number, currency: string): string => {
  const decimals = decimalsOf(currency);
  const digits = String(amount).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

const texts = (name: string, byLocale: LocalizedText | null, shopLocale: string): Row =>
  Object.fromEntries(
    Object.entries(byLocale ?? {}).map(([locale, text]) => [locale === shopLocale ? name : `${name}.${locale}`, text]),
  );

/** A title as a path takes it: > and | separate. */
const escaped = (title: string): string => title.replaceAll(/[\\>|]/g, String.raw`\$&`);

const cellsOf = (row: Row, names: readonly string[]): string[] => {
  const stranger = Object.keys(row).find((name) => row[name] !== undefined && !names.includes(name));
  if (stranger !== undefined) throw new NoColumn(`There is no column ${stranger}: the catalog changed meanwhile.`);
  return names.map((name) => row[name] ?? '');
};

/** A line of CSV (RFC 4180). */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
