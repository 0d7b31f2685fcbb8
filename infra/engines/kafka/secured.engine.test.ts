import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { catalogContract } from '../../../microservices/catalog/contract.ts';
import { catalog } from '../../../microservices/catalog/index.ts';
import { createClient } from '../../../microservices/chassis/client.ts';
import { topicOf } from '../../../microservices/chassis/contract/index.ts';
import { fromMessage } from '../../../microservices/chassis/events/envelope.ts';
import { createKafka, type KafkaOptions } from '../../../microservices/chassis/kafka/client.ts';
import { KafkaStartError } from '../../../microservices/chassis/kafka/start-error.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { testConnection } from '../../../nodes/Trigger/credential-test.ts';
import { createAccess } from '../../platform/access.ts';
import type { KafkaSecurity } from '../../platform/kafka-security.ts';
import { startPlatform, type RunningPlatform } from '../../platform/start-platform.ts';
import { silentProgress } from '../../process/progress.ts';
import { readTopic } from '../../test/kafka.ts';
import { inventoryAway } from '../../test/inventory-away.ts';
import { freshDatabase } from '../../test/platform.ts';
import { startSecuredKafka, type SecuredKafka } from './testing.ts';

jest.setTimeout(300_000);

let folder: string;
let broker: SecuredKafka;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-secured-platform-'));
  broker = await startSecuredKafka();
});
afterAll(async () => {
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sasl = (changed: Partial<NonNullable<KafkaOptions['sasl']>> = {}): NonNullable<KafkaOptions['sasl']> => ({
  mechanism: 'scram-sha-512',
  ...broker.user,
  ...changed,
});
const ssl = () => ({ ca: broker.certificates.trusted.certificate });

const start = async (kafkaSecurity: KafkaSecurity, at = broker.secured): Promise<RunningPlatform> =>
  startPlatform({
    services: [catalog] as never,
    remote: [inventoryAway],
    host: '127.0.0.1',
    port: 0,
    databaseUrl: await freshDatabase(),
    kafka: [at],
    kafkaSecurity,
    dataFolder: folder,
    access,
    logLevel: 'silent',
    progress: silentProgress,
  });
const access = createAccess();

test('the platform publishes over TLS, signed in', async () => {
  const security = { ssl: ssl(), sasl: sasl() };
  const platform = await start(security);
  const client = createClient(catalogContract, { url: platform.url, credential: access.adminKey });
  const category = await client.createCategory({ title: { en: 'Secured' } });
  await platform.stop();
  const kafka = createKafka({ brokers: [broker.secured], clientId: 'test', log: silentLog, ...security });
  const events = (await readTopic(kafka, topicOf(catalogContract))).map((message) => fromMessage(message));
  expect(events).toContainEqual(expect.objectContaining({ subject: category.id }));
});

test.each<[string, () => KafkaSecurity, RegExp]>([
  [
    'a wrong password',
    () => ({ ssl: ssl(), sasl: sasl({ password: 'wrong' }) }),
    /does not let the user "shop" sign in by scram-sha-512 \(.*\)\. Check --kafka-username, the variable KAFKA_PASSWORD/,
  ],
  [
    'a user nobody knows',
    () => ({ ssl: ssl(), sasl: sasl({ mechanism: 'plain', username: 'nobody' }) }),
    /does not let the user "nobody" sign in by plain/,
  ],
  [
    'an authority that did not sign',
    () => ({ ssl: { ca: broker.certificates.stranger.certificate }, sasl: sasl() }),
    /shows a certificate that is not trusted \(.*\)\. Name the file of the authority that signed it in the variable KAFKA_TLS_CA/,
  ],
  ['no authority', () => ({ ssl: true, sasl: sasl() }), /shows a certificate that is not trusted/],
  ['no TLS', () => ({ sasl: sasl() }), /does not answer as it should \(.*does it want TLS there \(--kafka-tls\)/],
  ['no sign-in', () => ({ ssl: ssl() }), /Does it want a sign-in \(--kafka-sasl\)/],
])('%s stops the start in words', async (_what, security, words) => {
  const failed = await start(security()).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(KafkaStartError);
  expect((failed as Error).message).toMatch(words);
  expect((failed as Error).message).not.toContain(broker.user.password);
});

test('TLS to a port that speaks none stops the start in words', async () => {
  await expect(start({ ssl: ssl() }, broker.open)).rejects.toThrow(/does not answer as it should .*speak TLS there/);
});

const credential = (changed: object = {}) => ({
  brokers: broker.secured,
  clientId: 'test',
  saslMechanism: 'scram-sha-512' as const,
  ...broker.user,
  ssl: true,
  ca: broker.certificates.trusted.certificate,
  ...changed,
});

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('the credential signs in by %s', async (saslMechanism) => {
  expect(await testConnection(credential({ saslMechanism }))).toEqual({
    status: 'OK',
    message: 'Kafka answers with 1 broker',
  });
});

test.each<[string, () => object, RegExp]>([
  ['a wrong password', () => ({ password: 'wrong' }), /refused the user "shop"/],
  [
    'an authority that did not sign',
    () => ({ ca: broker.certificates.stranger.certificate }),
    /encrypted connection .* could not be made/,
  ],
  ['no authority', () => ({ ca: '' }), /encrypted connection .* could not be made/],
  ['no TLS', () => ({ ssl: false }), /cannot be reached .* TLS must be on/],
])('the credential’s test says what is wrong with %s', async (_what, changed, words) => {
  const { status, message } = await testConnection(credential(changed()));
  expect([status, message]).toEqual(['Error', expect.stringMatching(words)]);
});
