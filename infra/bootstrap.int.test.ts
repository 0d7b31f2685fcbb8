import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const run = promisify(execFile);
const infra = new URL('./', import.meta.url).pathname;
let root = '';

const write = (file: string, value: unknown): Promise<void> =>
  writeFile(join(root, file), typeof value === 'string' ? value : JSON.stringify(value));
const npm = (...args: string[]) => run('npm', [...args, '--no-audit', '--no-fund', '--offline'], { cwd: root });

/** A package as a tarball in the root. */
const pack = async (name: string, version: string): Promise<string> => {
  await mkdir(join(root, 'sources', name), { recursive: true });
  await write(`sources/${name}/package.json`, { name, version });
  await npm('pack', `./sources/${name}`);
  return `${name}-${version}.tgz`;
};

/** Locks one dependency. */
const lock = async (tarball: string): Promise<void> => {
  await write('package.json', { name: 'shop', private: true, dependencies: { lamp: `file:${tarball}` } });
  await npm('install', '--package-lock-only');
};

/** Starts the repository's first step, which prints what it installs, and returns the line of that. */
const bootstrap = async (): Promise<string | undefined> => {
  const { stdout } = await run(process.execPath, ['infra/bootstrap.mjs', 'run', 'probe.ts'], { cwd: root });
  expect(stdout).toContain('the tool runs');
  return stdout.split('\n').find((line) => line.startsWith('Installing'));
};

const installed = async (): Promise<unknown> =>
  (JSON.parse(await readFile(join(root, 'node_modules/lamp/package.json'), 'utf8')) as { version: unknown }).version;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fusioncommerce-bootstrap-'));
  await mkdir(join(root, 'infra'));
  for (const file of ['bootstrap.mjs', 'installed.mjs']) await cp(join(infra, file), join(root, 'infra', file));
  await write('probe.ts', `console.log('the tool runs')`);
  await lock(await pack('lamp', '1.0.0'));
  expect(await bootstrap()).toContain('once');
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('installs once', async () => {
  expect(await bootstrap()).toBeUndefined();
  expect(await installed()).toBe('1.0.0');
});

test('installs what was deleted, and says so', async () => {
  await rm(join(root, 'node_modules/lamp'), { recursive: true });
  expect(await bootstrap()).toContain('node_modules/lamp should be 1.0.0');
  expect([await installed(), await bootstrap()]).toEqual(['1.0.0', undefined]);
});

test('puts back a version that was changed by hand', async () => {
  await write('node_modules/lamp/package.json', { name: 'lamp', version: '0.9.0' });
  expect(await bootstrap()).toContain('node_modules/lamp should be 1.0.0');
  expect([await installed(), await bootstrap()]).toEqual(['1.0.0', undefined]);
});

test('takes out what was added by hand', async () => {
  await npm('install', '--no-save', await pack('mug', '1.0.0'));
  expect(await bootstrap()).toContain('node_modules/mug is not in package-lock.json');
  expect(await bootstrap()).toBeUndefined();
  await expect(readFile(join(root, 'node_modules/mug/package.json'))).rejects.toThrow('ENOENT');
});

test('follows a package-lock.json that has changed', async () => {
  await lock(await pack('lamp', '2.0.0'));
  expect(await bootstrap()).toContain('node_modules/lamp should be 2.0.0');
  expect([await installed(), await bootstrap()]).toEqual(['2.0.0', undefined]);
});
