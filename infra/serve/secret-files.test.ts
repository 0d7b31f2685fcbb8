import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrongSetting } from '../platform/options.ts';
import { secretVariables, withSecretsFromFiles } from './secret-files.ts';

let folder: string;
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a secret comes from the file that its variable names, without the line end of the file', async () => {
  const environment = {
    PORT: '3000',
    DATABASE_URL_FILE: await file('url', 'postgres://shop:p%40ss@db:5433/shop\n'),
    TOKEN_PRIVATE_KEY_FILE: await file('key', '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n'),
  };
  expect(await withSecretsFromFiles(environment)).toMatchObject({
    PORT: '3000',
    DATABASE_URL: 'postgres://shop:p%40ss@db:5433/shop',
    TOKEN_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
  });
});

test('every secret of the platform and its services can come from a file, and nothing else', async () => {
  const names = secretVariables();
  for (const name of ['DATABASE_URL', 'S3_URL', 'KAFKA_PASSWORD', 'SERVICE_KEY', 'TOKEN_PRIVATE_KEY'])
    expect(names).toContain(name);
  const text = await file('port', '4000');
  expect(await withSecretsFromFiles({ PORT_FILE: text })).toEqual({ PORT_FILE: text });
});

test('a file that is missing or empty, and a value beside the file, are refused in words that do not show the secret', async () => {
  const gone = join(folder, 'gone');
  await expect(withSecretsFromFiles({ ADMIN_KEY_FILE: gone })).rejects.toThrow(
    new WrongSetting(`The environment variable ADMIN_KEY_FILE names "${gone}", which cannot be read (ENOENT).`),
  );
  const empty = await file('empty', '\n');
  await expect(withSecretsFromFiles({ ADMIN_KEY_FILE: empty })).rejects.toThrow(/which is empty/);
  const both = { ADMIN_KEY_FILE: empty, ADMIN_KEY: 'fc_hunter2' };
  await expect(withSecretsFromFiles(both)).rejects.toThrow(/ADMIN_KEY is set too: unset one of them/);
  await expect(withSecretsFromFiles(both)).rejects.not.toThrow(/hunter2/);
});
