import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from './running-process.ts';
import { claimDataFolder } from './single-instance.ts';

let folder: string;
const others: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-claim-'));
});
afterEach(async () => {
  for (const other of others.splice(0)) {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

/** Another program of this machine, with words of our choice among its arguments. */
const another = async (...words: string[]): Promise<number> => {
  const script = 'console.log("up"); setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, ['-e', script, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  others.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
};
const lock = (): string => join(folder, 'platform.pid');

test('a free folder is taken, with a mark that names this process for good', async () => {
  await claimDataFolder(folder);
  expect(await readFile(lock(), 'utf8')).toBe(`${process.pid} ${await startOf(process.pid)}`);
});

test('a platform that runs keeps its folder', async () => {
  const pid = await another();
  await writeFile(lock(), `${pid} ${await startOf(pid)}`);
  await expect(claimDataFolder(folder)).rejects.toThrow(`already runs on ${folder} (process ${pid})`);
});

test('a number that another program has by now is not believed, whatever that calls itself', async () => {
  await writeFile(lock(), `${await another('infra/local/main.ts')} 1`);
  await claimDataFolder(folder);
});

test('an older platform’s mark, its number alone, is believed when that is a platform', async () => {
  await writeFile(lock(), String(await another('infra/local/main.ts')));
  await expect(claimDataFolder(folder)).rejects.toThrow('already runs');
  await writeFile(lock(), String(await another()));
  await claimDataFolder(folder);
});

test.each(['', 'nonsense', '-1 5', '4194305 7'])('%j is nobody', async (content) => {
  await writeFile(lock(), content);
  await claimDataFolder(folder);
});

test('a folder that others may write to is refused', async () => {
  await chmod(folder, 0o777);
  await expect(claimDataFolder(folder)).rejects.toThrow('others may write to it');
});
