import { readFile } from 'node:fs/promises';
import { WrongSetting } from './options.ts';

/** The certificate authority (PEM) in the file that an environment variable names; undefined when it names none. Throws WrongSetting when it cannot be read. */
export const readAuthority = async (
  variable: string,
  environment: Record<string, string | undefined>,
): Promise<string | undefined> => {
  const file = environment[variable];
  if (!file) return undefined;
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSetting(
      `The environment variable ${variable} names "${file}", which cannot be read (${error.code ?? error.message}).`,
    );
  });
};
