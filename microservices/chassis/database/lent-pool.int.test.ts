import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { openDatabase, type Database } from './index.ts';
import { createLending, type Lending } from './lending.ts';
import { refuseSmallServer } from './server-limit.ts';

let own: TestDatabase;
const opened: Database[] = [];
beforeAll(async () => {
  own = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});
afterAll(() => own.drop());

const open = (lending: Lending, max = 1, most = 3): Database => {
  const database = openDatabase({ url: own.url, schema: 'public', max, borrowing: { most, lending } });
  opened.push(database);
  return database;
};

/** Transactions that hold a connection each until `finish`. */
const hold = (database: Database, times: number) => {
  const finish = Promise.withResolvers<void>();
  let begun = 0;
  const all = Array.from({ length: times }, () =>
    database.transaction(async (tx) => {
      await tx.one('SELECT 1');
      begun += 1;
      await finish.promise;
    }),
  );
  return {
    begun: () => begun,
    finish: async () => {
      finish.resolve();
      await Promise.all(all);
    },
  };
};

test('a busy service borrows up to its most, and leaves the others their own', async () => {
  const lending = createLending(5);
  const [busy, other] = [open(lending), open(lending)];
  const held = hold(busy, 6);
  await until(() => held.begun() === 3);
  expect(busy.pool.totalCount).toBe(3);
  const heldToo = hold(other, 6);
  await until(() => heldToo.begun() === 3);
  await Promise.all([held.finish(), heldToo.finish()]);
  expect([held.begun(), heldToo.begun()]).toEqual([6, 6]);
});

test('with all lent, a service whose neighbours wait for locks still has a connection of its own', async () => {
  const lending = createLending(2);
  const [waiting, other] = [open(lending), open(lending)];
  const held = hold(waiting, 10);
  await until(() => held.begun() === 3);
  expect(await other.one('SELECT 1 AS n')).toEqual({ n: 1 });
  expect(other.pool.totalCount).toBe(1);
  await held.finish();
});

test('what is given back goes to who waits for it', async () => {
  const lending = createLending(1);
  const [first, second] = [open(lending, 1, 2), open(lending, 1, 2)];
  const held = hold(first, 2);
  await until(() => held.begun() === 2);
  const heldToo = hold(second, 2);
  await until(() => heldToo.begun() === 1 && second.pool.waitingCount === 1);
  await held.finish();
  // A connection that ends, here by force instead of after idling.
  (await first.pool.connect()).release(true);
  await until(() => heldToo.begun() === 2);
  expect([first.pool.options.max, second.pool.options.max]).toEqual([1, 2]);
  await heldToo.finish();
});

test('connections that cannot be opened are given back', async () => {
  const lending = createLending(1);
  const nowhere = openDatabase({
    url: 'postgres://nobody@127.0.0.1:1/none',
    schema: 'public',
    max: 1,
    borrowing: { most: 2, lending },
  });
  const tries = await Promise.allSettled([nowhere.one('SELECT 1'), nowhere.one('SELECT 1')]);
  expect(tries.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await nowhere.close();
  const held = hold(open(lending, 1, 2), 2);
  await until(() => held.begun() === 2);
  await held.finish();
});

test('a transaction that asks for a second connection fails at once, rather than wait for one while it holds one', async () => {
  const database = open(createLending(0), 1, 1);
  const asking = database.transaction(async (tx) => {
    await tx.one('SELECT 1');
    await database.one('SELECT 1');
  });
  await expect(asking).rejects.toThrow(/asked for a second connection/);
  expect(await database.one('SELECT 1 AS n')).toEqual({ n: 1 });
});

test('a server that allows fewer connections than planned is refused, with what to change', async () => {
  const database = open(createLending(0));
  const plan = { total: 100_000, own: 2, perService: 2, lent: 0, mostPerService: 10 };
  await expect(refuseSmallServer(database, own.url, plan)).rejects.toThrow(
    /allows \d+ connections .* may open 100000, up to 10 for a service\. Raise max_connections .*--connections/,
  );
  await refuseSmallServer(database, own.url, { ...plan, total: 5 });
});
