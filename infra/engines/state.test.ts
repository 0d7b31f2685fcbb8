import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from '../local/running-process.ts';
import { readKept, writeKept } from './state.ts';

const engine = { url: 'http://127.0.0.1:9', startedAt: '2026-01-01T00:00:00.000Z' };
let folder: string;
let other: ChildProcess;
let pid = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-kept-'));
  // Another program that looks like a keeper.
  const script = 'console.log("up"); setInterval(() => undefined, 1000)';
  other = spawn(process.execPath, ['-e', script, 'keeper.ts'], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (other.stdout) await once(other.stdout, 'data');
  pid = other.pid ?? 0;
});
afterEach(async () => {
  other.kill('SIGKILL');
  await once(other, 'exit');
  await rm(folder, { recursive: true, force: true });
});

const note = (kept: object): Promise<void> =>
  writeFile(join(folder, 'running.json'), JSON.stringify({ ...engine, ...kept }));

test('an engine is known by its keeper, which is this process', async () => {
  await writeKept(folder, engine);
  expect(await readKept(folder)).toEqual({ ...engine, keeper: process.pid, keeperStart: await startOf(process.pid) });
  expect(await readFile(join(folder, 'running.json'), 'utf8')).toContain(String(process.pid));
});

test('a keeper that runs is believed', async () => {
  await note({ keeper: pid, keeperStart: await startOf(pid) });
  expect(await readKept(folder)).toMatchObject({ keeper: pid });
});

test('another keeper that got the number since is not taken for this one', async () => {
  await note({ keeper: pid, keeperStart: 'at another time' });
  expect(await readKept(folder)).toBeUndefined();
});

test('a note of an older version goes by what the process is called', async () => {
  await note({ keeper: pid });
  expect(await readKept(folder)).toMatchObject({ keeper: pid });
  await note({ keeper: process.ppid, keeperStart: undefined });
  expect(await readKept(folder)).toBeUndefined();
});
