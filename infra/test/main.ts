import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm test`: the checks, then every test, then one line that counts them all. Everything runs even when something failed, so that
 * one run shows all there is to fix.
 */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const root = new URL('../../', import.meta.url).pathname;
const bootstrap = join(root, 'infra/bootstrap.mjs');

const run = (argv: string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bootstrap, 'run', ...argv], { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });

const check = async (title: string, argv: string[]): Promise<Count> => {
  const started = performance.now();
  const code = await run(argv);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${title} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
};

interface JestSummary {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

const jest = async (folder: string, project: string, workers = 2): Promise<Count> => {
  const file = join(folder, `${project}.json`);
  const code = await run([
    'jest',
    '--selectProjects',
    project,
    '--maxWorkers',
    String(workers),
    '--json',
    '--outputFile',
    file,
  ]);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const summary = JSON.parse(text) as JestSummary;
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  // A run that ended badly without a failed test (a crash, an open handle) is a failure too.
  return {
    passed: summary.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: summary.numPendingTests,
  };
};

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

const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-results-'));
const counts: Count[] = [];
try {
  await installKcat();
  counts.push(await check('types', ['tsc', '--noEmit']));
  counts.push(await check('lint and import walls', ['eslint', '.', '--max-warnings', '0']));
  counts.push(await check('unused files and exports', ['knip']));
  counts.push(await check('format', ['prettier', '--check', '--log-level', 'warn', '.']));
  counts.push(await check('n8n’s linters and scanner', ['infra/n8n-package/lint.ts']));
  counts.push(await jest(folder, 'unit'));
  counts.push(await jest(folder, 'integration'));
  counts.push(await jest(folder, 'journeys', 1));
  counts.push(await check('faults, short form', ['infra/faults/main.ts', '--short']));
} finally {
  await rm(folder, { recursive: true, force: true });
}
const total = counts.reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
  skipped: sum.skipped + count.skipped,
}));
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
