/** Letters that no decomposition takes apart, as people without them on their keyboard write them. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ſ: 's',
  ς: 'σ',
};

/**
 * Scripts that put no spaces between words: there every letter is searched as a word of its own, and neighbours as
 * neighbours.
 */
const UNSPACED = String.raw`\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const WORD = String.raw`[\p{L}\p{N}\p{M}]`;
const WORDS = new RegExp(`[${WORD}&&[${UNSPACED}]]+|[${WORD}--[${UNSPACED}]]+`, 'gv');
const IS_UNSPACED = new RegExp(`^[${WORD}&&[${UNSPACED}]]`, 'v');

/**
 * Text as it is compared when people search: small letters, without accents, in one Unicode form. "Café", "CAFE" and
 * the decomposed "Café" are one, as are "Łódź" and "lodz", "İzmir" and "izmir", "Ærø" and "aero". Vowel marks of Hindi
 * and other scripts are letters and stay. Fold what is stored and what is asked alike; never show folded text.
 */
export const fold = (text: string): string =>
  text
    .replace(/[™℠®©]/g, ' ')
    .normalize('NFKD')
    // Invisible characters: joiners, soft hyphens, direction marks.
    .replace(/\p{Cf}/gu, '')
    .replace(/([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+/gu, '$1')
    // The two dots of ё, and the vowels that Arabic and Hebrew mostly leave out.
    .replace(/(?<=[еЕ])\u0308|[\u0591-\u05c7\u064b-\u065f\u0670]/g, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþıħŧŋĸſς]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC');

/**
 * The words of a text, folded: runs of letters, digits and their marks. A run without spaces (日本茶) is one word;
 * `wordParts` takes it apart.
 */
export const searchWords = (text: string): string[] => fold(text).match(WORDS) ?? [];

/** A word as it is stored: itself, or each letter of a script without spaces, so that 茶 is found in 日本茶. */
export const wordParts = (word: string): string[] =>
  isUnspaced(word) ? (word.match(/\P{M}\p{M}*/gu) ?? [word]) : [word];

/** True for words of scripts that put no spaces between words. */
export const isUnspaced = (word: string): boolean => IS_UNSPACED.test(word);

/**
 * A text as it is stored to be searched: folded words and letters with one space between. `LIKE '%…%'` finds words in
 * it as `searchable(query)`.
 */
export const searchable = (text: string): string => searchWords(text).flatMap(wordParts).join(' ');

/**
 * "&" as people say it. A query with other words is searched without them, so that "procter and gamble" finds "Procter
 * & Gamble".
 */
const CONJUNCTIONS: ReadonlySet<string> = new Set(['and', 'und', 'et', 'och', 'og']);

/** The words of a query; empty when it holds nothing but signs, which then finds nothing, not everything. */
export const queryWords = (query: string, most = 12): string[] => {
  const words = searchWords(query);
  const meaningful = words.filter((word) => !CONJUNCTIONS.has(word));
  return (meaningful.length > 0 ? meaningful : words).slice(0, most);
};
