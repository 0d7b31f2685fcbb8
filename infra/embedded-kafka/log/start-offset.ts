import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFile } from './private-modes.ts';
import { readIfExists } from './read-if-exists.ts';

const fileOf = (directory: string): string => join(directory, 'start-offset');

/** Remembers that records before `offset` were deleted although their segment still exists. */
export async function saveStartOffset(directory: string, offset: number): Promise<void> {
  await writeFile(`${fileOf(directory)}.new`, String(offset), { mode: privateFile });
  await rename(`${fileOf(directory)}.new`, fileOf(directory));
}

/** 0 when nothing was deleted that way. */
export async function loadStartOffset(directory: string): Promise<number> {
  const text = (await readIfExists(fileOf(directory)))?.toString() ?? '0';
  return /^\d{1,16}$/.test(text) ? Number(text) : 0;
}
