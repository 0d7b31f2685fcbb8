import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { id } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Database } from '../../chassis/database/index.ts';
import { isUnspaced, queryWords } from '../../chassis/text/search-words.ts';
import type { Context, Handlers } from '../context.ts';
import type { catalogContract } from '../contract.ts';
import { correctedQuery, probablyMeant, toTsquery, type QueryWord } from '../policy/query-words.ts';
import { searchConfig } from '../policy/search-texts.ts';
import { inLocale } from '../policy/texts.ts';
import { findUnknownWords, findWordsAlike, search, type FacetFilter } from '../store/search.ts';
import { findSubtree } from '../store/structure.ts';

const cursorKey = z.tuple([z.number(), z.string(), id('prd')]);

export const searchHandlers = ({ database, now, settings }: Context): Pick<Handlers, 'searchProducts'> => ({
  searchProducts: async (input) => {
    const locale = input.locale ?? settings.locale;
    const currency = input.currency ?? settings.currency;
    const config = searchConfig(locale);
    const asked = queryWords(input.query ?? '');
    // Signs alone find nothing, not everything.
    if (input.query !== undefined && asked.length === 0)
      return { items: [], nextCursor: null, total: 0, facets: [], correctedQuery: null };
    const words = await understood(database, asked, config);
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
        sort: input.sort,
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
        image: row.image,
        skus: row.skus,
        lowestPrice: row.amount === null ? null : { amount: row.amount, currency },
      }),
    );
    return {
      ...page,
      total: findings.total,
      facets: findings.facets,
      correctedQuery: correctedQuery(words),
    };
  },
});

const understood = async (database: Database, words: readonly string[], config: string): Promise<QueryWord[]> => {
  const unknown = (await findUnknownWords(database, words, config)).filter((word) => !isUnspaced(word));
  const alike = unknown.length === 0 ? [] : await findWordsAlike(database, unknown);
  const meant = new Map(alike.map((each) => [each.word, probablyMeant(each.word, each.alike)]));
  return words.map((word) => ({ word, alternatives: meant.get(word) ?? [] }));
};

const filtersOf = ({ brands, attributes }: InputOf<typeof catalogContract, 'searchProducts'>): FacetFilter[] => [
  ...(brands && brands.length > 0 ? [{ field: 'brand', values: brands }] : []),
  ...Object.entries(attributes ?? {}).map(([code, values]) => ({ field: `attribute.${code}`, values })),
];
