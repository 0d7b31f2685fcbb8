import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inLanes } from './lanes.ts';
import { check, jest, root, type Check, type Count, type JestCount } from './runs.ts';
import { planLint } from './select/linted.ts';
import { repositoryFiles } from './select/repository.ts';
import { lintedOf, type Selection } from './select/selection.ts';

/** librdkafka's kcat is a foreign client the broker is tested with; on a new CI machine it comes from Debian. */
const installKcat = async (): Promise<void> => {
  const present = await access('/usr/bin/kcat').then(
    () => true,
    () => false,
  );
  if (present || !process.env['CI'] || process.getuid?.() !== 0) return;
  const shell = spawn('/bin/sh', ['-c', 'apt-get update -qq && apt-get install -y -qq kcat >/dev/null'], {
    stdio: 'inherit',
  });
  await new Promise((resolve) => shell.on('close', resolve));
};

const CACHE = 'node_modules/.cache/fusioncommerce';

const TYPES: Check = {
  title: 'types',
  argv: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE}/types.tsbuildinfo`],
};
const lint = (files: readonly string[]): Check => ({
  title: 'lint and import walls',
  argv: ['eslint', ...files, '--max-warnings', '0', '--no-warn-ignored'],
});
/**
 * Lints what can have changed since lint passed; without git everything. ESLint's own cache does not know what the
 * types of a file depend on.
 */
const lintAll = async (): Promise<Count> => {
  const sources = await repositoryFiles(root).catch(() => undefined);
  if (!sources) return check(lint(['.']));
  const plan = await planLint(root, sources, join(root, CACHE, 'linted.json'));
  const { files = ['.'] } = plan;
  const count = files.length > 0 ? await check(lint(files)) : { passed: 1, failed: 0, skipped: 0 };
  if (files.length === 0) console.log('ok      lint and import walls (nothing changed since they passed)');
  if (count.failed === 0) await plan.passed();
  return count;
};
const format = (files: readonly string[]): Check => ({
  title: 'format',
  argv: [
    ...['prettier', '--check', '--log-level', 'warn', '--ignore-unknown'],
    ...['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE}/format`],
    ...files,
  ],
});
const EXPORTS: Check = { title: 'unused files and exports, circles of imports', argv: ['knip'] };
/** While a part is being written it may have exports that nobody uses yet. */
const CIRCLES: Check = { title: 'circles of imports', argv: ['knip', '--include', 'cycles'] };
const N8N_PACKAGE: Check = { title: 'n8n’s linters and scanner', argv: ['infra/n8n-package/lint.ts'] };
const N8N: Check = { title: 'n8n is installed', argv: ['infra/test/prepare.ts', 'n8n'] };
const ENGINES: Check = { title: 'engines are installed', argv: ['infra/test/prepare.ts', 'engines'] };
const FAULTS: Check = { title: 'faults, short form', argv: ['infra/faults/main.ts', '--short'] };

/**
 * The longest first, so that the lanes end together. Of a selection only its own files are linted; types are cheap, and
 * always whole.
 */
const checksFor = (selection: Selection | undefined): (() => Promise<Count>)[] => {
  const each = (...checks: Check[]): (() => Promise<Count>)[] => checks.map((one) => () => check(one));
  if (!selection) return [lintAll, ...each(TYPES, N8N_PACKAGE, format(['.']), EXPORTS)];
  const linted = lintedOf(selection);
  return each(
    ...(linted.length > 0 ? [lint(linted)] : []),
    TYPES,
    ...(selection.n8nPackage ? [N8N_PACKAGE] : []),
    ...(selection.sources.length > 0 ? [format(selection.sources), CIRCLES] : []),
  );
};

/**
 * A test that waits leaves its core to another: with as many files as cores at once, half of the time nothing would
 * run.
 */
const WAITING_FILES_PER_CORE = 1.5;

/**
 * Each has an n8n and a whole platform, and the faults run beside them: with fewer than two cores for each file, what
 * is killed is not back within the time that tests wait.
 */
const CORES_PER_JOURNEY = 2;

const JOURNEYS = /\.e2e\.test\.ts$/;
const UNIT = /^(?!.*\.(int|e2e|engine)\.test\.ts$)/;

/** The files of a selection that belong to a project; undefined for all. */
const filesOf = (selection: Selection | undefined, project: RegExp): string[] | undefined =>
  selection?.tests.filter((file) => project.test(file));

/** What is downloaded and built beside the rest: on a new machine that takes minutes. */
const installations = (selection: Selection | undefined, thenEngines: boolean) => {
  const journeys = filesOf(selection, JOURNEYS);
  const n8n = journeys?.length === 0 ? Promise.resolve([]) : check(N8N).then((count) => [count]);
  const engines = thenEngines ? n8n.then(async () => [await check(ENGINES)]) : Promise.resolve([]);
  return { kcat: selection ? undefined : installKcat(), n8n, engines };
};

interface Extras {
  selection?: Selection | undefined;
  /** True when tests on real engines follow. */
  thenEngines: boolean;
}

/**
 * The checks, side by side, then every test on the embedded engines, or those of a selection. Everything runs even when
 * something failed, so that one run shows all there is to fix.
 */
export const runEmbedded = async (folder: string, { selection, thenEngines }: Extras): Promise<Count[]> => {
  const cores = availableParallelism();
  const installed = installations(selection, thenEngines);
  const tests = (project: string, files: RegExp, workers: number): Promise<JestCount> =>
    jest({ project, folder, workers, only: filesOf(selection, files) });
  const checks = await inLanes(Math.min(cores, 3), checksFor(selection));
  const unit = await tests('unit', UNIT, cores);
  await installed.kcat;
  const integration = await tests('integration', /\.int\.test\.ts$/, Math.ceil(cores * WAITING_FILES_PER_CORE));
  const prepared = await installed.n8n;
  // Both wait most of their time, for n8n and for the sessions of what was killed.
  const [journeys, ...faults] = await inLanes(2, [
    () => tests('journeys', JOURNEYS, Math.max(1, Math.floor(cores / CORES_PER_JOURNEY))),
    ...(!selection || selection.faults ? [() => check(FAULTS)] : []),
  ]);
  const counts = [...checks, unit, integration, ...prepared, ...(journeys ? [journeys] : []), ...faults];
  return [...counts, ...(await installed.engines)];
};
