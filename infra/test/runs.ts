import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runInTime } from './run-in-time.ts';
import { timeReport, type FileTimes } from './times.ts';

export const root = new URL('../../', import.meta.url).pathname;
const bootstrap = join(root, 'infra/bootstrap.mjs');

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** Seconds of each test file, from the root of the repository. */
  times?: FileTimes;
}

interface RunOptions {
  environment?: Record<string, string> | undefined;
  report?: string;
  output?: number;
}

const run = (argv: readonly string[], { environment, ...options }: RunOptions = {}): Promise<number | string> =>
  runInTime([bootstrap, 'run', ...argv], { folder: root, environment: { ...process.env, ...environment }, ...options });

export interface Check {
  title: string;
  argv: readonly string[];
}

/** A program that is right or not. What it prints comes at its end, in one piece: others may run beside it. */
export const check = async ({ title, argv }: Check): Promise<Count> => {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-check-'));
  const output = await open(join(folder, 'output'), 'w+');
  try {
    const code = await run(argv, { output: output.fd });
    const why = typeof code === 'string' ? `, ${code}` : '';
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(await readFile(join(folder, 'output'), 'utf8'));
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${title} (${seconds} s${why})`);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  } finally {
    await output.close();
    await rm(folder, { recursive: true });
  }
};

interface JestSummary {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: {
    name: string;
    status: string;
    startTime: number;
    endTime: number;
    assertionResults: { status: string }[];
  }[];
}

export interface JestRun {
  project: string;
  /** Where its report goes, and what the report is called there, when not as the project. */
  folder: string;
  file?: string;
  workers?: number;
  environment?: Record<string, string>;
  /** Patterns of files: those to leave out, and, unless there are none, those to take. */
  without?: readonly string[];
  matching?: readonly string[];
  /** These files, from the root of the repository, instead of all. */
  only?: readonly string[] | undefined;
}

export interface JestCount extends Count {
  /** Passed tests by file, from the root of the repository. */
  files: ReadonlyMap<string, number>;
  failedFiles: readonly string[];
}

const NOTHING: JestCount = { passed: 0, failed: 0, skipped: 0, files: new Map(), failedFiles: [] };

/** A project of jest.config.mjs; nothing when none of its files are wanted. */
export const jest = async ({
  project,
  folder,
  file: name = project,
  workers = 2,
  environment,
  without = [],
  matching = [],
  only,
}: JestRun): Promise<JestCount> => {
  if (only?.length === 0) return NOTHING;
  const file = join(folder, `${name}.json`);
  const code = await run(
    [
      ...['jest', '--selectProjects', project, '--maxWorkers', String(workers), '--json', '--outputFile', file],
      ...without.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
      ...matching.flatMap((pattern) => ['--testPathPatterns', pattern]),
      ...(only ? ['--runTestsByPath', ...only] : []),
    ],
    { environment, report: file },
  );
  if (typeof code === 'string') console.log(`FAILED  ${name}: it ${code}.`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { ...NOTHING, failed: 1 };
  const summary = JSON.parse(text) as JestSummary;
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  return {
    passed: summary.numPassedTests,
    // A run that ended badly without a failed test (a crash) is a failure too, and so is one that did not end.
    failed: typeof code === 'string' ? failed + 1 : code !== 0 && failed === 0 ? 1 : failed,
    skipped: summary.numPendingTests,
    files: new Map(
      summary.testResults.map(({ name, assertionResults }) => [
        relative(root, name),
        assertionResults.filter(({ status }) => status === 'passed').length,
      ]),
    ),
    times: new Map(
      summary.testResults.map(({ name, startTime, endTime }) => [relative(root, name), (endTime - startTime) / 1000]),
    ),
    failedFiles: summary.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name }) => relative(root, name)),
  };
};

/**
 * A project on real engines: files that failed are run once more, alone. Several servers on a small machine get in each
 * other's way, and one such moment should not hide what a thousand tests say. What passes only then is told as
 * UNSTEADY, its failure stands above, and it deserves a look.
 */
export const jestOnEngines = async (wanted: JestRun): Promise<JestCount> => {
  const first = await jest(wanted);
  if (first.failedFiles.length === 0) return first;
  const { project, file = project } = wanted;
  console.log(`AGAIN   alone, for they failed: ${first.failedFiles.join(', ')}`);
  const second = await jest({ ...wanted, file: `${file}-again`, workers: 1, only: first.failedFiles });
  for (const name of first.failedFiles.filter((name) => !second.failedFiles.includes(name)))
    console.log(`UNSTEADY  ${name}: it passed the second time only.`);
  const before = first.failedFiles.reduce((sum, name) => sum + (first.files.get(name) ?? 0), 0);
  return {
    ...second,
    passed: first.passed - before + second.passed,
    skipped: first.skipped,
    files: new Map([...first.files, ...second.files]),
  };
};

/** The slowest files and the closing line that counts everything; the exit code is 0 only if all is well. */
export const close = (counts: readonly Count[]): void => {
  const total = (part: 'passed' | 'failed' | 'skipped'): number => counts.reduce((sum, count) => sum + count[part], 0);
  for (const line of timeReport(new Map(counts.flatMap(({ times = [] }) => [...times])))) console.log(line);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
};
