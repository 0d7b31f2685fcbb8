import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writableDisk } from './disk.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-disk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a disk with room is ready, and the probe leaves nothing behind', async () => {
  await writableDisk(folder).check();
  expect(await readdir(folder)).toEqual([]);
});

test('a disk without enough room is not, and says how much is left', async () => {
  await expect(writableDisk(folder, Number.MAX_SAFE_INTEGER).check()).rejects.toThrow(/ has \d+ MB left: make room/);
});

test('nor is a folder that is gone or cannot be written', async () => {
  await expect(writableDisk(join(folder, 'gone')).check()).rejects.toThrow('ENOENT');
  // root may write everywhere but into the kernel's own file systems.
  await expect(writableDisk('/proc', 0).check()).rejects.toThrow();
  await chmod(folder, 0o700);
});
