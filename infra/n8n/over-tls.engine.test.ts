import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openCqlCluster } from '../../microservices/ports/key-value/cql.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { cql } from '../engines/cql/index.ts';
import type { RunningEngine } from '../engines/engine.ts';
import { startSecuredKafka, type SecuredKafka } from '../engines/kafka/testing.ts';
import { versitygw } from '../engines/s3/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { sql } from '../engines/sql/index.ts';
import { readAccess } from '../platform/access.ts';
import { silentProgress } from '../process/progress.ts';
import { startCommand, type RunningCommand } from '../test/start-command.ts';
import { signIn, type N8nClient } from './client.ts';

const until = untilWithin(240_000);

/**
 * A whole platform with n8n that reaches every engine over TLS, each with an authority of its own, and Kafka signed in.
 */
const [s3Server = versitygw] = testedServers;
let folder: string;
let data: string;
let kafka: SecuredKafka;
let cassandra: RunningEngine;
let objects: RunningEngine;
let postgres: RunningEngine;
let platform: RunningCommand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-over-tls-'));
  // PostgreSQL, which is not run as root, has to get in.
  await chmod(folder, 0o755);
  data = join(folder, 'data');
  kafka = await startSecuredKafka();
  const at = (name: string) => ({
    folder: join(folder, name),
    tls: kafka.certificates.server,
    progress: silentProgress,
  });
  [cassandra, objects, postgres] = await Promise.all([
    cql.start(at('cql')),
    s3Server.start(at('s3')),
    sql.start(at('sql')),
  ]);
  platform = await start(['--n8n-port', '0', '--data', data]);
  await platform.untilSaid('Ready.');
}, 600_000);
afterAll(async () => {
  await platform?.stop();
  for (const engine of [kafka, cassandra, objects, postgres]) await engine?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const start = (
  flags: readonly string[],
  environment: Record<string, string> = {},
  log = 'platform.log',
): Promise<RunningCommand> =>
  startCommand({
    file: 'local/main.ts',
    args: ['--port', '0', '--kafka', kafka.secured, '--cql', cassandra.url, '--cql-tls', ...flags],
    environment: { ...kafkaSettings(), ...otherSettings(), ...environment },
    log: join(folder, log),
  });
const kafkaSettings = (): Record<string, string> => ({
  KAFKA_TLS: 'true',
  KAFKA_TLS_CA: kafka.certificates.server.authority,
  KAFKA_SASL: 'scram-sha-512',
  KAFKA_USERNAME: kafka.user.username,
  KAFKA_PASSWORD: kafka.user.password,
});
const otherSettings = (): Record<string, string> => ({
  CQL_TLS_CA: kafka.certificates.server.authority,
  CQL_USERNAME: cassandra.credentials?.username ?? '',
  CQL_PASSWORD: cassandra.credentials?.password ?? '',
  S3_URL: objects.url,
  S3_TLS_CA: kafka.certificates.server.authority,
  DATABASE_URL: databaseUrl(),
});
/** Over the network, where TLS is; the engine's own URL prefers its socket. */
const databaseUrl = (): string => {
  const url = new URL(postgres.url);
  url.search = String(
    new URLSearchParams({ sslmode: 'verify-full', sslrootcert: kafka.certificates.server.authority }),
  );
  return url.href;
};

test('an order goes through services, n8n’s trigger and the demo, and is confirmed', async () => {
  const log = join(folder, 'demo.log');
  const demo = await startCommand({ file: 'local/demo.ts', args: ['--data', data], environment: kafkaSettings(), log });
  expect([await demo.ended, await demo.printed()]).toEqual([
    'exit code 0',
    expect.stringMatching(/order\.confirmed[\s\S]*confirmed in \d+ ms/),
  ]);
}, 120_000);

test('every session at the database is encrypted, n8n’s too', async () => {
  const observer = new pg.Client({ connectionString: databaseUrl() });
  await observer.connect();
  const { rows } = await observer.query<{ database: string; ssl: boolean }>(
    `SELECT DISTINCT datname AS database, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY 1, 2`,
  );
  await observer.end();
  expect(rows).toEqual([
    { database: 'fusioncommerce', ssl: true },
    { database: 'n8n', ssl: true },
  ]);
});

test('key-value state is in Cassandra, and objects go to the bucket', async () => {
  const cluster = await openCqlCluster({
    contactPoints: [cassandra.url],
    credentials: cassandra.credentials,
    tls: { ca: kafka.certificates.trusted.certificate },
  });
  const balances = 'SELECT key FROM fusioncommerce_wallet.key_value LIMIT 1';
  await until(async () => (await cluster.client.execute(balances)).rowLength > 0);
  await cluster.close();
  const { origin, pathname } = new URL(objects.url);
  expect(await platform.printed()).toMatch(new RegExp(`Objects +${origin}${pathname}`));
}, 60_000);

test('Kafka’s password and the bucket’s secret key are neither kept beside the keys nor printed', async () => {
  const [kept, printed] = [await readFile(join(data, 'access.json'), 'utf8'), await platform.printed()];
  const { password: secretKey } = new URL(objects.url);
  for (const secret of [kafka.user.password, secretKey]) {
    expect(kept).not.toContain(secret);
    expect(printed).not.toContain(secret);
  }
});

describe('n8n’s own test of the credential', () => {
  // Once: n8n counts how often somebody signs in.
  let editor: N8nClient;
  beforeAll(async () => {
    const { n8nUrl = '', n8n } = await readAccess(data);
    editor = await signIn(n8nUrl, n8n);
  });
  const tested = (type: string, credential: object): Promise<{ status: string; message: string }> =>
    editor.post('/credentials/test', { credentials: { id: '', name: type, type, data: credential } });

  const trusting = () => ({ rejectUnauthorized: true, ca: kafka.certificates.trusted.certificate });
  const tls = () => ({ ssl: true, ...trusting() });
  const CREDENTIALS: [type: string, credential: () => object, ok: RegExp][] = [
    [
      'fusionCommerceKafka',
      () => ({ brokers: kafka.secured, clientId: 'n8n', saslMechanism: 'scram-sha-512', ...kafka.user, ...tls() }),
      /^Kafka answers with 1 broker$/,
    ],
    ['scyllaDb', () => ({ contactPoints: cassandra.url, ...cassandra.credentials, ...tls() }), /^Connected to /],
    [
      'yugabyteDb',
      () => {
        const { hostname: host, port, username: user, password } = new URL(postgres.url);
        return { host, port: Number(port), user, password, database: 'fusioncommerce', ...tls() };
      },
      /^Connected to fusioncommerce/,
    ],
    [
      'minIo',
      () => {
        const { origin: endpoint, username: accessKey, password: secretKey } = new URL(objects.url);
        return { endpoint, accessKey, secretKey, region: 'us-east-1', pathStyle: true, ...trusting() };
      },
      /^Connected; the key sees \d+ bucket/,
    ],
  ];

  test.each(CREDENTIALS)(
    '%s: is passed, and an authority that did not sign is refused in words',
    async (type, credential, ok) => {
      expect(await tested(type, credential())).toEqual({ status: 'OK', message: expect.stringMatching(ok) as string });
      const strange = { ...credential(), ca: kafka.certificates.stranger.certificate };
      expect(await tested(type, strange)).toEqual({
        status: 'Error',
        message: expect.stringMatching(/^The encrypted connection to .* could not be made/) as string,
      });
    },
    30_000,
  );

  test('fusionCommerceKafka: a wrong password is refused in words', async () => {
    const [[type, credential] = ['', () => ({})]] = CREDENTIALS;
    expect(await tested(type, { ...credential(), password: 'wrong' })).toEqual({
      status: 'Error',
      message: expect.stringContaining('refused the user "shop"') as string,
    });
  });
});

test.each<[string, () => Record<string, string>, RegExp]>([
  [
    'a wrong password of Kafka',
    () => ({ KAFKA_PASSWORD: 'wrong' }),
    /does not let the user "shop" sign in by scram-sha/,
  ],
  ['a strange authority of Kafka', () => ({ KAFKA_TLS_CA: stranger() }), /^Kafka .* not trusted/m],
  ['a strange authority of Cassandra', () => ({ CQL_TLS_CA: stranger() }), /^The CQL cluster .* not trusted/m],
  ['a strange authority of the object store', () => ({ S3_TLS_CA: stranger() }), /^--s3: No trusted connection/m],
])(
  'npm start with %s ends in words and without a stack',
  async (_what, changed, words) => {
    await writeFile(stranger(), kafka.certificates.stranger.certificate);
    const other = await start(['--without-n8n', '--data', join(folder, 'other')], changed(), 'other.log');
    expect(await other.ended).toMatch(/^exit code [12]$/);
    const printed = await other.printed();
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
  },
  120_000,
);
const stranger = (): string => join(folder, 'stranger.pem');
