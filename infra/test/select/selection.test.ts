import { expect, test, beforeAll, describe } from '@jest/globals';
import { readImportGraph, type ImportGraph } from './import-graph.ts';
import { referencesOf } from './references.ts';
import { repositoryFiles } from './repository.ts';
import { affectedBy, named } from './selection.ts';

const root = new URL('../../../', import.meta.url).pathname;

describe('what a source names', () => {
  test('imports, files and folders beside it, programs from the root, the start of a path that only the run knows', () => {
    const source = `
      import { a } from './a.ts';
      export type { B } from "../b/index.ts";
      import { startBroker } from '@fusioncommerce/embedded-kafka';
      import pg from 'pg';
      const migrations = new URL('./migrations/', import.meta.url);
      const script = new URL('child.ts', import.meta.url);
      spawn('node', ['infra/local/main.ts', \`workflows/\${name}/workflow.json\`]); // it's one
      const icons = found('nodes/*/*.svg');
      const root = new URL('../../', import.meta.url);`;
    expect(referencesOf('microservices/x/y.ts', source).toSorted()).toEqual([
      'infra/embedded-kafka/index.ts',
      'infra/local/main.ts',
      'microservices/b/index.ts',
      'microservices/x/a.ts',
      'microservices/x/child.ts',
      'microservices/x/migrations/',
      'nodes/',
      'workflows/',
    ]);
  });
});

describe('in this repository', () => {
  let graph: ImportGraph;
  beforeAll(async () => {
    graph = await readImportGraph(root, await repositoryFiles(root));
  });
  const testsFor = (...changed: string[]): readonly string[] => affectedBy(graph, changed).tests;

  test('a contract affects its domain, its node and the journeys, and no test of the broker', () => {
    const tests = testsFor('microservices/wallet/contract/operations.ts', 'microservices/wallet/contract.ts');
    expect(tests).toEqual(
      expect.arrayContaining([
        'microservices/wallet/holds.int.test.ts',
        'nodes/contracts.test.ts',
        'infra/contracts/contracts.test.ts',
        'infra/n8n/order-to-confirmation.e2e.test.ts',
      ]),
    );
    expect(tests.filter((file) => file.startsWith('infra/embedded-kafka/'))).toEqual([]);
  });

  test('a policy affects its own tests and what runs the whole domain', () => {
    const tests = testsFor('microservices/wallet/policy/holds.ts');
    expect(tests).toEqual(
      expect.arrayContaining(['microservices/wallet/policy/holds.test.ts', 'microservices/wallet/holds.int.test.ts']),
    );
    expect(tests).not.toContain('microservices/catalog/policy/texts.test.ts');
  });

  test.each([
    ['a migration', 'microservices/wallet/migrations/001-ledger.sql', 'microservices/wallet/holds.int.test.ts'],
    ['a journey', 'workflows/order-to-confirmation/workflow.json', 'infra/n8n/templates.test.ts'],
    ['an icon of a node', 'nodes/Wallet/wallet.svg', 'infra/n8n-package/nodes.int.test.ts'],
    ['a node', 'nodes/Wallet/face.ts', 'infra/n8n/order-to-confirmation.e2e.test.ts'],
    ['the command of the broker', 'infra/embedded-kafka/main.ts', 'infra/embedded-kafka/kill.int.test.ts'],
    [
      'a migration, too,',
      'ai/fraud/migrations/001-fraud.sql',
      'microservices/chassis/database/migrations-portable.test.ts',
    ],
    ['a child program of a test', 'nodes/Trigger/testing/n8n-process.ts', 'nodes/Trigger/faults.int.test.ts'],
    ['the broker', 'infra/embedded-kafka/log/append.ts', 'microservices/wallet/holds.int.test.ts'],
    ['the PostgreSQL of all', 'infra/local/postgres.ts', 'microservices/chassis/database/pool.int.test.ts'],
    ['what n8n is installed from', 'infra/n8n/package-lock.json', 'infra/n8n/kill.e2e.test.ts'],
  ])('%s affects the tests that read it', (_what, changed, test) => {
    expect(graph.files).toContain(changed);
    expect(testsFor(changed)).toContain(test);
  });

  test('a file that is gone affects those who still name it', async () => {
    const gone = 'microservices/wallet/policy/holds.ts';
    const without = await readImportGraph(
      root,
      graph.files.filter((file) => file !== gone),
    );
    expect(affectedBy(without, [gone]).tests).toContain('microservices/wallet/policy/holds.test.ts');
  });

  test('a page of documentation affects nothing, the lock file everything', () => {
    expect(affectedBy(graph, ['CONTRIBUTING.md'])).toMatchObject({ tests: [], n8nPackage: false, faults: false });
    expect(testsFor('package-lock.json')).toEqual(graph.files.filter((file) => file.endsWith('.test.ts')));
  });

  test('a domain, a model, a folder or a part of a path can be named; anything else is refused', () => {
    const wallet = named(graph, 'wallet');
    expect(wallet.sources.every((file) => /^(microservices\/wallet|nodes\/Wallet)\//.test(file))).toBe(true);
    expect(wallet.tests).toContain('microservices/wallet/holds.int.test.ts');
    expect(named(graph, 'fraud').tests).toContain('ai/fraud/model.test.ts');
    expect(named(graph, 'embedded-kafka').tests).toContain('infra/embedded-kafka/wire.int.test.ts');
    expect(named(graph, 'chassis/events/relay').tests).toEqual(['microservices/chassis/events/relay.int.test.ts']);
    expect(() => named(graph, 'nothing-like-it')).toThrow('--only holds "nothing-like-it"');
  });
});
