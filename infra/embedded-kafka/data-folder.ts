import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFile, privateFolder } from './log/private-modes.ts';
import { readIfExists, systemErrorCode } from './log/read-if-exists.ts';
import { writeWhole } from './log/write-whole.ts';

/** State that the broker finds in its data folder. */
export type DataFolder = {
  readonly path: string;
  readonly clusterId: string;
  /** True when the last broker here ended in order, so that its files need no checking. */
  readonly cleanShutdown: boolean;
};

const lockPath = (folder: string): string => join(folder, 'lock');
const cleanPath = (folder: string): string => join(folder, 'clean-shutdown');
const clusterPath = (folder: string): string => join(folder, 'cluster-id');

/** Folders this very process has open: its own process id in a lock says nothing about a process before it. */
const openHere = new Set<string>();

/**
 * Takes the folder for this process, creating it when needed. Throws when another broker has it. The mark of a clean
 * shutdown is removed at once, so that it never outlives the state it speaks of.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await makePrivate(path);
  await takeLock(path);
  const cleanShutdown = await readFile(cleanPath(path)).then(
    () => true,
    () => false,
  );
  await rm(cleanPath(path), { force: true });
  return { path, clusterId: await clusterIdOf(path), cleanShutdown };
}

/**
 * A folder of an earlier version, which others could enter, is closed to them where it is ours. Shared ones (/tmp)
 * stay.
 */
async function makePrivate(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: privateFolder });
  const { mode, uid } = await stat(path);
  const isShared = (mode & 0o1000) !== 0;
  if ((mode & 0o077) !== 0 && !isShared && uid === process.getuid?.()) await chmod(path, privateFolder);
}

async function clusterIdOf(path: string): Promise<string> {
  const stored = (await readIfExists(clusterPath(path)))?.toString() ?? '';
  if (stored !== '') return stored;
  const clusterId = randomBytes(16).toString('base64url');
  await writeWhole(clusterPath(path), clusterId);
  return clusterId;
}

/** Says that everything is on the disk, and gives the folder to whoever comes next. */
export async function closeDataFolder({ path }: DataFolder): Promise<void> {
  await writeWhole(cleanPath(path), '');
  await releaseDataFolder(path);
}

/** Gives the folder back without saying that its files are complete. */
export async function releaseDataFolder(path: string): Promise<void> {
  await rm(lockPath(path), { force: true });
  openHere.delete(path);
}

async function takeLock(path: string): Promise<void> {
  const own = await describeProcess(process.pid);
  for (;;) {
    if (await createLock(path, own)) break;
    const holder = await readFile(lockPath(path), 'utf8').catch(() => '');
    if (openHere.has(path) || (await isRunning(holder))) {
      throw new Error(
        `the data folder ${path} is in use by a broker of process ${holder.split(' ')[0] ?? ''}: stop that broker, or choose another folder`,
      );
    }
    await rm(lockPath(path), { force: true });
  }
  openHere.add(path);
}

async function createLock(path: string, content: string): Promise<boolean> {
  return writeFile(lockPath(path), content, { flag: 'wx', mode: privateFile }).then(
    () => true,
    (error: unknown) => {
      if (systemErrorCode(error) === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Process id and, where /proc tells it, start time: ids are reused, the pair is not. */
async function describeProcess(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const startTime = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid} ${startTime}`.trim();
}

async function isRunning(holder: string): Promise<boolean> {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
  return (await describeProcess(pid)) === holder;
}
