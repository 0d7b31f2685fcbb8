import { isUnspaced, searchable, searchWords } from '../../chassis/text/search-words.ts';
import type { ProductRecord } from './record.ts';

/**
 * A text for the search document: under which rules it is split and stemmed, and how much it weighs (A most, D least).
 */
export interface SearchText {
  config: string;
  weight: 'A' | 'B' | 'C' | 'D';
  text: string;
}

/** PostgreSQL's own text search configurations, by language. */
const CONFIGS: Readonly<Record<string, string>> = {
  ar: 'arabic',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  nb: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

/** The rules for a locale's words; `simple` (no stemming) where PostgreSQL has none. */
export const searchConfig = (locale: string): string => CONFIGS[locale.split('-')[0] ?? ''] ?? 'simple';

/**
 * Counts how texts are folded and split: raise it when either changes, and a job writes the search documents of all
 * products again.
 */
export const SEARCH_VERSION = 2;

/** A search document can have a megabyte; this much text stays far below it, marks and positions included. */
const MAX_CHARACTERS = 60_000;

const byLocale = (
  weight: SearchText['weight'],
  texts: Readonly<Record<string, string>> | null,
  max: number,
): SearchText[] =>
  Object.entries(texts ?? {}).flatMap(([locale, text]) => {
    const words = searchable(text.slice(0, max));
    return [...new Set([searchConfig(locale), 'simple'])].map((config) => ({ config, weight, text: words }));
  });

const plain = (weight: SearchText['weight'], texts: readonly string[]): SearchText => ({
  config: 'simple',
  weight,
  text: searchable(texts.join(' \n ')),
});

/** The texts that find a product: title and codes weigh most, then brand, options and attributes, then descriptions. */
export const searchTexts = (product: ProductRecord): SearchText[] => {
  const texts: SearchText[] = [
    ...byLocale('A', product.title, 200),
    plain(
      'A',
      product.variants.flatMap(({ sku, gtin }) => [sku, gtin ?? '']),
    ),
    plain('B', [product.brand ?? '', ...textsOf(product)]),
    ...byLocale('C', product.seoDescription, 500),
    ...byLocale('D', product.description, 5_000),
  ];
  let left = MAX_CHARACTERS;
  return texts.flatMap((text) => {
    if (text.text === '' || left <= 0) return [];
    const kept = text.text.slice(0, left);
    left -= kept.length;
    return [{ ...text, text: kept }];
  });
};

const textsOf = ({ attributes, variants }: ProductRecord): string[] => [
  ...Object.values(attributes).filter((value) => typeof value === 'string'),
  ...variants.flatMap((variant) => [...Object.values(variant.options), ...Object.values(variant.title ?? {})]),
];

/**
 * The words that mistyped words of a query are compared with: of titles, brands, options and attributes, from three
 * letters on.
 */
export const wordsOf = (product: ProductRecord): string[] => [
  ...new Set(
    [...Object.values(product.title), product.brand ?? '', ...textsOf(product)]
      .flatMap(searchWords)
      .filter((word) => !isUnspaced(word) && word.length >= 3 && word.length <= 40),
  ),
];
