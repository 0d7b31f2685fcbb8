import { readImportGraph, type ImportGraph } from './import-graph.ts';
import { UNDER_LINT } from './linted.ts';
import { changedSince, repositoryFiles } from './repository.ts';

/** A part of what `npm test` does. Files are from the root. */
export interface Selection {
  tests: readonly string[];
  /** Files for lint and the formatter. */
  sources: readonly string[];
  /** True when the bundle of the n8n package can have changed. */
  n8nPackage: boolean;
  /** True when the fault scenarios can have changed. */
  faults: boolean;
}

/** Every test stands on these. */
const UNDER_ALL_TESTS = [
  'package.json',
  'package-lock.json',
  'microservices/package.json',
  'infra/package.json',
  'ai/package.json',
  'jest.config.mjs',
  'infra/bootstrap.mjs',
  'infra/test/strip-types.mjs',
  'infra/test/one-error-realm.mjs',
];
/** All but unit tests stand on these. */
const UNDER_TESTS_ON_ENGINES = ['infra/test/start-engines.mjs', 'infra/test/stop-engines.mjs'];

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const needsEngines = (file: string): boolean => /\.(int|e2e|engine)\.test\.ts$/.test(file);
const isLinted = (file: string): boolean => file.endsWith('.ts');

/**
 * The tests that a change to these files can affect, through imports, programs, migrations and the like; and lint of
 * these files and of those that import them.
 */
export const affectedBy = (graph: ImportGraph, changed: readonly string[]): Selection => {
  const affected = graph.affectedBy(changed);
  const isChanged = (files: readonly string[]): boolean => files.some((file) => changed.includes(file));
  const all = isChanged(UNDER_ALL_TESTS);
  const onEngines = UNDER_TESTS_ON_ENGINES.some((file) => affected.has(file));
  const sources = isChanged(UNDER_LINT) ? new Set(graph.files) : new Set([...changed, ...graph.readersOf(changed)]);
  return {
    tests: graph.files.filter(
      (file) => isTest(file) && (all || affected.has(file) || (onEngines && needsEngines(file))),
    ),
    sources: graph.files.filter((file) => sources.has(file)),
    n8nPackage: all || affected.has('infra/n8n-package/lint.ts'),
    faults: all || affected.has('infra/faults/main.ts'),
  };
};

/**
 * Files of a domain or model (its folder and its node's), else of every folder of that name, else every file whose path
 * contains the text. Throws when that is nothing.
 */
export const named = (graph: ImportGraph, pattern: string): Selection => {
  const contracts = ['microservices', 'ai'].map((parent) => `${parent}/${pattern}/contract.ts`);
  const folders = contracts
    .filter((contract) => graph.files.includes(contract))
    .flatMap((contract) => [folderOf(contract), ...nodesOf(graph, contract)]);
  const word = pattern.toLowerCase().replace(/^\.\//, '');
  const ways: ((file: string) => boolean)[] = [
    (file) => folders.some((folder) => file.startsWith(folder)),
    (file) => folderOf(file).toLowerCase().split('/').includes(word),
    (file) => file.toLowerCase().includes(word),
  ];
  const found = ways.map((fits) => graph.files.filter(fits)).find((files) => files.length > 0);
  if (!found)
    throw new Error(`--only holds "${pattern}"; it should be a domain, a model, a folder or a part of a file's path.`);
  return { tests: found.filter(isTest), sources: found, n8nPackage: false, faults: false };
};

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);

/** The nodes whose face is made from a contract. */
const nodesOf = (graph: ImportGraph, contract: string): string[] =>
  [...graph.readersOf([contract])].filter((file) => /^nodes\/[A-Z]\w*\/face\.ts$/.test(file)).map(folderOf);

const either = (selections: readonly Selection[]): Selection => {
  const all = (files: (one: Selection) => readonly string[]): string[] => [...new Set(selections.flatMap(files))];
  return {
    tests: all(({ tests }) => tests),
    sources: all(({ sources }) => sources),
    n8nPackage: selections.some(({ n8nPackage }) => n8nPackage),
    faults: selections.some(({ faults }) => faults),
  };
};

const both = (left: Selection, right: Selection): Selection => ({
  tests: left.tests.filter((file) => right.tests.includes(file)),
  sources: left.sources.filter((file) => right.sources.includes(file)),
  n8nPackage: left.n8nPackage && right.n8nPackage,
  faults: left.faults && right.faults,
});

/** The selection of `--only` (several: any of them) and `--since` (with --only: both); undefined for everything. */
export const select = async (
  root: string,
  { only = [], since }: { only?: readonly string[] | undefined; since?: string | undefined },
): Promise<Selection | undefined> => {
  if (only.length === 0 && since === undefined) return undefined;
  const graph = await readImportGraph(root, await repositoryFiles(root));
  const byName = only.length > 0 ? either(only.map((pattern) => named(graph, pattern))) : undefined;
  const byChange = since === undefined ? undefined : affectedBy(graph, await changedSince(root, since));
  return byName && byChange ? both(byName, byChange) : (byName ?? byChange);
};

/** As eslint wants them. */
export const lintedOf = ({ sources }: Selection): string[] => sources.filter(isLinted);
