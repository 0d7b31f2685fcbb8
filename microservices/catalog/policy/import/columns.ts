import { z } from 'zod';
import { country, currency, line as oneLine, text } from '../../../chassis/contract/index.ts';
import type { Rejection } from '../../contract/imports.ts';
import { code, gtin, image, locale, sku, slug, taxCategory, type LocalizedText } from '../../contract/values.ts';
import { axes, flag, paths, pictures, whole } from './cells.ts';

/** One row of an import file; cells left empty are missing here. */
export interface ImportRow {
  line: number;
  sku: string;
  slug?: string;
  title: LocalizedText;
  description: LocalizedText;
  seoTitle: LocalizedText;
  seoDescription: LocalizedText;
  variantTitle: LocalizedText;
  brand?: string;
  family?: string;
  /** Titles from the top down, one list a category. */
  categories?: string[][];
  /** True where the file writes 19,99 for 19.99: its cells are separated by semicolons or tabs. */
  decimalComma?: boolean;
  /** As written; the attribute's type decides how they are read. */
  attributes: Record<string, string>;
  options: Record<string, string>;
  optionAxes?: string[];
  originCountry?: string;
  images?: z.infer<typeof image>[];
  position?: number;
  gtin?: string;
  weightGrams?: number;
  taxCategory?: z.infer<typeof taxCategory>;
  requiresShipping?: boolean;
  sellable?: boolean;
  imageUrl?: string;
  price?: string;
  currency?: string;
  minQuantity?: number;
  priceList?: string;
  state?: 'draft' | 'published';
}

/** Reads a cell into a row; returns the reason when it cannot. */
type Column = (row: ImportRow, cell: string) => string | undefined;

const column =
  <Shape extends z.ZodType>(shape: Shape, put: (row: ImportRow, value: z.output<Shape>) => void): Column =>
  (row, cell) => {
    const read = shape.safeParse(cell);
    if (!read.success) return read.error.issues[0]?.message ?? 'This cannot be read';
    put(row, read.data);
    return undefined;
  };

type TextField = 'title' | 'description' | 'seoTitle' | 'seoDescription' | 'variantTitle';
interface TextColumn {
  field: TextField;
  shape: z.ZodType<string>;
}

/** The columns of texts: alone in the shop's language, with a language behind a point in that one. */
const TEXTS: Readonly<Record<TextField, TextColumn>> = {
  title: { field: 'title', shape: oneLine(200) },
  description: { field: 'description', shape: text(10_000) },
  seoTitle: { field: 'seoTitle', shape: oneLine(200) },
  seoDescription: { field: 'seoDescription', shape: text(500) },
  variantTitle: { field: 'variantTitle', shape: oneLine(200) },
};

const textColumn = ({ field, shape }: TextColumn, language: string): Column =>
  column(shape, (row, value) => void (row[field][language] = value));

/** The fixed columns, by name in small letters. */
const fixedColumns = (shopLocale: string): Record<string, Column> => ({
  sku: column(sku, (row, value) => void (row.sku = value)),
  slug: column(slug, (row, value) => void (row.slug = value)),
  ...Object.fromEntries(
    Object.entries(TEXTS).map(([name, text]) => [name.toLowerCase(), textColumn(text, shopLocale)]),
  ),
  brand: column(oneLine(120), (row, value) => void (row.brand = value)),
  family: column(code, (row, value) => void (row.family = value)),
  optionaxes: column(axes, (row, value) => void (row.optionAxes = value)),
  origincountry: column(country, (row, value) => void (row.originCountry = value)),
  images: column(pictures, (row, value) => void (row.images = value)),
  position: column(whole(0, 10_000), (row, value) => void (row.position = value)),
  categories: column(paths, (row, value) => void (row.categories = value)),
  gtin: column(gtin, (row, value) => void (row.gtin = value)),
  weightgrams: column(whole(0, 100_000_000), (row, value) => void (row.weightGrams = value)),
  taxcategory: column(taxCategory, (row, value) => void (row.taxCategory = value)),
  requiresshipping: column(flag, (row, value) => void (row.requiresShipping = value)),
  sellable: column(flag, (row, value) => void (row.sellable = value)),
  imageurl: column(image.shape.url, (row, value) => void (row.imageUrl = value)),
  price: column(z.string(), (row, value) => void (row.price = value)),
  currency: column(currency, (row, value) => void (row.currency = value)),
  minquantity: column(whole(1, 1_000_000), (row, value) => void (row.minQuantity = value)),
  pricelist: column(code, (row, value) => void (row.priceList = value)),
  state: column(
    z.enum(['draft', 'published'], 'This is neither draft nor published'),
    (row, value) => void (row.state = value),
  ),
});

const keyedColumn = (name: string): Column | undefined => {
  const [kind, ...rest] = name.split('.');
  const key = rest.join('.');
  const texts = Object.hasOwn(TEXTS, kind ?? '') ? TEXTS[kind as TextField] : undefined;
  if (texts && locale.safeParse(key).success) return textColumn(texts, key);
  if (kind === 'attribute' && code.safeParse(key).success)
    return column(text(500), (row, value) => void (row.attributes[key] = value));
  if (kind === 'option' && code.safeParse(key).success)
    return column(oneLine(80), (row, value) => void (row.options[key] = value));
  return undefined;
};

export interface Header {
  columns: { name: string; read: Column }[];
}

/** Reads the header of an import file. Returns a sentence with the reason when it cannot be used. */
export const readHeader = (cells: readonly string[], shopLocale: string): Header | string => {
  const fixed = fixedColumns(shopLocale);
  const names = cells.map((cell) => cell.trim());
  const columns = names.map((name) => ({
    name,
    read: Object.hasOwn(fixed, name.toLowerCase()) ? fixed[name.toLowerCase()] : keyedColumn(name),
  }));
  const unknown = columns.find((each) => each.read === undefined);
  if (unknown)
    return `There is no column "${unknown.name.slice(0, 100)}". Attributes are written attribute.<code>, options option.<axis>, texts title.<locale>.`;
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((_, index) => lower.indexOf(lower[index] ?? '') !== index);
  if (twice !== undefined) return `The column "${twice}" is in the header twice. Remove one.`;
  if (!lower.includes('sku')) return 'The header has no column "sku". Add it: every row needs a SKU.';
  return { columns: columns.flatMap(({ name, read }) => (read ? [{ name, read }] : [])) };
};

const shortened = (value: string): string =>
  (value.length > 200 ? `${value.slice(0, 199)}…` : value).replaceAll('\u0000', '␀').toWellFormed();

export const rejection = (
  line: number,
  columnName: string | null,
  value: string | null,
  reason: string,
): Rejection => ({
  line,
  column: columnName,
  value: value === null ? null : shortened(value),
  reason,
});

/** A record of the file: its cells, or why it could not be taken apart. */
export interface ReadableRecord {
  line: number;
  cells: readonly string[];
  fault?: string | undefined;
  decimalComma?: boolean | undefined;
}

/** Notes what is wrong with a row that is being read. */
export type Reject = (column: string | null, value: string | undefined, reason: string) => void;

const noTexts = (): Pick<ImportRow, TextField> => ({
  title: {},
  description: {},
  seoTitle: {},
  seoDescription: {},
  variantTitle: {},
});

/** Reads a row. Returns a rejection for each cell that cannot be read. */
export const readRow = (
  header: Header,
  { line, cells, fault, decimalComma }: ReadableRecord,
): ImportRow | Rejection[] => {
  if (fault !== undefined) return [rejection(line, null, cells.join(''), fault)];
  if (cells.length !== header.columns.length) {
    return [
      rejection(
        line,
        null,
        cells.join(','),
        `This row has ${cells.length} cells; the header has ${header.columns.length}.`,
      ),
    ];
  }
  const row: ImportRow = { line, sku: '', ...noTexts(), attributes: {}, options: {}, decimalComma };
  const rejections = header.columns.flatMap(({ name, read }, index) => {
    const cell = (cells[index] ?? '').trim();
    if (cell === '') return [];
    if (cell.includes('\uFFFD'))
      return [rejection(line, name, cell, 'This is not UTF-8 text: save the file as UTF-8.')];
    const problem = read(row, cell);
    return problem === undefined ? [] : [rejection(line, name, cell, problem)];
  });
  if (rejections.length === 0 && row.sku === '') return [rejection(line, 'sku', '', 'The SKU is missing.')];
  return rejections.length > 0 ? rejections : row;
};
