import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WrongSetting } from '../platform/options.ts';
import { makeDataFolder, ownersFolder } from './private-folder.ts';
import { commandOf, isRunning, startOf } from './running-process.ts';

/**
 * Takes the data folder for this process. Throws WrongSetting when another platform runs on it, because two would ruin
 * each other's files, or when the folder is not ours alone to write. A folder that a killed platform left is taken
 * over.
 */
export const claimDataFolder = async (dataFolder: string): Promise<void> => {
  await makeDataFolder(dataFolder);
  await ownersFolder(dataFolder);
  const file = join(dataFolder, 'platform.pid');
  const own = `${process.pid} ${await startOf(process.pid)}`;
  while (!(await createLock(file, own))) {
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (await runsPlatform(holder))
      throw new WrongSetting(
        `The platform already runs on ${dataFolder} (process ${holder.split(' ')[0] ?? ''}). Stop it first, or choose another folder with --data.`,
      );
    await rm(file, { force: true });
  }
};

const createLock = (file: string, content: string): Promise<boolean> =>
  writeFile(file, content, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

/**
 * The number may have been given to another program since, which did not start when the platform did. Older platforms
 * wrote down the number alone.
 */
const runsPlatform = async (holder: string): Promise<boolean> => {
  const [first = '', ...rest] = holder.trim().split(' ');
  const pid = Number(first);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid || !isRunning(pid)) return false;
  if (rest.length > 0) return rest.join(' ') === (await startOf(pid));
  return (await commandOf(pid)).includes('infra/local/main.ts');
};
