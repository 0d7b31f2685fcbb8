import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path/posix';

export interface Reached {
  /** Source files, from the root. */
  files: ReadonlySet<string>;
  /** Folders and files that sources read when they run (`new URL('…', import.meta.url)`), from the root. */
  data: ReadonlySet<string>;
  /** Packages that sources import, without the paths inside them. */
  packages: ReadonlySet<string>;
}

const IMPORT = /^\s*(?:import|export)\s(?!type\s)(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
const URL_OF = /new URL\(\s*['"]([^'"]+)['"],\s*import\.meta\.url/g;

/**
 * Everything that a source reaches by imports of values, itself included, and the data that those sources name. `root`
 * is the folder of the repository, `entry` a path from there.
 */
export const reachedFrom = async (root: string, entry: string): Promise<Reached> => {
  const files = new Set([entry]);
  const data = new Set<string>();
  const packages = new Set<string>();
  // A set that grows while it is walked through: what is added is visited too.
  for (const file of files) {
    const source = await readFile(join(root, file), 'utf8');
    for (const [, named = ''] of source.matchAll(URL_OF)) {
      const path = normalize(join(dirname(file), named));
      // A worker is a source as well.
      if (path.endsWith('.ts')) files.add(path);
      else data.add(path);
    }
    for (const [, imported, later] of source.matchAll(IMPORT)) {
      const named = imported ?? later ?? '';
      if (named.startsWith('.')) files.add(normalize(join(dirname(file), named)));
      else if (!named.startsWith('node:')) packages.add(packageOf(named));
    }
  }
  return { files, data, packages };
};

const packageOf = (named: string): string =>
  named
    .split('/')
    .slice(0, named.startsWith('@') ? 2 : 1)
    .join('/');

/** The package.json files of the repository's workspaces, from the root. */
export const workspaceFiles = async (root: string): Promise<string[]> => {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  const folders = await Promise.all(
    workspaces.map(async (folder) => ((await readdir(join(root, folder))).includes('package.json') ? [folder] : [])),
  );
  return folders.flat().map((folder) => `${folder}/package.json`);
};
