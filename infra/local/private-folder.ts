import { lstat, mkdir, realpath, chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WrongSetting } from '../platform/options.ts';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Throws when anybody but us or root could have made a folder or what is in it: its owner and that of every folder
 * above it are looked at, and who else may write there; a group that we are in is ours. A shared folder with the sticky
 * bit (/tmp) will do above it, because nobody can rename another's folder there.
 */
export const ownersFolder = async (path: string): Promise<void> => {
  const real = await realpath(path);
  if (await isOthers(real, false)) throw new WrongSetting(refusal(path));
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (await isOthers(folder, true)) throw new WrongSetting(refusal(path, folder));
    if (folder === dirname(folder)) return;
  }
};

const isOthers = async (path: string, mayBeSticky: boolean): Promise<boolean> => {
  const { uid, gid, mode } = await lstat(path);
  if (uid !== 0 && uid !== process.getuid?.()) return true;
  const othersWrite = (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && !isOurGroup(gid));
  return othersWrite && !(mayBeSticky && (mode & STICKY) !== 0);
};

/** Many systems give each user a group of their own, and let it write to what the user makes. */
const isOurGroup = (gid: number): boolean =>
  gid === process.getgid?.() || (process.getgroups?.().includes(gid) ?? false);

const refusal = (path: string, culprit = path): string =>
  `The folder ${culprit} belongs to another user, or others may write to it, so that ${path} may hold what they put there. Remove it or take it over (chown, chmod go-w), or choose another place.`;

/**
 * Makes the folder that everything of a platform is kept in. Only we may enter it; as root, others may pass through,
 * because PostgreSQL runs as another user in there, but what is in it is closed to them. One that is there stays as it
 * is: it may hold more than our things.
 */
export const makeDataFolder = async (path: string): Promise<void> => {
  const isNew = (await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined;
  if (isNew && process.getuid?.() === 0) await chmod(path, 0o711);
};
