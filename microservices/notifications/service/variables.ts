import type { TemplateData, TemplateVariable } from '../contract.ts';
import { namedIn, type Words } from './liquid.ts';

/** Named by templates and filled in by the platform (`scopeOf`). */
const OURS = new Set(['customer', 'shop', 'locale']);
/** Liquid's own words for a part of a list or text. */
const PARTS_OF_LISTS = new Set(['size', 'first', 'last']);

/** The values that somebody has to give for these words to be written, each with its example from the sample values. */
export const variablesOf = (words: Words, sample: TemplateData): TemplateVariable[] => {
  const paths = [...new Map(namedIn(words).map(pathOf).flatMap(named)).values()];
  return paths
    .filter((path) => !OURS.has(path[0] ?? '') && !paths.some((other) => isWithin(other, path)))
    .map((path) => ({ name: path.join('.'), example: valueAt(sample, path) }));
};

/** Up to the first segment that is no name: a list is given as a whole. */
const pathOf = (segments: readonly unknown[]): string[] => {
  const isName = (one: unknown): one is string =>
    typeof one === 'string' && /^[^.]+$/.test(one) && !PARTS_OF_LISTS.has(one);
  const end = segments.findIndex((one) => !isName(one));
  return (end === -1 ? segments : segments.slice(0, end)).filter(isName);
};

const named = (path: string[]): [string, string[]][] => (path.length === 0 ? [] : [[path.join('.'), path]]);

const isWithin = (other: readonly string[], path: readonly string[]): boolean =>
  other.length > path.length && path.every((name, index) => other[index] === name);

const valueAt = (sample: unknown, path: readonly string[]): unknown => {
  let value = sample;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
};
