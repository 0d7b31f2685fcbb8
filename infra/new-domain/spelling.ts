/** One name in every spelling that code, tables, paths and sentences need. */
export interface Spellings {
  camel: string;
  pascal: string;
  snake: string;
  kebab: string;
  spaced: string;
  sentence: string;
  title: string;
  upper: string;
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** `['gift', 'note']` as giftNote, GiftNote, gift_note, gift-note, "gift note", "Gift note", "Gift Note", GIFT_NOTE. */
export const spellings = (words: readonly string[]): Spellings => {
  const pascal = words.map(capital).join('');
  return {
    camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`,
    pascal,
    snake: words.join('_'),
    kebab: words.join('-'),
    spaced: words.join(' '),
    sentence: capital(words.join(' ')),
    title: words.map(capital).join(' '),
    upper: words.join('_').toUpperCase(),
  };
};

const SIBILANT = '(?:s|x|z|ch|sh)';

/** The plural of a regular English noun. */
export const pluralOf = (noun: string): string => {
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, 'ies');
  return new RegExp(`${SIBILANT}$`).test(noun) ? `${noun}es` : `${noun}s`;
};

/** The singular of a regular English plural, or undefined for a noun that is none: loyalty, address. */
export const singularOf = (noun: string): string | undefined => {
  if (/[^aeiou]ies$/.test(noun)) return noun.replace(/ies$/, 'y');
  if (new RegExp(`${SIBILANT}es$`).test(noun)) return noun.replace(/es$/, '');
  return /[^s]s$/.test(noun) ? noun.replace(/s$/, '') : undefined;
};
