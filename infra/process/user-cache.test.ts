import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { installOnce } from './user-cache.ts';

let cache: string;
let said: string[];
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'fusioncommerce-cache-'));
  process.env['XDG_CACHE_HOME'] = cache;
  said = [];
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const install = (): Promise<string> =>
  installOnce({
    ...{ name: 'thing-1', title: 'Thing 1', cost: 'nothing' },
    progress: { done: () => undefined, say: (line) => void said.push(line) },
    build: (folder) => writeFile(join(folder, 'thing'), ''),
  });

const lockOf = (): string => join(cache, 'fusioncommerce', 'thing-1.lock');

const lockFor = async (pid: number): Promise<void> => {
  await mkdir(lockOf(), { recursive: true });
  await writeFile(join(lockOf(), 'owner'), `${hostname()} ${pid}`);
};

test('an installation whose process was killed is begun anew at once', async () => {
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  await lockFor(pid);
  expect(await install()).toBe(join(cache, 'fusioncommerce', 'thing-1'));
  expect(said.join()).toContain('Installing Thing 1');
});

test('an installation that goes on is waited for', async () => {
  await lockFor(process.pid);
  const installed = install();
  await untilWithin(20_000)(() => said.length > 0);
  expect(said).toEqual(['Another process is installing Thing 1; waiting for it …']);
  await rm(lockOf(), { recursive: true });
  await installed;
  expect(said).toHaveLength(2);
});
