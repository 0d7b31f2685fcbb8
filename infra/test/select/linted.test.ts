import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { planLint, UNDER_LINT, type LintPlan } from './linted.ts';

const SOURCES = ['base.ts', 'middle.ts', 'top.ts', 'aside.mjs'];
let root: string;

const write = (file: string, text: string): Promise<void> => writeFile(join(root, file), text);
const plan = (files = [...SOURCES, ...UNDER_LINT]): Promise<LintPlan> =>
  planLint(root, files, join(root, 'cache/linted.json'));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fusioncommerce-linted-'));
  for (const file of UNDER_LINT) await write(file, '');
  await write('base.ts', 'export const base = 1;');
  await write('middle.ts', `export { base } from './base.ts';`);
  await write('top.ts', `import { base } from './middle.ts';`);
  await write('aside.mjs', '');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('everything is linted until it has passed once; then nothing, as long as nothing changes', async () => {
  const first = await plan();
  expect([first.files, (await plan()).files]).toEqual([undefined, undefined]);
  await first.passed();
  expect((await plan()).files).toEqual([]);
});

test('a change affects all that lead to it, until lint has passed again', async () => {
  await (await plan()).passed();
  await write('base.ts', 'export const base = "one";');
  expect((await plan()).files).toEqual(['base.ts', 'middle.ts', 'top.ts']);
  const second = await plan();
  await write('aside.mjs', '// While lint ran.');
  await second.passed();
  expect((await plan()).files).toEqual(['aside.mjs']);
});

test('a file that is new or gone affects those who name it', async () => {
  await (await plan()).passed();
  await rm(join(root, 'base.ts'));
  const without = (await plan()).files;
  expect(without).toEqual(expect.arrayContaining(['middle.ts', 'top.ts']));
  expect((await plan(['middle.ts', 'top.ts', ...UNDER_LINT])).files).toEqual(['middle.ts', 'top.ts']);
});

test.each(UNDER_LINT)('a change of %s affects every file', async (file) => {
  await (await plan()).passed();
  await write(file, '// other');
  expect((await plan()).files).toBeUndefined();
});
