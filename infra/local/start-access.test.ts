import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess, readOrCreateAccess } from '../platform/access.ts';
import { accessFor } from './start-access.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fusioncommerce-access-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

const { adminKey, serviceKey, objectSigningKey, tokenPrivateKey, tokenPublicKey } = createAccess();
const given = { adminKey, serviceKey, objectSigningKey, tokenPrivateKey, tokenPublicKey };
const environment = {
  ADMIN_KEY: adminKey,
  SERVICE_KEY: serviceKey,
  OBJECT_SIGNING_KEY: objectSigningKey,
  TOKEN_PRIVATE_KEY: tokenPrivateKey,
  TOKEN_PUBLIC_KEY: tokenPublicKey,
};

test('with keys of the environment every start has the same passwords for the engines of the data folder', async () => {
  const first = await accessFor({ dataFolder, whole: true }, environment);
  expect(first).toMatchObject(given);
  expect(await accessFor({ dataFolder, whole: true }, environment)).toEqual(first);
  expect(await accessFor({ dataFolder, whole: false }, environment)).toEqual(first);
});

test('a process of some services leaves nothing in a folder that it does not own', async () => {
  expect(await accessFor({ dataFolder, whole: false }, environment)).toMatchObject(given);
  expect(await readdir(dataFolder)).toEqual([]);
});

test('without them the data folder’s own are used', async () => {
  const own = await readOrCreateAccess(dataFolder);
  expect(await accessFor({ dataFolder, whole: true }, {})).toEqual(own);
});

test('some keys without the others are refused by name', async () => {
  const { ADMIN_KEY: _without, ...some } = environment;
  await expect(accessFor({ dataFolder, whole: true }, some)).rejects.toThrow('ADMIN_KEY is not');
});
