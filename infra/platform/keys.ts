import type { Access } from './access.ts';
import { WrongSetting } from './options.ts';
import type { PlatformEnvironment } from './options/variables.ts';

/** The keys that a process is given instead of a data folder. */
export type Keys = Pick<Access, 'adminKey' | 'serviceKey' | 'objectSigningKey' | 'tokenPrivateKey' | 'tokenPublicKey'>;

/** The names of the five keys in the environment that are not set. */
export const missingKeys = (environment: PlatformEnvironment): string[] =>
  (['ADMIN_KEY', 'SERVICE_KEY', 'OBJECT_SIGNING_KEY', 'TOKEN_PRIVATE_KEY', 'TOKEN_PUBLIC_KEY'] as const).filter(
    (name) => !environment[name],
  );

/** Reads all five keys. Throws WrongSetting naming those that are missing; `otherwise` ends the sentence. */
export const readKeys = (environment: PlatformEnvironment, otherwise: string): Keys => {
  const missing = missingKeys(environment);
  if (missing.length > 0)
    throw new WrongSetting(`${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set: ${otherwise}`);
  const key = (name: keyof PlatformEnvironment): string => environment[name] ?? '';
  return {
    adminKey: key('ADMIN_KEY'),
    serviceKey: key('SERVICE_KEY'),
    objectSigningKey: key('OBJECT_SIGNING_KEY'),
    tokenPrivateKey: key('TOKEN_PRIVATE_KEY'),
    tokenPublicKey: key('TOKEN_PUBLIC_KEY'),
  };
};
