import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { n8nEnvironment } from './environment.ts';

const environmentOf = (more: Partial<Parameters<typeof n8nEnvironment>[0]>) =>
  n8nEnvironment({
    host: '127.0.0.1',
    port: 5678,
    runnerPort: 5679,
    userFolder: '/nowhere',
    databaseUrl: 'postgres://a:b@db:5432/n8n',
    encryptionKey: 'k',
    owner: { email: 'owner@example.com', passwordHash: 'h' },
    templatesUrl: 'http://127.0.0.1:1/',
    ...more,
  });
const databaseOf = (databaseUrl: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environmentOf({ databaseUrl })).filter(([name]) => name.startsWith('DB_POSTGRESDB_SSL')),
  );

test('workflows are in the time zone of the shop', () => {
  expect(environmentOf({ timeZone: 'Europe/Berlin' })['GENERIC_TIMEZONE']).toBe('Europe/Berlin');
  expect(environmentOf({})['GENERIC_TIMEZONE']).toBe('UTC');
});

test('a database that is not asked for TLS is spoken to plainly', () => {
  expect(databaseOf('postgres://a:b@db:5432/n8n')).toEqual({});
  expect(databaseOf('postgres://a:b@db:5432/n8n?sslmode=disable')).toEqual({});
});

test.each([
  ['sslmode=require', 'true'],
  ['sslmode=verify-full', 'true'],
  ['ssl=true', 'true'],
  ['sslmode=no-verify', 'false'],
])('with %s n8n speaks TLS too', (parameters, checked) => {
  expect(databaseOf(`postgres://a:b@db:5432/n8n?${parameters}`)).toEqual({
    DB_POSTGRESDB_SSL_ENABLED: 'true',
    DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: checked,
  });
});

test('an authority of one’s own is handed on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-n8n-tls-'));
  const file = join(folder, 'ca.pem');
  await writeFile(file, 'an authority');
  expect(databaseOf(`postgres://a:b@db:5432/n8n?sslrootcert=${file}`)).toEqual({
    DB_POSTGRESDB_SSL_ENABLED: 'true',
    DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: 'true',
    DB_POSTGRESDB_SSL_CA: 'an authority',
  });
  await rm(folder, { recursive: true });
});
