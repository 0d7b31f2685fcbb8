import { decimalsOf } from '../../../chassis/contract/iso.ts';
import type { Variant } from '../../contract/shapes.ts';
import type { ProductRecord } from '../record.ts';
import { inLocale, variantTitle } from '../texts.ts';

/** A variant on sale as a channel's feed tells of it. */
export interface FeedItem {
  id: string;
  /** Joins the variants of one product. */
  groupId: string | undefined;
  title: string;
  description: string;
  link: string;
  imageLink: string;
  price: string;
  inStock: boolean;
  brand: string | undefined;
  gtin: string | undefined;
  weightGrams: number | undefined;
}

export interface FeedFacts {
  product: ProductRecord;
  variant: Variant;
  /** Its price for one unit and everybody. */
  price: { amount: number; currency: string };
  inStock: boolean;
  /** Addresses of its pictures, the best first. */
  pictures: readonly string[];
}

export interface FeedLanguage {
  locale: string;
  shopLocale: string;
  shopUrl: string;
}

/** Longest id that Google and Meta both take. */
const MOST_ID = 50;

/**
 * A variant as an item, or undefined where channels would refuse it: without a picture, or with a longer SKU than they
 * take. A product without a description is described by its title.
 */
export const feedItem = (
  { product, variant, price, inStock, pictures }: FeedFacts,
  { locale, shopLocale, shopUrl }: FeedLanguage,
): FeedItem | undefined => {
  const [imageLink] = pictures;
  if (imageLink === undefined || variant.sku.length > MOST_ID) return undefined;
  const name = inLocale(product.title, locale, shopLocale);
  const own = variantTitle(variant, product.optionAxes, locale, shopLocale);
  const title = own === null ? name : `${name}, ${own}`;
  return {
    id: variant.sku,
    groupId: product.variants.length > 1 ? product.id : undefined,
    title,
    description: product.description ? inLocale(product.description, locale, shopLocale) : title,
    link: `${shopUrl}/products/${product.slug}?sku=${encodeURIComponent(variant.sku)}`,
    imageLink,
    price: channelPrice(price),
    inStock,
    brand: product.brand ?? undefined,
    gtin: variant.gtin ?? undefined,
    weightGrams: variant.requiresShipping && variant.weightGrams > 0 ? variant.weightGrams : undefined,
  };
};

/** "19.99 EUR", as channels write prices. */
const channelPrice = ({ amount, currency }: { amount: number; currency: string }): string => {
  const decimals = decimalsOf(currency);
  const digits = String(amount).padStart(decimals + 1, '0');
  return `${decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`} ${currency}`;
};

/** A text of at most so many characters, cut between characters. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${[...text.slice(0, most - 1)].filter((part) => part.isWellFormed()).join('')}…`;
