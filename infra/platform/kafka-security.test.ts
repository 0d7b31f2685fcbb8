import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readKafkaSecurity, type KafkaSecurity } from './kafka-security.ts';
import { readOptions, WrongSetting } from './options.ts';

const read = (argv: string[], environment: Record<string, string> = {}): Promise<KafkaSecurity> => {
  const options = readOptions(argv, environment);
  if (options === 'help') throw new Error('help was not asked for');
  return readKafkaSecurity(options, environment);
};

test('without settings the broker is open', async () => {
  expect(await read([])).toEqual({});
  expect(await read(['--kafka', 'a:9092'])).toEqual({});
});

test('flags say how to sign in, the environment with which password', async () => {
  const argv = ['--kafka', 'a:9093', '--kafka-tls', '--kafka-sasl', 'scram-sha-512', '--kafka-username', 'shop'];
  expect(await read(argv, { KAFKA_PASSWORD: 'secret' })).toEqual({
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'shop', password: 'secret' },
  });
});

test('the environment alone says all of it, an authority of one’s own included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-authority-'));
  const file = join(folder, 'ca.pem');
  const authority = '-----BEGIN CERTIFICATE-----\nof one’s own\n-----END CERTIFICATE-----\n';
  await writeFile(file, authority);
  const environment = { KAFKA_BROKERS: 'a:9093', KAFKA_TLS: 'true', KAFKA_TLS_CA: file, KAFKA_SASL: 'plain' };
  expect(await read([], { ...environment, KAFKA_USERNAME: 'shop', KAFKA_PASSWORD: 'secret' })).toEqual({
    ssl: { ca: authority },
    sasl: { mechanism: 'plain', username: 'shop', password: 'secret' },
  });
  await rm(folder, { recursive: true });
});

test.each<[string[], Record<string, string>, RegExp]>([
  [['--kafka-tls'], {}, /--kafka-tls is for a Kafka of your own, and none is named/],
  [['--kafka-sasl', 'plain'], {}, /--kafka-sasl is for a Kafka of your own/],
  [['--kafka', 'a:1', '--kafka-sasl', 'plain'], {}, /nobody is named: name the user with --kafka-username/],
  [
    ['--kafka', 'a:1', '--kafka-sasl', 'plain', '--kafka-username', 'shop'],
    {},
    /"shop" has no password: .*KAFKA_PASSWORD/,
  ],
  [['--kafka', 'a:1', '--kafka-username', 'shop'], {}, /--kafka-username names "shop", but not how to sign in/],
  [
    ['--kafka', 'a:1', '--kafka-tls'],
    { KAFKA_TLS_CA: '/nowhere/ca.pem' },
    /KAFKA_TLS_CA names "\/nowhere\/ca\.pem", which cannot be read \(ENOENT\)/,
  ],
  [
    ['--kafka', 'a:1', '--kafka-tls'],
    { KAFKA_TLS_CA: fileURLToPath(new URL('options.ts', import.meta.url)) },
    /KAFKA_TLS_CA names ".*options\.ts", which holds no certificate in PEM format/,
  ],
])('%j is refused with the reason', async (argv, environment, words) => {
  const failed = await read(argv, environment).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WrongSetting);
  expect((failed as Error).message).toMatch(words);
});

test('a mechanism that is none is refused', async () => {
  expect(() => readOptions(['--kafka-sasl', 'gssapi'], {})).toThrow(
    '--kafka-sasl holds "gssapi"; it should be one of plain, scram-sha-256, scram-sha-512.',
  );
});
