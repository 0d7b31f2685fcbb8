import { editDistance } from '../../chassis/text/edit-distance.ts';
import { wordParts } from '../../chassis/text/search-words.ts';

/** A word of a query, or a phrase with synonyms, with what may be meant. */
export interface QueryWord {
  /** A phrase has one space between its words. */
  word: string;
  /** Words of the catalog that it was probably meant to be; empty when it is known. */
  alternatives: string[];
  /** Words and phrases that mean the same. */
  synonyms?: string[];
}

/**
 * Of words that look alike those that a typing error away are the word: one edit up to five letters, two beyond; the
 * nearest first, three at most.
 */
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
 * A query in to_tsquery's syntax: every word must be there, each as itself or as a word that was meant; the last one
 * may be unfinished. Words are runs of letters and digits, so nothing in them can be an operator. The words of a
 * phrase, and the letters of a word without spaces, must stand side by side.
 */
export const toTsquery = (words: readonly QueryWord[]): string =>
  words
    .map(({ word, alternatives, synonyms = [] }, index) => {
      const asked = index === words.length - 1 && neighbours(word) === word ? `${word}:*` : neighbours(word);
      return `(${[asked, ...alternatives, ...synonyms.map(neighbours)].join(' | ')})`;
    })
    .join(' & ');

/** The words of a phrase, and the letters of words without spaces, as neighbours. */
const neighbours = (phrase: string): string => phrase.split(' ').flatMap(wordParts).join(' <-> ');

/** The query as it was understood, or null when no word was corrected. */
export const correctedQuery = (words: readonly QueryWord[]): string | null =>
  words.some(({ alternatives }) => alternatives.length > 0)
    ? words.map(({ word, alternatives }) => alternatives[0] ?? word).join(' ')
    : null;
