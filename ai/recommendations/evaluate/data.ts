import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../learning/csv.ts';

/** The file of a name in a folder, packed or not; undefined when there is none. */
export const fileIn = (folder: string, name: string): string | undefined =>
  [name, `${name}.gz`].map((one) => join(folder, one)).find((path) => existsSync(path));

/**
 * Items by person, in the order of the file: one line a person, the person's number and then item numbers. Throws
 * naming the line that is none.
 */
export const readPersons = (path: string): Map<number, number[]> => {
  const persons = new Map<number, number[]>();
  for (const [index, line] of textOf(path).split('\n').entries()) {
    const numbers = line
      .split(' ')
      .filter((text) => text !== '')
      .map(Number);
    const [person, ...items] = numbers;
    if (person === undefined) continue;
    if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
      throw new Error(`${path}, line ${index + 1}: "${line.slice(0, 60)}" is not a person's number and item numbers.`);
    // An item counts once, where it was taken last.
    persons.set(person, [...new Set(items.toReversed())].toReversed());
  }
  return persons;
};

/** How many items there are: one more than the highest number. */
export const itemsIn = (...parts: readonly ReadonlyMap<number, readonly number[]>[]): number => {
  let highest = -1;
  for (const part of parts)
    for (const items of part.values()) for (const item of items) highest = Math.max(highest, item);
  return highest + 1;
};

/** Attributes by item number, from a JSON object of arrays; items that it lacks have none. */
export const readAttributes = (path: string, items: number): string[][] => {
  const json: unknown = JSON.parse(textOf(path));
  if (json === null || typeof json !== 'object') throw new Error(`${path} holds no object of items and attributes.`);
  const byItem = new Map(Object.entries(json));
  return Array.from({ length: items }, (_, item) => {
    const attributes: unknown = byItem.get(String(item)) ?? [];
    if (!Array.isArray(attributes)) throw new Error(`${path}: the attributes of item ${item} are not an array.`);
    return attributes.map(String);
  });
};
