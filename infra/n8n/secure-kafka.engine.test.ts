import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSecuredKafka, type SecuredKafka } from '../engines/kafka/testing.ts';
import { readAccess } from '../local/access.ts';
import { startCommand, type RunningCommand } from '../test/start-command.ts';
import { signIn, type N8nClient } from './client.ts';

let folder: string;
let data: string;
let broker: SecuredKafka;
let platform: RunningCommand;

const start = (
  flags: readonly string[],
  environment: Record<string, string> = {},
  log = 'platform.log',
): Promise<RunningCommand> =>
  startCommand({
    file: 'main.ts',
    args: [
      ...['--port', '0', '--kafka', broker.secured, '--kafka-tls'],
      ...['--kafka-sasl', 'scram-sha-512', '--kafka-username', broker.user.username, ...flags],
    ],
    environment: { ...secrets(), ...environment },
    log: join(folder, log),
  });
const secrets = (): Record<string, string> => ({
  KAFKA_TLS_CA: broker.certificates.server.authority,
  KAFKA_PASSWORD: broker.user.password,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-secure-'));
  // PostgreSQL, which is not run as root, has to get in.
  await chmod(folder, 0o755);
  data = join(folder, 'data');
  broker = await startSecuredKafka();
  platform = await start(['--n8n-port', '0', '--data', data]);
  await platform.untilSaid('Ready.');
}, 600_000);
afterAll(async () => {
  await platform?.stop();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const demo = (environment: Record<string, string>): Promise<RunningCommand> =>
  startCommand({ file: 'demo.ts', args: ['--data', data], environment, log: join(folder, 'demo.log') });

test('an order goes through services, n8n’s trigger and the demo over SASL_SSL, and is confirmed', async () => {
  const { username } = broker.user;
  const driven = await demo({
    ...{ KAFKA_TLS: 'true', KAFKA_SASL: 'scram-sha-256', KAFKA_USERNAME: username },
    ...secrets(),
  });
  expect([await driven.ended, await driven.said()]).toEqual([
    'exit code 0',
    expect.stringMatching(/order\.confirmed[\s\S]*confirmed in \d+ ms/),
  ]);
}, 120_000);

test('the password is neither kept beside the keys nor printed', async () => {
  expect(await readFile(join(data, 'access.json'), 'utf8')).not.toContain(broker.user.password);
  expect(await platform.said()).not.toContain(broker.user.password);
});

describe('n8n’s own test of the credential', () => {
  // Once: n8n counts how often somebody signs in.
  let editor: N8nClient;
  beforeAll(async () => {
    const { n8nUrl = '', n8n } = await readAccess(data);
    editor = await signIn(n8nUrl, n8n);
  });
  const tested = (changed: Record<string, unknown> = {}): Promise<{ status: string; message: string }> => {
    const type = 'fusionCommerceKafka';
    const credential = {
      brokers: broker.secured,
      clientId: 'n8n',
      ssl: true,
      rejectUnauthorized: true,
      ca: broker.certificates.trusted.certificate,
      saslMechanism: 'scram-sha-512',
      ...broker.user,
      ...changed,
    };
    return editor.post('/credentials/test', { credentials: { id: '', name: type, type, data: credential } });
  };

  test('signs in', async () => {
    expect(await tested()).toEqual({ status: 'OK', message: 'Kafka answers with 1 broker' });
  });

  test('refuses a wrong password and an authority that did not sign, in words', async () => {
    const words = (text: string) => ({ status: 'Error', message: expect.stringContaining(text) as string });
    expect(await tested({ password: 'wrong' })).toEqual(words('refused the user "shop"'));
    const ca = broker.certificates.stranger.certificate;
    expect(await tested({ ca })).toEqual(words('The encrypted connection to Kafka'));
  });
});

test.each<[string, () => Record<string, string>, RegExp]>([
  ['a wrong password', () => ({ KAFKA_PASSWORD: 'wrong' }), /does not let the user "shop" sign in by scram-sha-512/],
  [
    'a strange authority',
    () => ({ KAFKA_TLS_CA: join(folder, 'stranger.pem') }),
    /shows a certificate that is not trusted/,
  ],
])(
  'npm start with %s ends in words and without a stack',
  async (_what, changed, words) => {
    await writeFile(join(folder, 'stranger.pem'), broker.certificates.stranger.certificate);
    const other = await start(['--without-n8n', '--data', join(folder, 'other')], changed(), 'other.log');
    expect(await other.ended).toBe('exit code 1');
    const said = await other.said();
    expect(said).toMatch(words);
    expect(said).not.toContain('    at ');
  },
  120_000,
);
