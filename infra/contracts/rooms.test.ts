import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Rooms of a domain's root: a file or a folder of that name. */
const ROOMS = new Set([
  'contract',
  'policy',
  'service',
  'store',
  'reactions',
  'jobs',
  'settings',
  'context',
  'erasure',
  'index',
  'migrations',
  'testing',
  // Payment providers behind their port.
  'psp',
]);
/** Beside them, what a model is made of. */
const ROOMS_OF_MODELS = new Set(['features', 'model', 'train', 'evaluate']);
const PAGES = new Set(['README.md', 'MODEL.md']);

const root = fileURLToPath(new URL('../../', import.meta.url));
const domains = ['microservices', 'ai'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .filter((name) => existsSync(join(root, parent, name, 'contract.ts')))
    .map((name) => [name, join(root, parent, name)] as const),
);

const isRoom = (folder: string, name: string): boolean =>
  ROOMS.has(name) || (folder.startsWith(join(root, 'ai')) && ROOMS_OF_MODELS.has(name));

const strangersIn = (folder: string): string[] =>
  readdirSync(folder).filter(
    (name) => !PAGES.has(name) && !name.endsWith('.test.ts') && !isRoom(folder, name.replace(/\.ts$/, '')),
  );

test('the domains are found', () => {
  expect(domains.map(([name]) => name)).toEqual(expect.arrayContaining(['inventory', 'fraud']));
});

test.each(domains)('the root of %s holds only the named rooms', (_, folder) => {
  expect(strangersIn(folder)).toEqual([]);
});
