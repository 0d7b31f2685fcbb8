import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { embeddedKafkaSecurity, readAccess, type Access } from '../platform/access.ts';
import { startCommand, type RunningCommand } from '../test/start-command.ts';

jest.setTimeout(120_000);

let folder: string;
let data: string;
let running: RunningCommand;
let access: Access;

const start = async (log: string, ...args: string[]): Promise<void> => {
  running = await startCommand({
    file: 'local/main.ts',
    args: ['--data', data, '--port', '0', '--without-n8n', ...args],
    environment: {},
    log: join(folder, log),
  });
  await running.untilSaid('Ready.');
  access = await readAccess(data);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-start-'));
  data = join(folder, 'data');
  // PostgreSQL runs as another user where we are root, and has to pass through.
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  await start('first.log', '--without-demo-data');
});
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the broker lets in who signs in with the data folder’s password, and nobody else', async () => {
  const connect = async (security: object): Promise<string[]> => {
    const brokers = access.kafka ?? [];
    const admin = createKafka({ brokers, clientId: 'test', log: silentLog, ...security }).admin({
      retry: { retries: 0 },
    });
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  };
  // Made anew for each: kafkajs writes into what it is given, and a copy would sign in as before.
  const by = (kafkaPassword: string) => embeddedKafkaSecurity({ ...access, kafkaPassword }, access.kafka ?? []);
  expect(await connect(by(access.kafkaPassword))).toContain('commerce.orders');
  await expect(connect({})).rejects.toThrow();
  await expect(connect(by(access.postgresPassword))).rejects.toThrow(/password/);
});

test('services use the database as a role without a superuser’s rights', async () => {
  const client = new pg.Client({ connectionString: access.databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `SELECT rolsuper, (SELECT count(*)::int FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner AND o.rolsuper
       WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema') AS others FROM pg_roles WHERE rolname = current_user`,
  );
  await client.end();
  expect(rows).toEqual([{ rolsuper: false, others: 0 }]);
});

test('nobody else enters what is in the data folder', async () => {
  const names = await readdir(data);
  expect(names).toEqual(expect.arrayContaining(['access.json', 'kafka', 'objects', 'platform.pid', 'postgres']));
  const modes = await Promise.all(names.map(async (name) => (await stat(join(data, name))).mode & 0o077));
  expect(modes).toEqual(names.map(() => 0));
});

test('a demo shop that cannot be made is warned of, and the platform serves', async () => {
  const catalog = createClient(catalogContract, { url: access.url ?? '', credential: access.adminKey });
  await catalog.createPriceList({ code: 'demo', title: 'Of the shop’s own', currency: 'USD' });
  await running.stop();
  await start('second.log');
  expect(await running.printed()).toMatch(
    /WARNING {2}The demo shop is not complete: .+\n.*The platform serves without it/,
  );
  const again = createClient(catalogContract, { url: access.url ?? '', credential: access.adminKey });
  expect((await again.listPriceLists({})).items).toHaveLength(1);
});
