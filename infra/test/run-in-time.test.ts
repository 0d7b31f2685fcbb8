import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../microservices/chassis/testing/until.ts';
import { runInTime, type InTime } from './run-in-time.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (script: string, limits: Partial<InTime> = {}): Promise<number | string> =>
  runInTime(['-e', script], { folder, environment: process.env, ...limits });

const ENDLESS = 'setInterval(() => undefined, 1000);';
const REPORT = `require('node:fs').writeFileSync('report', '');`;

test('a program that ends says how', async () => {
  expect(await run('process.exit(0)')).toBe(0);
  expect(await run('process.exit(3)')).toBe(3);
});

test('one that goes on after its report is ended, and so is what it started', async () => {
  const starts = `require('node:fs').writeFileSync('pid', String(require('node:child_process').spawn(process.execPath, ['-e', '${ENDLESS}']).pid));`;
  const why = await run(starts + REPORT + ENDLESS, { report: join(folder, 'report'), afterReportMs: 1 });
  expect(why).toBe('did not end: something it began still runs');
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  await until(() => !isRunning(pid));
});

test('one that ends soon after its report is left to it', async () => {
  const script = `${REPORT} setTimeout(() => process.exit(4), 1000)`;
  expect(await run(script, { report: join(folder, 'report') })).toBe(4);
});

test('one that never reports has a limit too', async () => {
  const why = await run(ENDLESS, { report: join(folder, 'report'), mostMs: 1 });
  expect(why).toContain('was not done after');
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
