import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { apartFromTransaction } from './holding.ts';
import { isUnavailable, sqlState, type Database, type Queryable } from './index.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = own.open('public');
  await database.run('CREATE TABLE account (name text PRIMARY KEY, balance bigint NOT NULL)');
  await database.run(
    `CREATE FUNCTION refuse_always() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`,
  );
  await database.run(`CREATE TABLE line (id serial PRIMARY KEY, note text NOT NULL UNIQUE)`);
});
afterAll(() => own.drop());

const balances = async (): Promise<number[]> =>
  (await database.rows<{ balance: number }>('SELECT balance FROM account ORDER BY name')).map(({ balance }) => balance);

const reset = async (): Promise<void> => {
  await database.run('TRUNCATE account');
  await database.run(`INSERT INTO account VALUES ('a', 100), ('b', 100)`);
};

/** Lets both of two transactions get to a point before either goes on, the first time they come there. */
const meetingPoint = () => {
  let waiting = 0;
  let open: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  return async (attempt: number): Promise<void> => {
    if (attempt > 1) return;
    waiting += 1;
    if (waiting === 2) open();
    await both;
  };
};

describe('a transaction', () => {
  beforeEach(reset);

  test('commits all of its work and returns the result', async () => {
    const answer = await database.transaction(async (tx) => {
      await tx.run(`UPDATE account SET balance = balance - 10 WHERE name = 'a'`);
      await tx.run(`UPDATE account SET balance = balance + 10 WHERE name = 'b'`);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await balances()).toEqual([90, 110]);
  });

  test('undoes all of its work when the work throws, and throws the same error', async () => {
    const fault = new Error('no');
    await expect(
      database.transaction(async (tx) => {
        await tx.run(`UPDATE account SET balance = 0`);
        throw fault;
      }),
    ).rejects.toBe(fault);
    expect(await balances()).toEqual([100, 100]);
  });

  test('does not run again what failed for a reason that stays', async () => {
    let runs = 0;
    const failing = database.transaction(async (tx) => {
      runs += 1;
      await tx.run(`INSERT INTO account VALUES ('a', 1)`);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(runs).toBe(1);
  });

  test('a real serialization failure (40001) runs the whole work again, and both effects are there', async () => {
    const meet = meetingPoint();
    const runs = [0, 0];
    const withdraw = (who: 0 | 1) =>
      database.transaction(async (tx) => {
        runs[who] = (runs[who] ?? 0) + 1;
        await tx.run('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        const { total } = await tx.one<{ total: number }>('SELECT sum(balance)::bigint AS total FROM account');
        await meet(runs[who] ?? 1);
        await tx.run('UPDATE account SET balance = $1 WHERE name = $2', [total, who === 0 ? 'a' : 'b']);
      });
    await Promise.all([withdraw(0), withdraw(1)]);
    // One after the other, whichever came first: 200 and then 200 + 100.
    expect((await balances()).toSorted((a, b) => a - b)).toEqual([200, 300]);
    expect(runs.toSorted()).toEqual([1, 2]);
  });

  test('a real deadlock (40P01) runs the whole work again, and both effects are there', async () => {
    const meet = meetingPoint();
    const runs = [0, 0];
    const move = (who: 0 | 1, first: string, second: string) =>
      database.transaction(async (tx) => {
        runs[who] = (runs[who] ?? 0) + 1;
        await tx.run(`SET LOCAL deadlock_timeout = '20ms'`);
        await tx.run('UPDATE account SET balance = balance - 1 WHERE name = $1', [first]);
        await meet(runs[who] ?? 1);
        await tx.run('UPDATE account SET balance = balance + 3 WHERE name = $1', [second]);
      });
    await Promise.all([move(0, 'a', 'b'), move(1, 'b', 'a')]);
    expect(await balances()).toEqual([102, 102]);
    expect(runs.toSorted()).toEqual([1, 2]);
  });

  test('a failure at COMMIT itself runs the work again', async () => {
    await database.run(`
      CREATE OR REPLACE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('line_id_seq') % 2 = 0 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END IF;
        RETURN NULL;
      END $$`);
    await database.run(
      `CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_once()`,
    );
    await database.run(`SELECT setval('line_id_seq', 1)`); // the next is 2: refused; the one after is 3: let through
    let runs = 0;
    await database.transaction(async (tx) => {
      runs += 1;
      await tx.run(`UPDATE account SET balance = balance + 1 WHERE name = 'a'`);
    });
    await database.run('DROP TRIGGER at_commit ON account');
    expect(runs).toBe(2);
    expect(await balances()).toEqual([101, 100]);
  });

  test('gives up after twelve runs and throws the failure', async () => {
    let runs = 0;
    const hopeless = database.transaction(async (tx) => {
      runs += 1;
      await tx.run(`DO $$ BEGIN RAISE EXCEPTION 'never' USING ERRCODE = '40001'; END $$`);
    });
    await expect(hopeless).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(12);
  });

  test('40 increments at once under REPEATABLE READ lose nothing', async () => {
    const add = () =>
      database.transaction(async (tx) => {
        await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        const { balance } = await tx.one<{ balance: number }>(
          `SELECT balance FROM account WHERE name = 'a' FOR UPDATE`,
        );
        await tx.run(`UPDATE account SET balance = $1 WHERE name = 'a'`, [balance + 1]);
      });
    await Promise.all(Array.from({ length: 40 }, add));
    expect((await balances())[0]).toBe(140);
  });

  test('whose statement failed and whose error was caught is not taken for committed', async () => {
    const swallowing = database.transaction(async (tx) => {
      await tx.run(`UPDATE account SET balance = 7`);
      await tx.run(`INSERT INTO account VALUES ('a', 1)`).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('rolled back, not committed');
    expect(await balances()).toEqual([100, 100]);
  });

  test('runs what was left for last in order, after the work, and commits it', async () => {
    await database.transaction(async (tx) => {
      tx.last(`UPDATE account SET balance = balance * 2 WHERE name = $1`, ['a']);
      tx.last(`UPDATE account SET balance = balance + 1 WHERE name = $1`, ['a']);
      await tx.run(`UPDATE account SET balance = 3 WHERE name = 'a'`);
    });
    expect(await balances()).toEqual([7, 100]);
  });

  test('undoes everything when what was left for last fails, and throws that failure', async () => {
    const failing = database.transaction(async (tx) => {
      await tx.run(`UPDATE account SET balance = 3`);
      tx.last(`INSERT INTO account VALUES ($1, 1)`, ['a']);
      tx.last(`UPDATE account SET balance = 4`, []);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await balances()).toEqual([100, 100]);
    expect(await database.one('SELECT 1 AS one')).toEqual({ one: 1 });
  });

  test('runs again when what was left for last meets a serialization failure', async () => {
    let runs = 0;
    await database.transaction(async (tx) => {
      runs += 1;
      await tx.run(`UPDATE account SET balance = balance + 1 WHERE name = 'a'`);
      if (runs < 3) tx.last('SELECT refuse_always()', []);
    });
    expect(runs).toBe(3);
    expect(await balances()).toEqual([101, 100]);
  });

  test('that cannot begin runs none of its statements, whatever its work does about the error', async () => {
    const alone = own.open('public', 1);
    try {
      await database.run('TRUNCATE line');
      // The first prepares BEGIN and takes it away again; what the next ones send along with it must not run without
      // it.
      await alone.transaction((tx) => tx.run('DEALLOCATE begin'));
      const insert = `INSERT INTO line (note) VALUES ($1)`;
      await expect(alone.transaction((tx) => tx.run(insert, ['first']))).rejects.toMatchObject({ code: '26000' });
      const both = alone.transaction(async (tx) => {
        const sent = await Promise.allSettled([tx.run(insert, ['first']), tx.run(insert, ['meanwhile'])]);
        tx.last(insert, ['last']);
        return sent.map(({ status }) => status);
      });
      await expect(both).rejects.toThrow('rolled back');
      expect(await database.rows('SELECT * FROM line')).toEqual([]);
    } finally {
      await alone.close();
    }
  });

  test('with nothing but what was left for last commits that', async () => {
    await database.run('TRUNCATE line');
    await database.transaction(async (tx) => tx.last(`INSERT INTO line (note) VALUES ($1)`, ['only']));
    expect(await database.rows('SELECT note FROM line')).toEqual([{ note: 'only' }]);
    expect(await database.transaction(async () => 'nothing at all')).toBe('nothing at all');
  });

  test('a connection that broke in the middle is not used again', async () => {
    const small = own.open('public', 1);
    const cutOff = small.transaction(async (tx) => {
      await tx.run(`UPDATE account SET balance = 0 WHERE name = 'a'`);
      const { pid } = await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await apartFromTransaction(() => database.run('SELECT pg_terminate_backend($1)', [pid]));
      await tx.one('SELECT 1');
    });
    expect(isUnavailable(await cutOff.catch((error: unknown) => error))).toBe(true);
    expect(await small.one('SELECT 1 AS one')).toEqual({ one: 1 });
    expect(await balances()).toEqual([100, 100]);
  });
});

describe('a schema’s connection', () => {
  test('resolves names in its own schema only', async () => {
    await database.run('CREATE SCHEMA apart');
    const apart = own.open('apart');
    await apart.run('CREATE TABLE thing (n int)');
    expect(await database.one(`SELECT schemaname FROM pg_tables WHERE tablename = 'thing'`)).toEqual({
      schemaname: 'apart',
    });
    await expect(apart.rows('SELECT * FROM account')).rejects.toMatchObject({ code: '42P01' });
  });

  test('gives int8 as exact numbers, timestamps as ISO 8601 in UTC, dates as they are, JSON parsed', async () => {
    expect(
      await database.one(
        `SELECT 9007199254740991::int8 AS big, timestamptz '2026-03-29 02:30:00.123456+02' AS at, date '2026-03-29' AS day, '{"a":[1]}'::jsonb AS bag`,
      ),
    ).toEqual({ big: 9_007_199_254_740_991, at: '2026-03-29T00:30:00.123Z', day: '2026-03-29', bag: { a: [1] } });
    await expect(database.one('SELECT 9007199254740993::int8 AS big')).rejects.toThrow('9007199254740993 does not fit');
  });

  test('a wait for a lock ends, and says that it was a lock', async () => {
    await reset();
    const release = await holdRow(database);
    const impatient = database.transaction(async (tx) => {
      await tx.run(`SET LOCAL lock_timeout = '50ms'`);
      await tx.run(`UPDATE account SET balance = 1 WHERE name = 'a'`);
    });
    const failure: unknown = await impatient.catch((error: unknown) => error);
    await release();
    expect(sqlState(failure)).toBe('55P03');
  });

  test('one and maybeOne hold their word', async () => {
    expect(await database.maybeOne('SELECT 1 WHERE false')).toBeUndefined();
    await expect(database.one('SELECT 1 WHERE false')).rejects.toThrow('Expected one row, got none');
    await expect(database.maybeOne('SELECT generate_series(1, 2)')).rejects.toThrow('got 2');
  });
});

const holdRow = async (holder: Database): Promise<() => Promise<void>> => {
  let held = false;
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const holding = holder.transaction(async (tx: Queryable) => {
    await tx.run(`UPDATE account SET balance = 2 WHERE name = 'a'`);
    held = true;
    await released;
  });
  while (!held) await sleep(5);
  return () => {
    letGo();
    return holding;
  };
};
