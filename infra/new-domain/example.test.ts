import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { domainFrom, readExample } from './example.ts';
import type { Names } from './names.ts';

const root = new URL('../../', import.meta.url).pathname;
const NAMES: Names = {
  domain: 'loyalty',
  node: 'Loyalty',
  thing: ['early', 'offer'],
  things: ['early', 'offers'],
  prefix: 'eao',
};

const example = await readExample(root);
const files = domainFrom(example, NAMES);
const imports = [...files].flatMap(([file, content]) =>
  file.endsWith('.ts')
    ? [...content.toString().matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => [file, path] as const)
    : [],
);

test('the example has every room of a domain, a node and a workflow', () => {
  const paths = [...files.keys()];
  for (const room of ['contract', 'context', 'settings', 'policy', 'store', 'service', 'reactions', 'jobs', 'index'])
    expect(paths).toContain(`microservices/loyalty/${room}.ts`);
  expect(paths).toEqual(
    expect.arrayContaining([
      'microservices/loyalty/migrations/001-loyalty.sql',
      'microservices/loyalty/loyalty.int.test.ts',
      'nodes/Loyalty/FusionCommerceLoyalty.node.ts',
      'nodes/Loyalty/loyalty.svg',
      'workflows/early-offer-follow-up/workflow.json',
    ]),
  );
});

test('no name of the example is left', () => {
  for (const [path, content] of files)
    expect([path, /gift|gno/i.exec(`${path}\n${content.toString()}`)]).toEqual([path, null]);
});

test('articles fit the new name', () => {
  const texts = [...files].filter(([path]) => /\.(ts|json|md)$/.test(path)).map(([, content]) => content.toString());
  expect(texts.filter((text) => /\ba early/i.test(text))).toEqual([]);
  expect(texts.some((text) => text.includes('An early offer'))).toBe(true);
});

test('imports lead to files that are there', () => {
  expect(imports.length).toBeGreaterThan(40);
  for (const [file, path] of imports) {
    const target = join(dirname(file), path);
    expect([file, target, files.has(target) || existsSync(join(root, target))]).toEqual([file, target, true]);
  }
});

// Lint holds these walls by folder, and the example lies in another one.
test('the service imports its own folder, the chassis and contracts of others, nothing else', () => {
  const beyond = imports
    .filter(([file]) => file.startsWith('microservices/'))
    .map(([file, path]) => join(dirname(file), path))
    .filter((target) => !/^microservices\/(loyalty|chassis|\w+\/contract\.ts$)|^infra\/test\//.test(target));
  expect(beyond).toEqual([]);
});
