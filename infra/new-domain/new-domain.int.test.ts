import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../process/run-tool.ts';
import { repositoryFiles } from '../test/select/repository.ts';

const root = new URL('../../', import.meta.url).pathname;
const TOUCHED = [
  'microservices/contracts.ts',
  'infra/platform/services.ts',
  'package.json',
  'infra/SETTINGS.md',
  'infra/docs/architecture.svg',
];
/** Its tests start engines of their own. */
const ON_EMBEDDED_ENGINES = { TEST_KAFKA: '', TEST_CQL: '', TEST_S3: '' };

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'fusioncommerce-copy-'));
  const files = (await repositoryFiles(root)).filter((file) => existsSync(join(root, file)));
  await Promise.all(files.map((file) => cp(join(root, file), join(copy, file))));
  for (const modules of ['node_modules', 'microservices/node_modules'])
    if (existsSync(join(root, modules))) await symlink(join(root, modules), join(copy, modules));
}, 120_000);
afterAll(() => rm(copy, { recursive: true }));

const inCopy = (...args: string[]): Promise<string> =>
  runTool({
    ...{ file: process.execPath, args: ['infra/bootstrap.mjs', 'run', ...args], folder: copy },
    environment: ON_EMBEDDED_ENGINES,
    failure: `${args[0] ?? ''} failed.`,
  });
const newDomain = (...args: string[]): Promise<string> => inCopy('infra/new-domain/main.ts', ...args);
const touched = (): Promise<string[]> => Promise.all(TOUCHED.map((file) => readFile(join(copy, file), 'utf8')));

/** The new sources and all that they import: of the whole repository it would take three times as long. */
const types = async (): Promise<string> => {
  const include = ['microservices/umbrellas', 'nodes/Umbrella', '**/*.d.ts'];
  // The copy shares node_modules with the repository, which keeps there what it has checked of itself.
  const compilerOptions = { tsBuildInfoFile: 'new.tsbuildinfo' };
  const config = { extends: './tsconfig.json', compilerOptions, include };
  await writeFile(join(copy, 'tsconfig.new.json'), JSON.stringify(config));
  return inCopy('tsc', '--noEmit', '-p', 'tsconfig.new.json');
};

/** Its own tests, and those of the lists that a domain, a node and a workflow stand in. */
const tests = (): Promise<string> =>
  inCopy(
    ...[
      'jest',
      '--selectProjects',
      'unit',
      'integration',
      '--maxWorkers',
      '1',
      '--cacheDirectory',
      join(copy, '.jest'),
    ],
    '--runTestsByPath',
    'microservices/umbrellas/policy.test.ts',
    'microservices/umbrellas/umbrellas.int.test.ts',
    ...['infra/contracts/lists.test.ts', 'infra/contracts/rooms.test.ts', 'infra/contracts/contracts.test.ts'],
    ...['infra/contracts/storable-inputs.test.ts', 'nodes/codex.test.ts'],
    ...[
      'infra/docs/settings-page.test.ts',
      'infra/docs/architecture.test.ts',
      'microservices/chassis/database/migrations-portable.test.ts',
    ],
    ...['nodes/contracts.test.ts', 'infra/n8n/saved-nodes.test.ts', 'infra/n8n/templates.test.ts'],
  );

test('a new domain type-checks, is in every list, and its tests pass; a second of that name changes nothing', async () => {
  expect(await newDomain('umbrellas')).toContain('npm test -- --only umbrellas');
  const before = await touched();
  await expect(newDomain('umbrellas')).rejects.toThrow(
    'microservices/umbrellas exists already. Choose another domain.',
  );
  expect(await touched()).toEqual(before);
  await Promise.all([types(), tests()]);
}, 300_000);
