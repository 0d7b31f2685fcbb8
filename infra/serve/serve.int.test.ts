import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import { createAccess } from '../platform/access.ts';
import { borrowBroker } from '../test/broker.ts';
import { freshDatabase } from '../test/databases.ts';
import { startCommand, type RunningCommand } from '../test/start-command.ts';

jest.setTimeout(120_000);

const access = createAccess();
const role = `shop_${randomBytes(4).toString('hex')}`;
let folder: string;
let owner: string;
let environment: Record<string, string>;
let broker: Awaited<ReturnType<typeof borrowBroker>>;
const started: RunningCommand[] = [];

const asOwner = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};

/** The same database, signed in as the role of the services. */
const asRole = (): string => {
  const url = new URL(owner);
  url.username = role;
  url.password = 'p%40ss';
  return url.href;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-serve-'));
  broker = await borrowBroker(folder);
  owner = await freshDatabase();
  await asOwner(`CREATE ROLE ${role} LOGIN NOSUPERUSER PASSWORD 'p@ss'`);
  environment = {
    DATABASE_URL: owner,
    KAFKA_BROKERS: broker.address,
    DATA_FOLDER: join(folder, 'data'),
    PORT: '0',
    ADMIN_KEY: access.adminKey,
    SERVICE_KEY: access.serviceKey,
    OBJECT_SIGNING_KEY: access.objectSigningKey,
    TOKEN_PRIVATE_KEY: access.tokenPrivateKey,
    TOKEN_PUBLIC_KEY: access.tokenPublicKey,
  };
});
afterAll(async () => {
  await Promise.all(started.map((one) => one.stop()));
  await broker.giveBack();
  await asOwner(`DROP OWNED BY ${role}`);
  await asOwner(`DROP ROLE ${role}`);
  await rm(folder, { recursive: true, force: true });
});

let runs = 0;
const run = async (args: string[], changed: Record<string, string> = {}): Promise<RunningCommand> => {
  const log = join(folder, `${(runs += 1)}.log`);
  const command = await startCommand({ file: 'serve/main.ts', args, environment: { ...environment, ...changed }, log });
  started.push(command);
  return command;
};
const outcome = async (args: string[], changed: Record<string, string> = {}): Promise<[string, string]> => {
  const command = await run(args, changed);
  return [await command.ended, await command.printed()];
};

test('a first rollout: services wait for the job that migrates, serve with rights on rows alone, and drain on SIGTERM', async () => {
  const [noTopics, missing] = await outcome(['serve', 'catalog'], { TOPICS: 'expect' });
  expect([noTopics, missing]).toEqual([
    'exit code 1',
    expect.stringMatching(/^Kafka has no topics commerce\.catalog, /),
  ]);
  expect((await outcome(['topics']))[0]).toBe('exit code 0');

  const [checked, lacking] = await outcome(['check', 'catalog', 'customers']);
  expect([checked, lacking]).toEqual(['exit code 1', expect.stringMatching(/The schema catalog lacks \d+ migration/)]);
  expect(await outcome(['serve', 'catalog'], { MIGRATIONS: 'check' })).toEqual([
    'exit code 1',
    expect.stringMatching(
      /^The database is older than this program: catalog lacks \d+ steps\. Run `fusioncommerce migrate`/,
    ),
  ]);

  const secret = join(folder, 'database-url');
  await writeFile(secret, `${asRole()}\n`);
  const { DATABASE_URL: _ofTheOwner, ...others } = environment;
  environment = others;
  const service = await run(['serve', 'catalog', 'customers'], {
    ...{ DATABASE_URL_FILE: secret, TOPICS: 'expect', MIGRATIONS: 'wait', ADMIN_PORT: '0' },
  });
  await service.untilSaid('Waiting for migrations: catalog lacks ');
  const migrate = ['migrate', 'catalog', 'customers', '--grant-to', role];
  expect((await outcome(migrate, { DATABASE_URL: owner }))[0]).toBe('exit code 0');
  await service.untilSaid('Ready');
  expect((await outcome(['check', 'catalog', 'customers'], { DATABASE_URL: owner }))[0]).toBe('exit code 0');

  const printed = await service.printed();
  const [, url = ''] = /Ready +(\S+)/.exec(printed) ?? [];
  const [, metrics = ''] = /Metrics +(\S+)/.exec(printed) ?? [];
  const catalog = createClient(catalogContract, { url, credential: access.adminKey });
  const { id } = await catalog.createCategory({ title: { en: 'Lamps' } });
  expect(await catalog.getCategory({ categoryId: id })).toMatchObject({ id });
  expect(await (await fetch(metrics)).text()).toContain('http_requests_total{service="catalog"');
  expect((await fetch(new URL('/readyz', metrics))).status).toBe(200);
  await expect(asRoleRun('CREATE TABLE catalog.mine (id int)')).rejects.toThrow(/permission denied/);

  await service.stop();
  expect(await service.ended).toBe('exit code 0');
});

const asRoleRun = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: asRole() });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};

test('a gateway alone needs no database, and passes requests on to the services that it is told of', async () => {
  const gateway = await run(['serve', 'gateway', '--service-urls', 'catalog=http://127.0.0.1:3999']);
  await gateway.untilSaid('Ready');
  const [, url = ''] = /Ready +(\S+)/.exec(await gateway.printed()) ?? [];
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await gateway.stop();
  expect(await gateway.ended).toBe('exit code 0');
});

test('a key that is missing is named', async () => {
  expect(await outcome(['serve', 'catalog'], { ADMIN_KEY: '', DATABASE_URL: owner })).toEqual([
    'exit code 2',
    expect.stringMatching(/^ADMIN_KEY is not set: services share these keys/),
  ]);
});
