import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImportGraph } from '../test/select/import-graph.ts';
import { repositoryFiles } from '../test/select/repository.ts';

const root = new URL('../../', import.meta.url).pathname;
const CHASSIS = 'microservices/chassis/';

/** Sources outside the chassis that import modules; the tools of infra/new-domain read folders as a whole. */
const isProduct = (file: string): boolean =>
  file.endsWith('.ts') &&
  !file.startsWith(CHASSIS) &&
  !file.startsWith('infra/new-domain/') &&
  !/\.test\.ts$|\/testing[/.-]|^infra\/test\//.test(file);

/** Chassis modules that product sources outside the chassis import. */
const importedModules = async (): Promise<string[]> => {
  const files = await repositoryFiles(root);
  const graph = await readImportGraph(root, files);
  return files
    .filter((file) => file.startsWith(CHASSIS) && file.endsWith('.ts'))
    .filter((file) => [...graph.readersOf([file])].some(isProduct))
    .map((file) => file.slice(CHASSIS.length));
};

const namedModules = async (): Promise<string[]> => {
  const page = await readFile(join(root, CHASSIS, 'README.md'), 'utf8');
  return [...page.matchAll(/`([\w/-]+\.ts)`/g)].flatMap(([, name = '']) => name);
};

test('the chassis page names every module that is imported from outside', async () => {
  const named = new Set(await namedModules());
  const imported = await importedModules();
  expect(imported).toEqual(expect.arrayContaining(['service.ts', 'contract/index.ts']));
  expect(imported.filter((name) => !named.has(name))).toEqual([]);
});

test('every module that the chassis page names is there', async () => {
  const named = await namedModules();
  expect(named.filter((name) => !existsSync(join(root, CHASSIS, name)))).toEqual([]);
});
