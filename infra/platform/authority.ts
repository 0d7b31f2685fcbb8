import { readFile } from 'node:fs/promises';
import { WrongSetting } from './options.ts';
import type { PlatformEnvironment } from './options/variables.ts';

/**
 * The certificate authority (PEM) in the file that an environment variable names; undefined when it names none. Throws
 * WrongSetting when it cannot be read, and when it holds no certificate: a client would trust nobody then, and blame
 * the server for it.
 */
export const readAuthority = async (
  variable: keyof PlatformEnvironment,
  environment: PlatformEnvironment,
): Promise<string | undefined> => {
  const file = environment[variable];
  if (!file) return undefined;
  const named = `The environment variable ${variable} names "${file}", which`;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSetting(`${named} cannot be read (${error.code ?? error.message}).`);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new WrongSetting(`${named} holds no certificate in PEM format (-----BEGIN CERTIFICATE-----).`);
  return text;
};
