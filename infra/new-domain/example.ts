import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';
import { EXAMPLE, substitutes, type Names, type Substitutes } from './names.ts';

const FOLDER = 'infra/new-domain/example/';
const TEXT = /\.(ts|json|md|sql|svg)$/;
/** The path of an import, an export or a type. */
const IMPORTED = /(\bfrom |\bimport\()'(\.[^']+)'/g;

/** Files of a domain, by their path from the root. */
export type Files = ReadonlyMap<string, string | Buffer>;

/** The example as it is, by its paths from the root of the repository. */
export const readExample = async (root: string): Promise<Files> => {
  const found = globSync(`${FOLDER}**/*.*`, { cwd: root }).toSorted();
  return new Map(
    await Promise.all(
      found.map(async (file) => {
        const content = await readFile(join(root, file));
        return [file, TEXT.test(file) ? content.toString('utf8') : content] as const;
      }),
    ),
  );
};

/**
 * The example as the new domain: every file under its new path, with the new names, and imports from where it now lies.
 */
export const domainFrom = (example: Files, names: Names): Files => {
  const texts = substitutes(EXAMPLE, names);
  return new Map(
    [...example].map(([file, content]) => [
      substituted(inPlace(file), texts),
      typeof content === 'string' ? substituted(moved(file, content), texts) : content,
    ]),
  );
};

/** The text with every name of the example replaced, the longest first. */
export const substituted = (text: string, texts: Substitutes): string => {
  const longestFirst = [...texts.keys()].toSorted((left, right) => right.length - left.length);
  return text.replace(new RegExp(longestFirst.join('|'), 'g'), (found) => texts.get(found) ?? found);
};

/** The text without the names that a new domain replaces. */
export const withoutNames = (text: string): string =>
  substituted(text, new Map([...substitutes(EXAMPLE, EXAMPLE).keys()].map((name) => [name, ' '])));

/** A source of the example with its imports as seen from the place that it is copied to. */
const moved = (file: string, source: string): string =>
  source.replace(IMPORTED, (_, before: string, path: string) => {
    const target = inPlace(join(dirname(file), path));
    const seen = relative(dirname(inPlace(file)), target);
    return `${before}'${seen.startsWith('.') ? seen : `./${seen}`}'`;
  });

/** Where a file of the example would lie if the example were a domain of the platform. */
const inPlace = (file: string): string => (file.startsWith(FOLDER) ? file.slice(FOLDER.length) : file);
