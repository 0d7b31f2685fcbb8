import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { openCqlCluster, type CqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import {
  dropKeyspace,
  newKeyspace,
  openCqlKeyValue,
  testCqlAddress,
} from '../../../microservices/ports/key-value/testing/cql.ts';
import { CqlStartError } from '../../../microservices/ports/key-value/cql/failures.ts';
import { ensureKeyspace } from '../../../microservices/ports/key-value/cql/keyspace.ts';
import { migrateKeyspace, readCqlMigrations } from '../../../microservices/ports/key-value/cql/migrate.ts';
import { borrowCassandra, CASSANDRA_PATIENCE_MS } from './testing.ts';

const migrations = new URL('../../../microservices/ports/key-value/cql/migrations/', import.meta.url);

let giveBack: () => Promise<void>;
let cluster: CqlCluster;
const made: string[] = [];
const keyspaceOfMine = (): string => {
  const name = newKeyspace();
  made.push(name);
  return name;
};

beforeAll(async () => {
  giveBack = await borrowCassandra();
  cluster = await openCqlCluster(testCqlAddress());
}, CASSANDRA_PATIENCE_MS);
afterAll(async () => {
  for (const name of made) await dropKeyspace(cluster, name);
  await cluster.close();
  await giveBack();
});

const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CqlStartError);
  return (error as Error).message;
};

/** A server remembers for a while what somebody was not allowed. */
const onceAllowed = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!/no \w+ permission/.test(String(error))) throw error;
      await sleep(200);
    }
  }
};

describe('connecting', () => {
  test('finds the data centre by itself', () => {
    expect(cluster.dataCentre).not.toBe('');
    expect(cluster.nodes).toBeGreaterThan(0);
  });

  test('nobody at the contact points: says where it asked', async () => {
    const words = await refusal(openCqlCluster({ contactPoints: ['127.0.0.1:1'] }));
    expect(words).toMatch(/^No CQL node answered at 127\.0\.0\.1:1 \(.*ECONNREFUSED.*\)\. Check the addresses/);
  });

  test('a server that takes the connection and says nothing: gives up by itself', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await refusal(openCqlCluster({ contactPoints: [`127.0.0.1:${port}`] }))).toMatch(/^No CQL node answered at/);
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => silent.close(resolve));
  });

  test('TLS to a server without it: points at TLS', async () => {
    const { contactPoints, credentials } = testCqlAddress();
    expect(await refusal(openCqlCluster({ contactPoints, credentials, tls: {} }))).toMatch(/whether it speaks TLS/);
  });

  test('one dead contact point among living ones does no harm', async () => {
    const address = testCqlAddress();
    const other = await openCqlCluster({ ...address, contactPoints: ['127.0.0.1:1', ...address.contactPoints] });
    expect(other.dataCentre).toBe(cluster.dataCentre);
    await other.close();
  });

  test('a wrong data centre: names those there are', async () => {
    expect(await refusal(openCqlCluster({ ...testCqlAddress(), dataCentre: 'mars' }))).toBe(
      `The CQL cluster has no data centre "mars"; it has ${cluster.dataCentre}. Names are exact, also in their letter case.`,
    );
  });
});

// A cluster that TEST_CQL names without a sign-in lets everybody in.
const signedIn = /^[^@]+$/.test(process.env['TEST_CQL'] ?? '') ? describe.skip : describe;

signedIn('signing in', () => {
  const guest = { username: `guest_${randomBytes(6).toString('hex')}`, password: 'guest' };
  beforeAll(async () => {
    await cluster.client.execute(
      `CREATE ROLE ${guest.username} WITH PASSWORD = '${guest.password}' AND LOGIN = true`,
      [],
      { prepare: false },
    );
  });
  afterAll(async () => {
    await cluster.client.execute(`DROP ROLE ${guest.username}`, [], { prepare: false });
  });

  test('a wrong password: names the user, not the password', async () => {
    const { contactPoints } = testCqlAddress();
    const credentials = { username: guest.username, password: 'open sesame' };
    const words = await refusal(openCqlCluster({ contactPoints, credentials }));
    expect(words).toContain(`refused the user "${guest.username}": name or password is wrong`);
    expect(words).not.toContain('sesame');
  });

  test('no user where one is asked for', async () => {
    const { contactPoints } = testCqlAddress();
    expect(await refusal(openCqlCluster({ contactPoints }))).toMatch(/wants a user name and password/);
  });

  test('a user who may not create the keyspace gets the statement for an administrator, and can work once it is run', async () => {
    const { contactPoints } = testCqlAddress();
    const keyspace = keyspaceOfMine();
    const asGuest = await openCqlCluster({ contactPoints, credentials: guest });
    try {
      const words = await refusal(openCqlKeyValue(asGuest, { keyspace }));
      expect(words).toContain(`The keyspace ${keyspace} does not exist, and this user may not create it`);
      const [statement = ''] = /CREATE KEYSPACE [^;]+/.exec(words) ?? [];
      await cluster.client.execute(statement, [], { prepare: false });
      expect(await refusal(openCqlKeyValue(asGuest, { keyspace }))).toMatch(/GRANT CREATE, SELECT, MODIFY ON KEYSPACE/);
      for (const right of ['CREATE', 'SELECT', 'MODIFY'])
        await cluster.client.execute(`GRANT ${right} ON KEYSPACE ${keyspace} TO ${guest.username}`, [], {
          prepare: false,
        });
      const store = await onceAllowed(() => openCqlKeyValue(asGuest, { keyspace }));
      await onceAllowed(() => store.put('space', 'key', 'value'));
      expect((await store.get('space', 'key'))?.value).toBe('value');
    } finally {
      await asGuest.close();
    }
  });
});

describe('the keyspace', () => {
  test('is made with so many copies in the data centre, and stays as it is when it is there', async () => {
    const keyspace = keyspaceOfMine();
    await openCqlKeyValue(cluster, { keyspace, replicationFactor: 1 });
    await openCqlKeyValue(cluster, { keyspace, replicationFactor: 3 });
    const [row] = (
      await cluster.client.execute('SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?', [
        keyspace,
      ])
    ).rows;
    expect(row?.['replication']).toEqual({
      class: 'org.apache.cassandra.locator.NetworkTopologyStrategy',
      [cluster.dataCentre]: '1',
    });
  });

  test.each(['', 'Upper', '1st', 'drop; --', 'a'.repeat(49)])('"%s" is no name for one', async (keyspace) => {
    await expect(openCqlKeyValue(cluster, { keyspace })).rejects.toThrow(RangeError);
  });
});

describe('migrations', () => {
  const others: CqlCluster[] = [];
  afterAll(() => Promise.all(others.map((each) => each.close())));

  const applied = async (keyspace: string): Promise<string[]> =>
    (await cluster.client.execute(`SELECT name FROM ${keyspace}.migration_step`)).rows
      .map((row) => String(row['name']))
      .toSorted();

  const five = async (): Promise<CqlCluster[]> => {
    while (others.length < 4) others.push(await openCqlCluster(testCqlAddress()));
    return [cluster, ...others];
  };

  test('five that start at once make the tables once, and all can write', async () => {
    const keyspace = keyspaceOfMine();
    const stores = await Promise.all((await five()).map((each) => openCqlKeyValue(each, { keyspace })));
    for (const store of stores) await store.increment('space', 'starts');
    expect(await stores[0]?.count('space', 'starts')).toBe(5);
    const steps = await readCqlMigrations(migrations);
    expect(await applied(keyspace)).toEqual(steps.map(({ name }) => name).toSorted());
    expect((await cluster.client.execute(`SELECT * FROM ${keyspace}.migration_lease`)).rowLength).toBe(0);
  });

  // Cassandra tells of a table before it can be used: one of two rounds failed for that.
  test('five that start shortly after each other, five times', async () => {
    for (let round = 0; round < 5; round += 1) {
      const keyspace = keyspaceOfMine();
      const open = async (each: CqlCluster, index: number): Promise<void> => {
        await sleep(index * Math.random() * 150);
        await openCqlKeyValue(each, { keyspace });
      };
      await Promise.all((await five()).map(open));
    }
  });

  test('a step that ran and was not recorded runs again without harm', async () => {
    const keyspace = keyspaceOfMine();
    const store = await openCqlKeyValue(cluster, { keyspace });
    await store.put('space', 'key', 'kept');
    const before = await applied(keyspace);
    await cluster.client.execute(`TRUNCATE ${keyspace}.migration_step`);
    const again = await openCqlKeyValue(cluster, { keyspace });
    expect((await again.get('space', 'key'))?.value).toBe('kept');
    expect(await applied(keyspace)).toEqual(before);
  });

  test('values from before the last migration are read, set by their version and deleted', async () => {
    const keyspace = keyspaceOfMine();
    await ensureKeyspace(cluster, keyspace, 1);
    const steps = await readCqlMigrations(migrations);
    await migrateKeyspace(
      cluster.client,
      keyspace,
      steps.filter(({ name }) => name.startsWith('001')),
    );
    const put = `UPDATE ${keyspace}.key_value SET value = '"old"', version = ? WHERE space = 'space' AND key = ?`;
    for (const key of ['set', 'put', 'deleted'])
      await cluster.client.execute(`${put} IF version = null`, [1_700_000_000_000_000n, key]);
    const store = await openCqlKeyValue(cluster, { keyspace });
    const { value, version = 0 } = (await store.get('space', 'set')) ?? {};
    expect([value, version]).toEqual(['old', 1_700_000_000_000_000]);
    expect(await store.compareAndSet('space', 'set', version, 'new')).toBeGreaterThan(version);
    expect(await store.put('space', 'put', 'new')).toBeGreaterThan(version);
    await store.delete('space', 'deleted');
    expect(await store.get('space', 'deleted')).toBeUndefined();
    expect(await store.compareAndSet('space', 'deleted', 0, 'new')).toBeGreaterThan(version);
  });

  test('a step that fails is named, the ones before it stay, and nobody is locked out', async () => {
    const keyspace = keyspaceOfMine();
    await openCqlKeyValue(cluster, { keyspace });
    const steps = [
      { name: 'later.cql#1', statement: 'CREATE TABLE IF NOT EXISTS later (a text PRIMARY KEY)' },
      { name: 'later.cql#2', statement: 'CREATE TABLE IF NOT EXISTS wrong (a nonsense PRIMARY KEY)' },
    ];
    await expect(migrateKeyspace(cluster.client, keyspace, steps)).rejects.toThrow(
      new RegExp(`keyspace ${keyspace} could not be prepared \\(migration later.cql#2\\): .*nonsense`),
    );
    expect(await applied(keyspace)).toContain('later.cql#1');
    await migrateKeyspace(cluster.client, keyspace, steps.slice(0, 1));
    await migrateKeyspace(cluster.client, keyspace, [{ name: 'later.cql#3', statement: 'DROP TABLE IF EXISTS later' }]);
    expect(await applied(keyspace)).toContain('later.cql#3');
  });
});
