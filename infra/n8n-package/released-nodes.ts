import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { root } from './files.ts';
import type { SavedNode, SavedNodes } from './saved-parameters.ts';

/** Parameters that workflows saved with the last release may hold, one file for each node. */
const folder = join(root, 'nodes/released');

const files = async (): Promise<string[]> => (await readdir(folder)).filter((file) => file.endsWith('.json'));

/** The released nodes, by the name of the node. */
export const releasedNodes = async (): Promise<SavedNodes> =>
  Object.fromEntries(
    await Promise.all(
      (await files()).map(
        async (file) =>
          [file.replace(/\.json$/, ''), JSON.parse(await readFile(join(folder, file), 'utf8')) as SavedNode] as const,
      ),
    ),
  );

/** Replaces the released nodes by these. */
export const writeReleasedNodes = async (nodes: SavedNodes): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await Promise.all((await files()).map((file) => rm(join(folder, file))));
  for (const [name, node] of Object.entries(nodes)) {
    const text = await format(JSON.stringify(node), { parser: 'json', printWidth: 120 });
    await writeFile(join(folder, `${name}.json`), text);
  }
};
