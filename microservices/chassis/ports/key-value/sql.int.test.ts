import { randomUUID } from 'node:crypto';
import { createTestDatabase, openChassisDatabase } from '../../testing/database.ts';
import { describeKeyValuePort } from './port-contract.ts';
import { openSqlKeyValue, purgeExpired } from './sql.ts';

describeKeyValuePort('SQL', async () => {
  const test = await createTestDatabase();
  return { store: openSqlKeyValue(await openChassisDatabase(test)), close: () => test.drop() };
});

describe('purgeExpired', () => {
  const opening = (async () => {
    const test = await createTestDatabase();
    const database = await openChassisDatabase(test);
    return { test, database, store: openSqlKeyValue(database) };
  })();
  afterAll(async () => (await opening).test.drop());

  test('deletes what ran out, bounded, and nothing else', async () => {
    const { database, store } = await opening;
    for (let i = 0; i < 5; i += 1) await store.put('short', randomUUID(), i, { ttlSeconds: 600 });
    await store.put('long', 'later', 1, { ttlSeconds: 600 });
    await store.put('long', 'for ever', 2);
    await database.run(
      `UPDATE key_value SET expires_at = clock_timestamp() - interval '1 second' WHERE space = 'short'`,
    );

    expect(await purgeExpired(database, 3)).toBe(true);
    expect(await purgeExpired(database, 3)).toBe(false);
    expect(await database.rows('SELECT key FROM key_value ORDER BY key')).toEqual([
      { key: 'for ever' },
      { key: 'later' },
    ]);
  });
});
