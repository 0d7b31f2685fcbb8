const FEWEST_DIFFERENT_CHARACTERS = 5;
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertzuiopasdfghjkl', 'qwertyuiopasdfghjkl'];

/**
 * The reason to refuse a password, as a sentence, or undefined. By NIST SP 800-63B: no rules about kinds of characters,
 * but nothing that a guesser tries first: little variety, keyboard runs, the person's own name or address.
 */
export const passwordWeakness = (
  password: string,
  personal: readonly (string | null | undefined)[],
): string | undefined => {
  const folded = password.normalize('NFKC').toLowerCase();
  if (new Set(folded).size < FEWEST_DIFFERENT_CHARACTERS) {
    return `This password has fewer than ${FEWEST_DIFFERENT_CHARACTERS} different characters. Choose one with more variety.`;
  }
  if (RUNS.some((run) => run.includes(folded) || run.split('').toReversed().join('').includes(folded))) {
    return 'This password is a run of neighbouring keys or letters. Choose another.';
  }
  const own = personal.flatMap(wordsOf).find((word) => folded.includes(word) && word.length * 2 >= folded.length);
  if (own) return 'Most of this password is your own name, e-mail address or phone number. Choose another.';
  return undefined;
};

const wordsOf = (value: string | null | undefined): string[] => {
  if (!value) return [];
  const folded = value.normalize('NFKC').toLowerCase();
  return [folded, ...folded.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length >= 4);
};
