import { randomUUID } from 'node:crypto';
import type { Database } from '../../chassis/database/index.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from '../../chassis/testing/database.ts';
import { BEHIND_MS } from './port-contract/bench.ts';
import { describeKeyValuePort } from './port-contract.ts';
import { openSqlKeyValue, purgeExpired } from './sql.ts';

describeKeyValuePort('SQL', async () => {
  const test = await createTestDatabase();
  const database = await openChassisDatabase(test);
  return {
    store: openSqlKeyValue(database),
    behind: openSqlKeyValue(await openWithOldClock(test, database)),
    close: () => test.drop(),
  };
});

/** The same tables through connections to which the server's clock is behind, as another server's may be. */
const openWithOldClock = async (test: TestDatabase, database: Database): Promise<Database> => {
  await database.run('CREATE SCHEMA behind');
  await database.run(
    `CREATE FUNCTION behind.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
     $$ SELECT pg_catalog.clock_timestamp() - interval '${BEHIND_MS} milliseconds' $$`,
  );
  // Named in the path, pg_catalog no longer comes before all others.
  return test.open('behind,pg_catalog,widgets');
};

describe('purgeExpired', () => {
  const opening = (async () => {
    const test = await createTestDatabase();
    const database = await openChassisDatabase(test);
    return { test, database, store: openSqlKeyValue(database) };
  })();
  afterAll(async () => (await opening).test.drop());

  test('forgets what ran out or was deleted an hour ago, bounded, and nothing else', async () => {
    const { database, store } = await opening;
    for (let i = 0; i < 4; i += 1) await store.put('short', randomUUID(), i, { ttlSeconds: 600 });
    await store.put('long', 'later', 1, { ttlSeconds: 600 });
    await store.put('long', 'for ever', 2);
    for (const [key, ago] of Object.entries({ lately: '59 minutes', deleted: '61 minutes' })) {
      await store.put('long', key, 3);
      await store.delete('long', key);
      await database.run('UPDATE key_value SET expires_at = clock_timestamp() - $2::interval WHERE key = $1', [
        key,
        ago,
      ]);
    }
    await database.run(
      `UPDATE key_value SET expires_at = clock_timestamp() - interval '61 minutes' WHERE space = 'short'`,
    );

    expect(await purgeExpired(database, 3)).toBe(true);
    expect(await purgeExpired(database, 3)).toBe(false);
    expect(await database.rows('SELECT key FROM key_value ORDER BY key')).toEqual([
      { key: 'for ever' },
      { key: 'lately' },
      { key: 'later' },
    ]);
  });
});
