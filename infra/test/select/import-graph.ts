import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCode, referencesOf } from './references.ts';

/** Which files of the repository lead to which others. Paths are from the root. */
export interface ImportGraph {
  files: readonly string[];
  /** The files that name any of these directly. */
  readersOf(files: readonly string[]): ReadonlySet<string>;
  /**
   * These files and all that depend on them, however many steps away. Files that are gone count too: who named them
   * depends on them.
   */
  affectedBy(files: readonly string[]): ReadonlySet<string>;
}

/** Reads every source among `files` and what it names. */
export const readImportGraph = async (root: string, files: readonly string[]): Promise<ImportGraph> => {
  const readers = new Map<string, Set<string>>();
  await Promise.all(
    files.filter(isCode).map(async (file) => {
      const source = await readFile(join(root, file), 'utf8').catch(() => '');
      for (const named of referencesOf(file, source))
        readers.set(named, (readers.get(named) ?? new Set<string>()).add(file));
    }),
  );
  const readersOfOne = (file: string): string[] => [...(readers.get(file) ?? []), ...readersOfFolders(readers, file)];
  return {
    files,
    readersOf: (some) => new Set(some.flatMap(readersOfOne)),
    affectedBy: (some) => {
      const affected = new Set(some);
      // A set that grows while it is walked through: what is added is visited too.
      for (const file of affected) for (const reader of readersOfOne(file)) affected.add(reader);
      return affected;
    },
  };
};

/**
 * Who names a folder that the file lies in. Of its own folder, or one around it, a source reads what is no source:
 * migrations, a package.json.
 */
const readersOfFolders = (readers: ReadonlyMap<string, ReadonlySet<string>>, file: string): string[] => {
  const found: string[] = [];
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder))
    for (const reader of readers.get(`${folder}/`) ?? [])
      if (!isCode(file) || !reader.startsWith(`${folder}/`)) found.push(reader);
  return found;
};
