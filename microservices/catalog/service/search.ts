import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Database } from '../../chassis/database/index.ts';
import { isUnspaced, queryWords } from '../../chassis/text/search-words.ts';
import type { Context, Handlers } from '../context.ts';
import type { catalogContract } from '../contract.ts';
import type { Collection } from '../contract/collection-values.ts';
import type { SearchSort } from '../contract/search.ts';
import type { LocalizedText } from '../contract/values.ts';
import { addressOf, renditionFor } from '../policy/media-files.ts';
import { correctedQuery, probablyMeant, toTsquery, type QueryWord } from '../policy/query-words.ts';
import { searchConfig } from '../policy/search-texts.ts';
import { foldedPhrase, phrasesOf, withSynonyms } from '../policy/synonyms.ts';
import { inLocale } from '../policy/texts.ts';
import { findSubtree } from '../store/categories.ts';
import { findCollection } from '../store/collections.ts';
import { search, type FacetFilter, type FoundRow, type SearchQuestion } from '../store/search.ts';
import { findSynonyms, findTarget } from '../store/search-terms.ts';
import { findUnknownWords, findWordsAlike } from '../store/search-words.ts';

const cursorKey = z.tuple([z.number(), z.string(), id('prd')]);

export const searchHandlers = ({ database, now, settings }: Context): Pick<Handlers, 'searchProducts'> => ({
  searchProducts: async (input) => {
    const locale = input.locale ?? settings.locale;
    const currency = input.currency ?? settings.currency;
    const config = searchConfig(locale);
    const asked = queryWords(input.query ?? '');
    // Signs alone find nothing, not everything.
    if (input.query !== undefined && asked.length === 0) return NOTHING;
    const collection = input.collectionId ? await findCollection(database, input.collectionId) : undefined;
    // Nor does a collection that is not there, or that shoppers do not see.
    if (input.collectionId !== undefined && !collection?.published) return NOTHING;
    const [words, redirect] = await Promise.all([
      understood(database, asked, config),
      input.query === undefined ? null : findTarget(database, foldedPhrase(input.query)),
    ]);
    const subtree = input.categoryId && (await findSubtree(database, input.categoryId));
    const findings = await search(
      database,
      {
        tsquery: words.length > 0 ? toTsquery(words) : undefined,
        config,
        // An unknown category has no products.
        categoryIds: subtree
          ? [...subtree.map((category) => category.id), ...(subtree.length === 0 ? [''] : [])]
          : undefined,
        filters: filtersOf(input),
        minPrice: input.minPrice,
        maxPrice: input.maxPrice,
        currency,
        sort: orderOf(input.sort, collection, words.length > 0),
        collection,
        shopCurrency: settings.currency,
        after: readCursor(input.cursor, cursorKey),
        count: input.limit + 1,
        facets: input.facets,
        now: now(),
      },
      locale,
      settings.locale,
    );
    const page = toPage(
      findings.items,
      input.limit,
      (row) => [row.keyNumber, row.keyText, row.id],
      (row) => ({
        productId: row.id,
        slug: row.slug,
        title: inLocale(row.title, locale, settings.locale),
        brand: row.brand,
        image: coverOf(row, settings.publicUrl, (alt) => inLocale(alt, locale, settings.locale)),
        skus: row.skus,
        lowestPrice: row.amount === null ? null : { amount: row.amount, currency },
      }),
    );
    return {
      ...page,
      total: findings.total,
      facets: findings.facets,
      correctedQuery: correctedQuery(words),
      redirect,
    };
  },
});

/** Wide enough for a list of products on a sharp screen. */
const COVER_WIDTH = 640;

/** The picture of a product in lists: an uploaded one before one elsewhere. */
const coverOf = (
  { cover, image }: Pick<FoundRow, 'cover' | 'image'>,
  publicUrl: string,
  inWords: (alt: LocalizedText) => string,
): FoundRow['image'] => {
  const shown = cover && renditionFor(cover.renditions, COVER_WIDTH);
  if (!cover || !shown) return image;
  return { url: addressOf(publicUrl, cover.id, shown.file), ...(cover.alt ? { alt: inWords(cover.alt) } : {}) };
};

const NOTHING = { items: [], nextCursor: null, total: 0, facets: [], correctedQuery: null, redirect: null };

/** A collection is shown in its own order, unless words or the caller ask for another. */
const orderOf = (asked: SearchSort, collection: Collection | undefined, hasWords: boolean): SearchQuestion['sort'] => {
  if (asked !== 'relevance' || !collection || hasWords) return asked;
  return collection.sort === 'manual' && collection.conditions.length > 0 ? 'newest' : collection.sort;
};

const understood = async (database: Database, words: readonly string[], config: string): Promise<QueryWord[]> => {
  const read = withSynonyms(words, await findSynonyms(database, phrasesOf(words)));
  // Words with synonyms are known, also where no product has them.
  const plain = read.flatMap(({ word, synonyms = [] }) => (synonyms.length > 0 ? [] : [word]));
  const unknown = (await findUnknownWords(database, plain, config)).filter((word) => !isUnspaced(word));
  const alike = unknown.length === 0 ? [] : await findWordsAlike(database, unknown);
  const meant = new Map(alike.map((each) => [each.word, probablyMeant(each.word, each.alike)]));
  return read.map((each) => ({ ...each, alternatives: meant.get(each.word) ?? [] }));
};

const filtersOf = ({ brands, attributes }: InputOf<typeof catalogContract, 'searchProducts'>): FacetFilter[] => [
  ...(brands && brands.length > 0 ? [{ field: 'brand', values: brands }] : []),
  ...Object.entries(attributes ?? {}).map(([code, values]) => ({ field: `attribute.${code}`, values })),
];
