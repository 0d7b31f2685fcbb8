import type { Database, Queryable } from '../../chassis/database/index.ts';
import type { Facet, SearchSort } from '../contract/search.ts';
import type { LocalizedText } from '../contract/values.ts';

export interface FacetFilter {
  /** brand or attribute.<code> */
  field: string;
  values: string[];
}

export interface SearchQuestion {
  /** Full-text query in to_tsquery's syntax, or undefined for everything. */
  tsquery: string | undefined;
  /** The rules that the query's words are stemmed by. */
  config: string;
  categoryIds: readonly string[] | undefined;
  filters: readonly FacetFilter[];
  minPrice: number | undefined;
  maxPrice: number | undefined;
  currency: string;
  sort: SearchSort;
  after: readonly [number, string, string] | undefined;
  count: number;
  facets: boolean;
  now: Date;
}

export interface FoundRow {
  id: string;
  slug: string;
  title: LocalizedText;
  brand: string | null;
  image: { url: string; alt?: string } | null;
  skus: string[];
  amount: number | null;
  keyNumber: number;
  keyText: string;
}

export interface Findings {
  total: number;
  items: FoundRow[];
  facets: Facet[];
}

/**
 * The lowest of a product's variants' winning prices, as resolvePrices decides them for quantity 1 and no group. A
 * subquery by product: it always goes by the indexes, where a join over all products was planned badly (seconds for
 * 3,000) once the plan no longer knew the parameters.
 */
const lowestPrice = (productId: string): string => `(
  SELECT min(best.amount) FROM variant v CROSS JOIN LATERAL (
    SELECT pr.amount FROM price pr JOIN price_list l ON l.id = pr.price_list_id
    WHERE pr.variant_id = v.id AND pr.active AND pr.min_quantity = 1 AND l.currency = $5 AND l.customer_group IS NULL
      AND (l.valid_from IS NULL OR l.valid_from <= $6) AND (l.valid_until IS NULL OR l.valid_until > $6)
    ORDER BY l.priority DESC, l.created_at DESC, l.id DESC LIMIT 1
  ) best WHERE v.product_id = ${productId} AND v.sellable)`;

/**
 * One statement: `found` are the products that words, category and price leave, each with the facet filters it fails.
 * Items fail none; a facet counts those that fail at most itself, so that its other choices stay visible. All sort keys
 * ascend, so one comparison pages every order. Words and categories are only in the text when they are asked for: "… IS
 * NULL OR …" would keep their indexes from being used.
 */
const searchSql = (words: boolean, categories: boolean): string => `
WITH filter AS MATERIALIZED (
  SELECT field, ARRAY(SELECT jsonb_array_elements_text("values")) AS accepted FROM jsonb_to_recordset($1::jsonb) AS f(field text, "values" jsonb)
), named AS MATERIALIZED (
  SELECT p.id, p.slug, p.title, p.brand, p.attributes, p.category_ids, p.images, p.published_at, ${words ? 'ts_rank_cd(p.search, question.words, 1)' : '0'} AS rank
  FROM product p ${words ? `CROSS JOIN (SELECT to_tsquery($3::regconfig, $2) || to_tsquery('simple', $2) AS words) AS question` : ''}
  WHERE p.state = 'published' AND ${words ? 'p.search @@ question.words' : '$2::text IS NULL AND $3::text IS NOT NULL'}
    AND ${categories ? 'p.category_ids && $4::text[]' : '$4::text[] IS NULL'}
), priced AS MATERIALIZED (
  SELECT named.*, CASE WHEN $7::bigint IS NOT NULL OR $8::bigint IS NOT NULL OR $9::text LIKE 'price%' THEN ${lowestPrice('named.id')} END AS amount FROM named
), found AS MATERIALIZED (
  SELECT priced.*,
    ARRAY(SELECT f.field FROM filter f WHERE NOT coalesce(
      (CASE WHEN f.field = 'brand' THEN priced.brand ELSE priced.attributes ->> substr(f.field, 11) END) = ANY(f.accepted), false)) AS failed
  FROM priced
  WHERE ($7::bigint IS NULL OR amount >= $7) AND ($8::bigint IS NULL OR amount <= $8)
), keyed AS MATERIALIZED (
  SELECT found.*,
    CASE $9::text WHEN 'relevance' THEN -rank::float8 WHEN 'price_asc' THEN coalesce(amount, 9e15)::float8 WHEN 'price_desc' THEN -coalesce(amount, -1)::float8
      WHEN 'newest' THEN -extract(epoch FROM published_at)::float8 ELSE 0::float8 END AS key_number,
    CASE $9::text WHEN 'title' THEN lower(coalesce(title ->> $10, title ->> $11, title::text)) ELSE '' END COLLATE "C" AS key_text
  FROM found WHERE failed = '{}'
), page AS MATERIALIZED (
  SELECT * FROM keyed
  WHERE $12::float8 IS NULL OR (key_number, key_text, id COLLATE "C") > ($12, $13::text COLLATE "C", $14::text COLLATE "C")
  ORDER BY key_number, key_text, id COLLATE "C" LIMIT $15
), above AS MATERIALIZED (
  WITH RECURSIVE way AS (
    SELECT id, id AS ancestor FROM category
    UNION ALL SELECT way.id, category.parent_id FROM way JOIN category ON category.id = way.ancestor WHERE category.parent_id IS NOT NULL
  ) SELECT id, array_agg(ancestor) AS ancestors FROM way GROUP BY id
), facet_value AS (
  SELECT 'brand' AS field, brand AS value, count(*) AS count FROM found
  WHERE $16 AND brand IS NOT NULL AND failed <@ ARRAY['brand'] GROUP BY brand
  UNION ALL
  SELECT 'attribute.' || a.code, found.attributes ->> a.code, count(*) FROM found JOIN attribute a ON a.facet AND found.attributes ? a.code
  WHERE $16 AND found.failed <@ ARRAY['attribute.' || a.code] GROUP BY 1, 2
  UNION ALL
  SELECT 'category', ancestor, count(DISTINCT found.id) FROM found CROSS JOIN unnest(found.category_ids) AS own(id) JOIN above ON above.id = own.id
    CROSS JOIN unnest(above.ancestors) AS ancestor
  WHERE $16 AND found.failed = '{}' GROUP BY 2
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY field ORDER BY count DESC, value) AS place FROM facet_value
)
SELECT (SELECT count(*) FROM keyed) AS total,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'title', title, 'brand', brand, 'image', images -> 0, 'amount', ${lowestPrice('page.id')},
    'skus', (SELECT coalesce(jsonb_agg(v.sku ORDER BY v.position, v.sku), '[]') FROM variant v WHERE v.product_id = page.id AND v.sellable),
    'keyNumber', key_number, 'keyText', key_text) ORDER BY key_number, key_text, id COLLATE "C") FROM page), '[]') AS items,
  coalesce((SELECT jsonb_agg(jsonb_build_object('field', field, 'values', choices) ORDER BY field) FROM (
    SELECT field, jsonb_agg(jsonb_build_object('value', value, 'count', count) ORDER BY place) AS choices FROM ranked WHERE place <= 50 GROUP BY field
  ) AS counted), '[]') AS facets`;

/** The result of a search: a page of products, how many there are in all, and the facets. */
export const search = (
  tx: Queryable,
  question: SearchQuestion,
  locale: string,
  shopLocale: string,
): Promise<Findings> =>
  tx.one<Findings>(searchSql(question.tsquery !== undefined, question.categoryIds !== undefined), [
    JSON.stringify(question.filters),
    question.tsquery,
    question.config,
    question.categoryIds,
    question.currency,
    question.now,
    question.minPrice,
    question.maxPrice,
    question.sort,
    locale,
    shopLocale,
    question.after?.[0],
    question.after?.[1],
    question.after?.[2],
    question.count,
    question.facets,
  ]);

/**
 * Of the words of a query those that the catalog does not know. The last word may be the beginning of one, and a word
 * whose stem a product has is known.
 */
export const findUnknownWords = async (tx: Queryable, words: readonly string[], config: string): Promise<string[]> =>
  words.length === 0
    ? []
    : (
        await tx.rows<{ word: string }>(
          `SELECT asked.word FROM unnest($1::text[]) WITH ORDINALITY AS asked(word, place)
           WHERE NOT EXISTS (SELECT 1 FROM search_word k WHERE k.word = asked.word)
             AND NOT (asked.place = $3 AND EXISTS (SELECT 1 FROM search_word k WHERE k.word LIKE asked.word || '%'))
             AND NOT EXISTS (
               SELECT 1 FROM product p WHERE p.state = 'published' AND p.search @@ (plainto_tsquery($2::regconfig, asked.word) || plainto_tsquery('simple', asked.word)))
           ORDER BY asked.place`,
          [words, config, words.length],
        )
      ).map((row) => row.word);

/**
 * Up to 20 words of the catalog for each word, those that share most trigrams with it. Two letters swapped at the
 * beginning of a short word leave few trigrams in common ("cnadle", "candle": 0.27), hence the low threshold, for this
 * transaction only.
 */
export const findWordsAlike = (
  database: Database,
  words: readonly string[],
): Promise<{ word: string; alike: string[] }[]> =>
  database.transaction(async (tx) => {
    await tx.rows(`SELECT set_config('pg_trgm.similarity_threshold', '0.2', true)`);
    return tx.rows<{ word: string; alike: string[] }>(
      `SELECT asked.word, ARRAY(
         SELECT k.word FROM search_word k WHERE k.word OPERATOR(extensions.%) asked.word ORDER BY extensions.similarity(k.word, asked.word) DESC, k.word LIMIT 20
       ) AS alike
       FROM unnest($1::text[]) AS asked(word)`,
      [words],
    );
  });
