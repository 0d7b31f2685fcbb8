/** Text as a part of a LIKE pattern, its own wildcards taken literally. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/**
 * Text as a LIKE pattern that finds it anywhere, its own wildcards taken literally; null, which filters nothing,
 * without one.
 */
export const containing = (text: string | undefined): string | null =>
  text === undefined ? null : `%${literally(text)}%`;
