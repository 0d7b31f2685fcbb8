import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Files } from './example.ts';

/** What follows once the files are written, and which files it writes itself. */
export interface LastStep {
  writes: readonly string[];
  run: () => Promise<void>;
}

/**
 * Writes files and then runs the last step. When anything fails, everything is as it was before: new files and their
 * folders are gone, and files that were there have their old content.
 */
export const writeAllOrNothing = async (root: string, files: Files, last: LastStep): Promise<void> => {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const path of last.writes) undo.unshift(await undoOf(root, path));
    for (const [path, content] of files) {
      undo.unshift(await undoOf(root, path));
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), await formatted(join(root, path), content));
    }
    await last.run();
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
};

/**
 * What brings a file back to its present state: its content, or that it and the folders that are made for it are not
 * there.
 */
const undoOf = async (root: string, path: string): Promise<() => Promise<void>> => {
  const file = join(root, path);
  if (existsSync(file)) {
    const before = await readFile(file);
    return () => writeFile(file, before);
  }
  let made = file;
  while (!existsSync(dirname(made))) made = dirname(made);
  return () => rm(made, { recursive: true, force: true });
};

/** Names have other lengths than in the example, so lines break elsewhere. */
const formatted = async (file: string, content: string | Buffer): Promise<string | Buffer> =>
  typeof content === 'string' && /\.(ts|json|md)$/.test(file)
    ? format(content, { ...(await resolveConfig(file)), filepath: file })
    : content;
