import { createAccess, readAccess, readOrCreateAccess, type Access } from '../platform/access.ts';
import { readKeys } from '../platform/keys.ts';
import type { PlatformEnvironment } from '../platform/options/variables.ts';

/**
 * Keys come from the environment in production and from the data folder on a laptop. The passwords of engines and n8n
 * are the data folder's in both: an engine that was set up with one refuses another. A process of some services takes
 * them where the folder has them. Throws WrongSetting when only some keys are given.
 */
export const accessFor = async (
  { dataFolder, whole }: { dataFolder: string; whole: boolean },
  environment: PlatformEnvironment,
): Promise<Access> => {
  if (!environment.SERVICE_KEY) return readOrCreateAccess(dataFolder);
  const given = readKeys(environment, "give all keys through the environment, or none to use the data folder's.");
  const kept = whole ? await readOrCreateAccess(dataFolder) : await readAccess(dataFolder).catch(() => createAccess());
  return { ...kept, ...given };
};
