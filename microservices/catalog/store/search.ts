import type { Queryable } from '../../chassis/database/index.ts';
import type { Collection } from '../contract/collection-values.ts';
import type { Facet, SearchSort } from '../contract/search.ts';
import type { LocalizedText } from '../contract/values.ts';
import type { MediaRecord } from '../policy/media-files.ts';
import { fittingSql, parameters, type Bind } from './condition-sql.ts';
import { lowestPrice } from './lowest-price.ts';

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
  /** `manual` is the order of a collection's products that was given by hand. */
  sort: SearchSort | Collection['sort'];
  collection: Collection | undefined;
  /** Currency of conditions of the collection that name none. */
  shopCurrency: string;
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
  /** The first uploaded picture, or the poster of the first video or model. */
  cover: Pick<MediaRecord, 'id' | 'alt' | 'renditions'> | null;
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

const price = (productId: string): string => lowestPrice(productId, '$5', '$6');

const COVER = `(
  SELECT jsonb_build_object('id', m.id, 'alt', m.alt, 'renditions', m.renditions) FROM media own JOIN media m ON m.id = coalesce(own.poster_id, own.id)
  WHERE own.id = page.media_ids[1] AND m.kind = 'image')`;

/**
 * One statement: `found` are the products that words, category and price leave, each with the facet filters it fails.
 * Items fail none; a facet counts those that fail at most itself, so that its other choices stay visible. All sort keys
 * ascend, so one comparison pages every order. Words and categories are only in the text when they are asked for: "… IS
 * NULL OR …" would keep their indexes from being used.
 */
const searchSql = ({ words, categories, within }: { words: boolean; categories: boolean; within: Within }): string => `
WITH filter AS MATERIALIZED (
  SELECT field, ARRAY(SELECT jsonb_array_elements_text("values")) AS accepted FROM jsonb_to_recordset($1::jsonb) AS f(field text, "values" jsonb)
), named AS MATERIALIZED (
  SELECT p.id, p.slug, p.title, p.brand, p.attributes, p.category_ids, p.images, p.media_ids, p.published_at, ${words ? 'ts_rank_cd(p.search, question.words, 1)' : '0'} AS rank, ${within.position} AS position
  FROM product p ${within.join} ${words ? `CROSS JOIN (SELECT to_tsquery($3::regconfig, $2) || to_tsquery('simple', $2) AS words) AS question` : ''}
  WHERE p.state = 'published' AND ${words ? 'p.search @@ question.words' : '$2::text IS NULL AND $3::text IS NOT NULL'}
    AND ${categories ? 'p.category_ids && $4::text[]' : '$4::text[] IS NULL'} AND ${within.condition}
), priced AS MATERIALIZED (
  SELECT named.*, CASE WHEN $7::bigint IS NOT NULL OR $8::bigint IS NOT NULL OR $9::text LIKE 'price%' THEN ${price('named.id')} END AS amount FROM named
), found AS MATERIALIZED (
  SELECT priced.*,
    ARRAY(SELECT f.field FROM filter f WHERE NOT coalesce(
      (CASE WHEN f.field = 'brand' THEN priced.brand ELSE priced.attributes ->> substr(f.field, 11) END) = ANY(f.accepted), false)) AS failed
  FROM priced
  WHERE ($7::bigint IS NULL OR amount >= $7) AND ($8::bigint IS NULL OR amount <= $8)
), keyed AS MATERIALIZED (
  SELECT found.*,
    CASE $9::text WHEN 'relevance' THEN -rank::float8 WHEN 'price_asc' THEN coalesce(amount, 9e15)::float8 WHEN 'price_desc' THEN -coalesce(amount, -1)::float8
      WHEN 'manual' THEN position::float8
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
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'title', title, 'brand', brand, 'image', images -> 0, 'cover', ${COVER}, 'amount', ${price('page.id')},
    'skus', (SELECT coalesce(jsonb_agg(v.sku ORDER BY v.position, v.sku), '[]') FROM variant v WHERE v.product_id = page.id AND v.sellable),
    'keyNumber', key_number, 'keyText', key_text) ORDER BY key_number, key_text, id COLLATE "C") FROM page), '[]') AS items,
  coalesce((SELECT jsonb_agg(jsonb_build_object('field', field, 'values', choices) ORDER BY field) FROM (
    SELECT field, jsonb_agg(jsonb_build_object('value', value, 'count', count) ORDER BY place) AS choices FROM ranked WHERE place <= 50 GROUP BY field
  ) AS counted), '[]') AS facets`;

/** How a statement keeps to the products of a collection. */
interface Within {
  join: string;
  condition: string;
  position: string;
}

const EVERYWHERE: Within = { join: '', condition: 'true', position: '0' };

const within = (
  { collection, shopCurrency, now }: Pick<SearchQuestion, 'collection' | 'shopCurrency' | 'now'>,
  bind: Bind,
): Within => {
  if (!collection) return EVERYWHERE;
  if (collection.conditions.length > 0)
    return { ...EVERYWHERE, condition: fittingSql(collection, { currency: shopCurrency, now }, bind) };
  const join = `JOIN collection_product m ON m.product_id = p.id AND m.collection_id = ${bind(collection.id)}`;
  return { ...EVERYWHERE, join, position: 'm.position' };
};

/** The result of a search: a page of products, how many there are in all, and the facets. */
export const search = (
  tx: Queryable,
  question: SearchQuestion,
  locale: string,
  shopLocale: string,
): Promise<Findings> => {
  const { values, bind } = parameters(
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
  );
  const text = searchSql({
    words: question.tsquery !== undefined,
    categories: question.categoryIds !== undefined,
    within: within(question, bind),
  });
  return tx.one<Findings>(text, values);
};
