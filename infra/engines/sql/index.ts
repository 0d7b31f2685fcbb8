import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterDirectory, startPostgres } from '../../local/postgres.ts';
import type { Engine } from '../engine.ts';

/** PostgreSQL 15 of its own, durable, beside the one that `npm start` brings up. */
export const sql: Engine = {
  name: 'sql',
  title: 'PostgreSQL 15',
  option: { flag: '--database-url', variable: 'DATABASE_URL' },
  // Its programs travel in npm.
  install: async () => undefined,
  start: async ({ folder, tls }) =>
    startPostgres({
      directory: await clusterDirectory(folder),
      password: await passwordIn(folder),
      ...(tls ? { tls } : {}),
    }),
};

/** The password is set when the cluster is made, and is needed ever after. */
const passwordIn = async (folder: string): Promise<string> => {
  const file = join(folder, 'password');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known) return known;
  const password = randomBytes(18).toString('base64url');
  await mkdir(folder, { recursive: true });
  await writeFile(file, password, { mode: 0o600 });
  return password;
};
