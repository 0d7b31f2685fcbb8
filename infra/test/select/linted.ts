import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readImportGraph } from './import-graph.ts';

/** A change here can change what lint says of any file. */
export const UNDER_LINT: readonly string[] = ['eslint.config.mjs', 'tsconfig.json', 'package-lock.json'];

export interface LintPlan {
  /** Files that lint has to look at; undefined for all. */
  files: readonly string[] | undefined;
  /** Call it when lint has passed. */
  passed(): Promise<void>;
}

type Hashes = Record<string, string>;

const isLinted = (file: string): boolean => /\.(ts|[cm]?js)$/.test(file);

const hashesOf = async (root: string, files: readonly string[]): Promise<Hashes> => {
  const entries = files.map(async (file) => {
    const content = await readFile(join(root, file)).catch(() => '');
    return [file, createHash('sha256').update(content).digest('base64')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

const readHashes = async (store: string): Promise<Hashes> =>
  JSON.parse(await readFile(store, 'utf8').catch(() => '{}')) as Hashes;

/**
 * Plans a lint of these files that looks only at those whose result can have changed since one passed: they, or
 * something they lead to over any number of imports, have another content. Types reach that far. `store` is the file
 * that keeps the contents of the last pass.
 */
export const planLint = async (root: string, files: readonly string[], store: string): Promise<LintPlan> => {
  const [before, now] = [await readHashes(store), await hashesOf(root, files)];
  const changed = [...new Set([...Object.keys(before), ...files])].filter((file) => before[file] !== now[file]);
  const everything = UNDER_LINT.some((file) => changed.includes(file));
  const affected = everything ? undefined : (await readImportGraph(root, files)).affectedBy(changed);
  return {
    files: affected && files.filter((file) => affected.has(file) && isLinted(file)),
    passed: async () => {
      await mkdir(dirname(store), { recursive: true });
      await writeFile(store, JSON.stringify(now));
    },
  };
};
