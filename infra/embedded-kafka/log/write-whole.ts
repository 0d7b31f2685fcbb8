import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { privateFile } from './private-modes.ts';

/** Replaces a small file as a whole: after a crash at any instant either the old or the new content is there. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', privateFile);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/** Brings the names in a folder to the disk: a new file's content alone does not outlive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
