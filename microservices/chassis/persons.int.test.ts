import { endPersons, lockPerson } from './persons.ts';
import { apartFromTransaction } from './database/holding.ts';
import type { Database, Queryable } from './database/index.ts';
import { until } from './testing/until.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = own.open('public');
  await database.run('CREATE TABLE person (customer_id text PRIMARY KEY, ended_at timestamptz)');
});
afterAll(() => own.drop());

const lock = (customerId: string): Promise<boolean> => database.transaction((tx) => lockPerson(tx, customerId));
const placeOf = (customerId: string): Promise<unknown> =>
  database.one('SELECT ctid::text AS place FROM person WHERE customer_id = $1', [customerId]);

test('a lock writes a row the first time only', async () => {
  expect(await lock('cus_1')).toBe(true);
  const place = await placeOf('cus_1');
  expect(await lock('cus_1')).toBe(true);
  expect(await placeOf('cus_1')).toEqual(place);
});

test('nobody can write about a person who has ended', async () => {
  await lock('cus_2');
  await database.transaction((tx) => endPersons(tx, ['cus_2', 'cus_3'], new Date()));
  expect([await lock('cus_2'), await lock('cus_3')]).toEqual([false, false]);
});

describe.each([
  ['a person who is known', true],
  ['a person who is new', false],
])('%s', (_who, isKnown) => {
  const name = `cus_${isKnown ? 'known' : 'new'}`;
  beforeEach(async () => {
    await database.run('DELETE FROM person WHERE customer_id LIKE $1', [`${name}%`]);
    if (isKnown) for (const index of [0, 1]) await lock(`${name}_${index}`);
  });

  test('is locked by one at a time', async () => {
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 20 }, () =>
        database.transaction(async (tx) => {
          await lockPerson(tx, `${name}_0`);
          inside += 1;
          await tx.rows('SELECT 1');
          const together = inside;
          inside -= 1;
          return together;
        }),
      ),
    );
    expect(Math.max(...most)).toBe(1);
  });

  test('who ends while somebody waits for the lock has ended for who waited', async () => {
    let waiting: Promise<boolean> | undefined;
    await database.transaction(async (tx) => {
      await endPersons(tx, [`${name}_1`], new Date());
      waiting = apartFromTransaction(() => lock(`${name}_1`));
      await untilOneWaits(tx);
    });
    expect(await waiting).toBe(false);
  });
});

const untilOneWaits = async (tx: Queryable): Promise<void> => {
  const waits = () =>
    tx.rows(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  await until('a transaction waits for the lock', waits, ({ length }) => length > 0);
};
