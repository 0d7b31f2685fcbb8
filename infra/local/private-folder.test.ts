import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrongSetting } from '../platform/options.ts';
import { copyPrograms } from './postgres-programs.ts';
import { makeDataFolder, ownersFolder } from './private-folder.ts';

const isRoot = process.getuid?.() === 0;
let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'fusioncommerce-private-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const made = async (name: string, mode: number): Promise<string> => {
  const path = join(base, name);
  await mkdir(path);
  await chmod(path, mode);
  return path;
};

describe('a folder that only we can have made', () => {
  test.each([0o700, 0o711, 0o755, 0o775])('with mode %o is taken', async (mode) => {
    await expect(ownersFolder(await made('own', mode))).resolves.toBeUndefined();
  });

  test.each([0o777, 0o757, 0o1777])('with mode %o is refused in words', async (mode) => {
    const refused = ownersFolder(await made('open', mode));
    await expect(refused).rejects.toThrow(WrongSetting);
    await expect(refused).rejects.toThrow(/open belongs to another user, or others may write to it/);
  });

  test('below one that others may write to is refused, but for a sticky one', async () => {
    const above = await made('above', 0o777);
    const inside = join(above, 'inside');
    await mkdir(inside, { mode: 0o700 });
    await expect(ownersFolder(inside)).rejects.toThrow(`The folder ${above} belongs`);
    await chmod(above, 0o1777);
    await expect(ownersFolder(inside)).resolves.toBeUndefined();
  });

  test('is looked for behind a link', async () => {
    await symlink(await made('target', 0o777), join(base, 'link'));
    await expect(ownersFolder(join(base, 'link'))).rejects.toThrow('others may write to it');
  });

  (isRoot ? test : test.skip)('of another user is refused', async () => {
    const theirs = await made('theirs', 0o755);
    await chown(theirs, 65534, 65534);
    await expect(ownersFolder(theirs)).rejects.toThrow('theirs belongs to another user');
  });

  (isRoot ? test : test.skip)('that a group which we are not in may write to is refused', async () => {
    const shared = await made('group', 0o775);
    await chown(shared, 0, 65534);
    await expect(ownersFolder(shared)).rejects.toThrow('others may write to it');
  });
});

test('a new data folder is ours alone; one that is there stays as it is', async () => {
  const path = join(base, 'a', 'data');
  await makeDataFolder(path);
  expect((await stat(path)).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
  await makeDataFolder(await made('there', 0o755));
  expect((await stat(join(base, 'there'))).mode & 0o777).toBe(0o755);
});

describe('a copy of PostgreSQL’s programs', () => {
  const native = async (): Promise<string> => {
    const path = await made('native', 0o755);
    await writeFile(join(path, 'postgres'), 'program', { mode: 0o755 });
    await writeFile(join(path, 'pg-symlinks.json'), '[{"source":"native/postgres","target":"native/postmaster"}]');
    return path;
  };

  test('is made whole, once, and may be entered', async () => {
    const from = await native();
    const copy = join(base, 'state', 'postgres-1');
    expect(await copyPrograms(from, copy)).toBe(copy);
    expect((await stat(copy)).mode & 0o777).toBe(0o755);
    expect((await stat(join(copy, 'postmaster'))).size).toBe('program'.length);
    await writeFile(join(copy, 'mark'), '');
    await copyPrograms(from, copy);
    expect((await stat(join(copy, 'mark'))).isFile()).toBe(true);
  });

  test('that others could have put there is refused, not run', async () => {
    const from = await native();
    const copy = join(base, 'postgres-1');
    await mkdir(copy);
    await writeFile(join(copy, 'complete'), '');
    await chmod(copy, 0o777);
    await expect(copyPrograms(from, copy)).rejects.toThrow(/may hold what they put there/);
  });

  test('in a folder that others may write to is refused', async () => {
    const from = await native();
    const shared = await made('shared', 0o1777);
    await expect(copyPrograms(from, join(shared, 'postgres-1'))).rejects.toThrow(/may hold what they put there/);
  });
});
