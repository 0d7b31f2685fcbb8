import { fold } from '../../chassis/text/search-words.ts';
import type { LocalizedText } from '../contract/values.ts';
import type { Variant } from '../contract/shapes.ts';

/** The text in a locale, else in its language, else in the shop's language, else in any. */
export const inLocale = (texts: LocalizedText, wanted: string | undefined, shop: string): string =>
  texts[wanted ?? shop] ?? texts[(wanted ?? shop).split('-')[0] ?? ''] ?? texts[shop] ?? Object.values(texts)[0] ?? '';

/** Changes of texts by locale. */
export type TextChanges = Record<string, string | null>;

/** Texts with changes of some languages: the others keep theirs, null removes one. Null when no language is left. */
export const mergedTexts = (before: LocalizedText | null, changes: TextChanges): LocalizedText | null => {
  const entries = Object.entries({ ...before, ...changes }).flatMap(([locale, text]): [string, string][] =>
    text === null ? [] : [[locale, text]],
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
};

/** Texts with others; undefined, which changes nothing, where no others are given. */
export const withTexts = (before: LocalizedText | null, given: LocalizedText): LocalizedText | undefined =>
  Object.keys(given).length > 0 ? { ...before, ...given } : undefined;

/** The text that distinguishes a variant: its own title, else its option values in the order of the axes, else null. */
export const variantTitle = (
  variant: Pick<Variant, 'title' | 'options'>,
  axes: readonly string[],
  wanted: string | undefined,
  shop: string,
): string | null => {
  if (variant.title) return inLocale(variant.title, wanted, shop);
  const values = axes.flatMap((axis) => variant.options[axis] ?? []);
  return values.length > 0 ? values.join(', ') : null;
};

/**
 * A slug from any text: "Weiße Laterne, groß" → "weisse-laterne-gross"; `fallback` when nothing of it can stand in an
 * address.
 */
export const slugify = (text: string, fallback: string): string => {
  const slug = trimmed(fold(text).replace(/[^a-z0-9]+/g, '-'), 100);
  return slug === '' ? trimmed(fallback.toLowerCase().replace(/[^a-z0-9]+/g, '-'), 100) || 'item' : slug;
};

const trimmed = (text: string, max: number): string => text.replace(/^-+/, '').slice(0, max).replace(/-+$/, '');

/** The first of slug, slug-2, slug-3, … that is free. */
export const freeSlug = (slug: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(slug)) return slug;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`;
  }
};
