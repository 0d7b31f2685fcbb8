import type { Database, Queryable } from '../../chassis/database/index.ts';

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
