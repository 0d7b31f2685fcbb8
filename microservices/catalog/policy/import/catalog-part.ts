import type { Category, PriceList } from '../../contract/shapes.ts';
import type { Reference } from '../fit.ts';
import type { ProductRecord } from '../record.ts';
import { slugify } from '../texts.ts';

/** The part of the catalog that a batch of rows concerns; each accepted row changes it for the next. */
export interface CatalogPart {
  /** The shop's own language and currency. */
  settings: { locale: string; currency: string };
  now: Date;
  products: Map<string, ProductRecord>;
  productBySku: Map<string, string>;
  productBySlug: Map<string, string>;
  /** Variant id by GTIN. */
  gtins: Map<string, string>;
  /** By `categoryKey`. */
  categories: Map<string, Category>;
  lists: readonly PriceList[];
  attributes: Reference['attributes'];
  families: Reference['families'];
  /** Ids of variants with a price in a base list. */
  priced: Set<string>;
}

export const categoryKey = (parentId: string | null, title: string): string =>
  `${parentId ?? ''}\0${title.toLowerCase()}`;

/** Slugs that new products without one may get, from their title and SKU; the first free one is taken. */
export const slugCandidates = (title: string, sku: string): string[] => {
  const fromTitle = slugify(title, sku);
  return [fromTitle, `${fromTitle}-${slugify(sku, 'item')}`.slice(0, 119).replace(/-+$/, '')];
};
