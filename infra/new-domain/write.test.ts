import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files } from './example.ts';
import { writeAllOrNothing } from './write.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fusioncommerce-new-domain-'));
  await writeFile(join(root, 'list.ts'), 'export const list = [1];\n');
});
afterEach(() => rm(root, { recursive: true }));

const nothingMore = { writes: [], run: async () => undefined };
const files: Files = new Map<string, string | Buffer>([
  ['list.ts', 'export const list = [1, 2];\n'],
  ['deep/in/new.ts', 'export const added = 1;\n'],
  ['deep/picture.txt', Buffer.from([0, 255])],
]);

test('files are written', async () => {
  await writeAllOrNothing(root, files, nothingMore);
  expect(await readFile(join(root, 'list.ts'), 'utf8')).toContain('[1, 2]');
  expect(await readFile(join(root, 'deep/picture.txt'))).toEqual(Buffer.from([0, 255]));
});

test('when the last step fails, everything is as it was before', async () => {
  const failing = writeAllOrNothing(root, files, {
    writes: ['page.md', 'list.ts'],
    run: async () => {
      await writeFile(join(root, 'page.md'), '# Half of it');
      throw new Error('no docs');
    },
  });
  await expect(failing).rejects.toThrow('no docs');
  expect(await readdir(root)).toEqual(['list.ts']);
  expect(await readFile(join(root, 'list.ts'), 'utf8')).toBe('export const list = [1];\n');
});

test('when a file cannot be written, everything is as it was before', async () => {
  const failing = writeAllOrNothing(
    root,
    new Map<string, string | Buffer>([...files, ['deep/broken.ts', 'export const = ;']]),
    nothingMore,
  );
  await expect(failing).rejects.toThrow();
  expect(await readdir(root)).toEqual(['list.ts']);
  expect(await readFile(join(root, 'list.ts'), 'utf8')).toBe('export const list = [1];\n');
});
