import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WrongSetting } from '../platform/options.ts';

/** Two platforms on one data folder would ruin each other's files: the second is told so. A folder left by a killed one is taken over. */
export const claimDataFolder = async (dataFolder: string): Promise<void> => {
  await mkdir(dataFolder, { recursive: true });
  const file = join(dataFolder, 'platform.pid');
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (pid && pid !== process.pid && (await runsPlatform(pid))) {
    throw new WrongSetting(
      `The platform already runs on ${dataFolder} (process ${pid}). Stop it first, or choose another folder with --data.`,
    );
  }
  await writeFile(file, String(process.pid));
};

/** The number may have been given to another program since: where /proc tells what runs, it must be us. */
const runsPlatform = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'infra/local/main.ts');
  return command.includes('infra/local/main.ts');
};
