import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress.ts';

const STALE_LOCK_MS = 30 * 60_000;

export interface Cached {
  /** Where the folder lies; the user's cache unless given. */
  parent?: string;
  /** The folder's name in the cache, with what tells one version from the next (a hash of the lock file, say). */
  name: string;
  /** For people: "n8n 2.33.7". */
  title: string;
  /** For people: how much and how long. */
  cost: string;
  progress: Progress;
  /** Fills an empty folder; throws when it cannot. The folder moves afterwards, so nothing in it may hold its path. */
  build: (folder: string) => Promise<void>;
}

/**
 * Installs something once for a user, for every clone and run: built in a folder beside, moved into place when
 * complete. Several that start at once wait for the first. Returns the folder.
 */
export const installOnce = async ({
  parent = userCacheFolder(),
  name,
  title,
  cost,
  progress,
  build,
}: Cached): Promise<string> => {
  const folder = join(parent, name);
  if (await isThere(join(folder, 'complete'))) return folder;
  await mkdir(parent, { recursive: true });
  const unlock = await takeTurn(`${folder}.lock`, title, progress);
  try {
    if (await isThere(join(folder, 'complete'))) return folder;
    progress.say(`Installing ${title} into ${folder} (once; ${cost}) …`);
    const building = `${folder}.building`;
    await rm(building, { recursive: true, force: true });
    await mkdir(building, { recursive: true });
    await build(building);
    await writeFile(join(building, 'complete'), '');
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
  } finally {
    await unlock();
  }
  progress.done('installed', title);
  return folder;
};

/** Where caches of this user live: the XDG folder on Linux, Library/Caches on macOS. */
const userCacheFolder = (): string =>
  join(
    process.env['XDG_CACHE_HOME'] ??
      (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')),
    'fusioncommerce',
  );

/**
 * One installation at a time; a lock whose owner died is taken over: at once when it died on this machine, after half
 * an hour on another. Returns how to give the turn back.
 */
const takeTurn = async (lock: string, title: string, progress: Progress): Promise<() => Promise<void>> => {
  for (let waited = 0; ; waited += 1_000) {
    try {
      await mkdir(lock);
      await writeFile(ownerOf(lock), `${hostname()} ${process.pid}`);
      return () => rm(lock, { recursive: true, force: true });
    } catch {
      if (waited === 0) progress.say(`Another process is installing ${title}; waiting for it …`);
      if (await isStale(lock)) await rm(lock, { recursive: true, force: true });
      else await sleep(1_000);
    }
  }
};

const ownerOf = (lock: string): string => join(lock, 'owner');

const isStale = async (lock: string): Promise<boolean> => {
  const [host, pid] = (await readFile(ownerOf(lock), 'utf8').catch(() => '')).split(' ');
  if (host === hostname() && !runs(Number(pid))) return true;
  return stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > STALE_LOCK_MS,
    () => false,
  );
};

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
