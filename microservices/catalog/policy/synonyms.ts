import { queryWords } from '../../chassis/text/search-words.ts';
import type { QueryWord } from './query-words.ts';

/** More words in a phrase than people search for. */
export const MOST_PHRASE_WORDS = 5;

/** A phrase as queries are compared with it: its words, folded, with one space between; empty when it has none. */
export const foldedPhrase = (phrase: string): string => queryWords(phrase).join(' ');

/** Every run of neighbouring words of a query that could be a phrase. */
export const phrasesOf = (words: readonly string[]): string[] => [
  ...new Set(
    words.flatMap((_, start) =>
      words.slice(start, start + MOST_PHRASE_WORDS).map((__, index) => words.slice(start, start + index + 1).join(' ')),
    ),
  ),
];

/**
 * The words of a query, where those that are a phrase with synonyms become one, the longest first. `synonyms` holds by
 * phrase the others that mean the same.
 */
export const withSynonyms = (
  words: readonly string[],
  synonyms: ReadonlyMap<string, readonly string[]>,
): QueryWord[] => {
  const found: QueryWord[] = [];
  for (let start = 0; start < words.length;) {
    const length = phraseLength(words.slice(start, start + MOST_PHRASE_WORDS), synonyms);
    const word = words.slice(start, start + Math.max(length, 1)).join(' ');
    found.push({ word, alternatives: [], synonyms: [...(synonyms.get(word) ?? [])] });
    start += Math.max(length, 1);
  }
  return found;
};

/** How many of these words, from the first on, are a phrase with synonyms; 0 when they are none. */
const phraseLength = (words: readonly string[], synonyms: ReadonlyMap<string, readonly string[]>): number => {
  for (let length = words.length; length > 0; length -= 1)
    if (synonyms.has(words.slice(0, length).join(' '))) return length;
  return 0;
};
