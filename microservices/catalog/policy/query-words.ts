import { wordsIn } from './search-texts.ts';

/** A word of a query with the words that may be meant. */
export interface QueryWord {
  word: string;
  /** Words of the catalog that it was probably meant to be; empty when it is known. */
  alternatives: string[];
}

const MAX_WORDS = 12;

/** The words of a query, as they are searched. */
export const queryWords = (query: string): string[] => wordsIn(query).slice(0, MAX_WORDS);

/**
 * Edits between two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment distance; Boytsov 2011, "Indexing methods
 * for approximate dictionary searching", section 2).
 */
export const editDistance = (left: string, right: string): number => {
  const a = [...left];
  const b = [...right];
  let beforeLast: number[] = [];
  let last = b.map((_, index) => index).concat(b.length);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      const substitution = (last[j] ?? 0) + (letter === other ? 0 : 1);
      const swapped =
        i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other ? (beforeLast[j - 1] ?? 0) + 1 : Infinity;
      row.push(Math.min(substitution, swapped, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
};

/** Of words that look alike those that a typing error away are the word: one edit up to five letters, two beyond; the nearest first, three at most. */
export const probablyMeant = (word: string, alike: readonly string[]): string[] => {
  const most = [...word].length <= 5 ? 1 : 2;
  return alike
    .map((candidate, index) => ({ candidate, index, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((left, right) => left.distance - right.distance || left.index - right.index)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
};

/**
 * A query in to_tsquery's syntax: every word must be there, each as itself or as a word that was meant; the last one may be unfinished. Words are runs of
 * letters and digits, so nothing in them can be an operator.
 */
export const toTsquery = (words: readonly QueryWord[]): string =>
  words
    .map(
      ({ word, alternatives }, index) =>
        `(${[index === words.length - 1 ? `${word}:*` : word, ...alternatives].join(' | ')})`,
    )
    .join(' & ');

/** The query as it was understood, or null when no word was corrected. */
export const correctedQuery = (words: readonly QueryWord[]): string | null =>
  words.some(({ alternatives }) => alternatives.length > 0)
    ? words.map(({ word, alternatives }) => alternatives[0] ?? word).join(' ')
    : null;
