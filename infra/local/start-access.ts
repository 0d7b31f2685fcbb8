import { createAccess, readAccess, readOrCreateAccess, type Access } from '../platform/access.ts';
import { WrongSetting } from '../platform/options.ts';
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
  const given = keysIn(environment);
  const kept = whole ? await readOrCreateAccess(dataFolder) : await readAccess(dataFolder).catch(() => createAccess());
  return { ...kept, ...given };
};

const keysIn = ({
  ADMIN_KEY,
  SERVICE_KEY,
  OBJECT_SIGNING_KEY,
  TOKEN_PRIVATE_KEY,
  TOKEN_PUBLIC_KEY,
}: PlatformEnvironment): Partial<Access> => {
  const given = {
    adminKey: ADMIN_KEY,
    serviceKey: SERVICE_KEY,
    objectSigningKey: OBJECT_SIGNING_KEY,
    tokenPrivateKey: TOKEN_PRIVATE_KEY,
    tokenPublicKey: TOKEN_PUBLIC_KEY,
  };
  const missing = Object.entries(given)
    .filter(([, value]) => !value)
    .map(([name]) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  if (missing.length > 0)
    throw new WrongSetting(
      `SERVICE_KEY is set but ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not: give all keys through the environment, or none to use the data folder's.`,
    );
  return given;
};
