import { describe, expect, test } from '@jest/globals';
import { readCqlConnection } from './key-value.ts';
import { readOptions, WrongSetting, type Options } from './options.ts';

const optionsFrom = (argv: string[], environment: Record<string, string> = {}): Options => {
  const options = readOptions(argv, environment);
  if (options === 'help') throw new Error('these arguments do not ask for help');
  return options;
};

describe('where key-value state goes', () => {
  test('into SQL unless given', async () => {
    expect(await readCqlConnection(optionsFrom([]), {})).toBeUndefined();
  });

  test('to the cluster of the flags', async () => {
    const options = optionsFrom([
      ...['--cql', 'scylla-1:9042,scylla-2', '--cql-keyspace', 'shop', '--cql-data-centre', 'fra'],
      ...['--cql-replication-factor', '2', '--cql-username', 'shop'],
    ]);
    expect(await readCqlConnection(options, { CQL_PASSWORD: 'secret' })).toEqual({
      contactPoints: ['scylla-1:9042', 'scylla-2'],
      credentials: { username: 'shop', password: 'secret' },
      dataCentre: 'fra',
      keyspace: 'shop',
      replicationFactor: 2,
    });
  });

  test('to the cluster of the environment, signed in by its address', async () => {
    const environment: Record<string, string> = { CQL_CONTACT_POINTS: 'shop:s%2Cecret@scylla-1', CQL_TLS: 'true' };
    expect(await readCqlConnection(optionsFrom([], environment), environment)).toEqual({
      contactPoints: ['scylla-1'],
      credentials: { username: 'shop', password: 's,ecret' },
      dataCentre: undefined,
      keyspace: 'fusioncommerce',
      replicationFactor: undefined,
      tls: { ca: undefined },
    });
  });

  test('a user without a password is refused, as is an authority that cannot be read', async () => {
    await expect(readCqlConnection(optionsFrom(['--cql', 'a', '--cql-username', 'shop']), {})).rejects.toThrow(
      'The CQL user "shop" has no password: put it into the environment variable CQL_PASSWORD.',
    );
    await expect(
      readCqlConnection(optionsFrom(['--cql', 'a', '--cql-tls']), { CQL_TLS_CA: '/nowhere/ca.pem' }),
    ).rejects.toThrow(/CQL_TLS_CA names "\/nowhere\/ca\.pem", which cannot be read \(ENOENT\)/);
  });

  test.each([
    [['--cql', 'http://scylla:9042'], /--cql holds something else; it should be addresses like/],
    [['--cql-keyspace', 'Shop'], /--cql-keyspace holds "Shop"; it should be up to 30 lowercase letters/],
    [['--cql-replication-factor', '0'], /should be a number from 1 to 9/],
  ])('%j is refused with the reason', (argv, words) => {
    expect(() => readOptions(argv, {})).toThrow(WrongSetting);
    expect(() => readOptions(argv, {})).toThrow(words);
  });
});
