import type { Category, PriceList } from '../../contract/values.ts';
import type { CatalogSettings } from '../../settings.ts';
import type { Reference } from '../fit.ts';
import type { ProductRecord } from '../record.ts';
import { slugify } from '../texts.ts';

/** What a batch of rows is decided upon: the part of the catalog that they speak of, changed by each accepted row for the next. */
export interface ImportWorld {
  settings: CatalogSettings;
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
  /** Variants with a price that a published product can stand on. */
  priced: Set<string>;
}

export const categoryKey = (parentId: string | null, title: string): string =>
  `${parentId ?? ''}\0${title.toLowerCase()}`;

/** Slugs that new products without one may get, from their title and SKU; the first free one is taken. */
export const slugCandidates = (title: string, sku: string): string[] => {
  const fromTitle = slugify(title, sku);
  return [fromTitle, `${fromTitle}-${slugify(sku, 'item')}`.slice(0, 119).replace(/-+$/, '')];
};
