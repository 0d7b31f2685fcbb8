import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentProgress } from '../process/progress.ts';
import { java } from './java.ts';

const before = { PATH: process.env['PATH'], JAVA_HOME: process.env['JAVA_HOME'], CI: process.env['CI'] };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-java-'));
  process.env['PATH'] = folder;
  // On a CI machine it would install one.
  delete process.env['CI'];
  delete process.env['JAVA_HOME'];
});
afterEach(async () => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await rm(folder, { recursive: true, force: true });
});

const putJava = (version: string): Promise<void> =>
  writeFile(join(folder, 'java'), `#!/bin/sh\necho 'openjdk ${version} 2024-01-01'\n`, { mode: 0o755 });

test('without Java, the error says what is needed and how to get it', async () => {
  await expect(java(silentProgress)).rejects.toThrow(
    'Java 17 is needed and was not found. Install it (on Debian: sudo apt-get install openjdk-17-jre-headless)',
  );
});

test('an older Java is not taken', async () => {
  await putJava('11.0.22');
  await expect(java(silentProgress)).rejects.toThrow('Java 17 is needed');
});

test('a newer one of the path is', async () => {
  await putJava('21.0.2');
  expect(await java(silentProgress)).toBe('java');
});
