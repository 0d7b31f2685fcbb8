import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  accessKey: string;
  secretKey: string;
}

/**
 * The keys of a server's folder, made on its first start and the same ever after, so that who was told them need not be
 * told again.
 */
export const credentialsIn = async (folder: string): Promise<Credentials> => {
  const file = join(folder, 'credentials.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as Credentials;
  // Letters and digits only: they go into a URL as they are.
  const made = { accessKey: `fc${randomBytes(8).toString('hex')}`, secretKey: randomBytes(20).toString('hex') };
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
};
