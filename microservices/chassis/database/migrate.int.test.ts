import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { apartFromTransaction } from './holding.ts';
import { appliedSteps, migrate, readMigrations, splitStatements, type MigrationStep } from './migrate.ts';
import type { Database } from './index.ts';

let own: TestDatabase;
let schemas = 0;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

const newSchema = (): { schema: string; database: Database } => {
  const schema = `s${(schemas += 1)}`;
  return { schema, database: own.open(schema) };
};

const step = (name: string, statement: string): MigrationStep => ({ name, statement });
const applied = async (database: Database): Promise<string[]> =>
  (await database.rows<{ name: string }>('SELECT name FROM migration_step ORDER BY name')).map(({ name }) => name);

describe('migrate', () => {
  test('runs the steps once, in order, and a second call does nothing', async () => {
    const { schema, database } = newSchema();
    const steps = [step('1', 'CREATE TABLE a (n int)'), step('2', 'ALTER TABLE a ADD COLUMN m int')];
    await migrate(database.pool, schema, steps);
    await migrate(database.pool, schema, steps);
    expect(await applied(database)).toEqual(['1', '2']);
    await migrate(database.pool, schema, [...steps, step('3', 'CREATE TABLE b (n int)')]);
    expect(await applied(database)).toEqual(['1', '2', '3']);
    expect(await database.rows('SELECT n, m FROM a')).toEqual([]);
  });

  test('several at once, on a schema that is not there yet: every step ran once', async () => {
    const schema = `s${(schemas += 1)}`;
    const processes = Array.from({ length: 5 }, () => own.open(schema, 1));
    // None of these could run twice.
    const steps = [
      step('1', 'CREATE TABLE once (n int)'),
      step('2', 'ALTER TABLE once ADD COLUMN m int'),
      step('3', 'CREATE INDEX once_n ON once (n)'),
    ];
    await Promise.all(processes.map(({ pool }) => migrate(pool, schema, steps)));
    const [first] = processes;
    expect(first && (await applied(first))).toEqual(['1', '2', '3']);
    expect(await first?.rows('SELECT * FROM migration_lease')).toEqual([]);
  });

  test('a failing step is named, with its schema and the reason; the steps before it stay done', async () => {
    const { schema, database } = newSchema();
    const steps = [
      step('orders/001-a.sql#1', 'CREATE TABLE a (n int)'),
      step('orders/001-a.sql#2', 'CREATE TABLE b (n nonsense)'),
    ];
    await expect(migrate(database.pool, schema, steps)).rejects.toThrow(
      `Migration orders/001-a.sql#2 of schema ${schema} failed: type "nonsense" does not exist`,
    );
    expect(await applied(database)).toEqual(['orders/001-a.sql#1']);
    await migrate(
      database.pool,
      schema,
      [steps[0], step('orders/001-a.sql#2', 'CREATE TABLE b (n int)')].filter((item) => item !== undefined),
    );
    expect(await applied(database)).toEqual(['orders/001-a.sql#1', 'orders/001-a.sql#2']);
  });

  test('a constraint is added once, also when a crash came before that was recorded', async () => {
    const { schema, database } = newSchema();
    const steps = [
      step('1', `CREATE TABLE note (state text NOT NULL, CONSTRAINT note_state CHECK (state IN ('draft', 'sent')))`),
      step('2', `ALTER TABLE note ADD CONSTRAINT note_state_2 CHECK (state IN ('draft', 'sent', 'kept'))`),
      step('3', 'ALTER TABLE note DROP CONSTRAINT IF EXISTS note_state'),
    ];
    await migrate(database.pool, schema, steps.slice(0, 2));
    await database.run(`DELETE FROM migration_step WHERE name = '2'`);
    await migrate(database.pool, schema, steps);
    expect(await applied(database)).toEqual(['1', '2', '3']);
    await database.run(`INSERT INTO note VALUES ('kept')`);
    await expect(database.run(`INSERT INTO note VALUES ('lost')`)).rejects.toThrow('note_state_2');
  });

  test('a crash between running a step and recording it: the next start runs the step again', async () => {
    const { schema, database } = newSchema();
    await migrate(database.pool, schema, []);
    await database.run('CREATE TABLE IF NOT EXISTS a (n int)');
    await migrate(database.pool, schema, [step('1', 'CREATE TABLE IF NOT EXISTS a (n int)')]);
    expect(await applied(database)).toEqual(['1']);
  });

  test('a lease that a dead process left is waited for until it runs out, and no longer', async () => {
    const { schema, database } = newSchema();
    await migrate(database.pool, schema, []);
    await database.run(`INSERT INTO migration_lease VALUES (1, 'dead', now() + interval '1 second')`);
    const waiting = migrate(database.pool, schema, [step('1', 'CREATE TABLE a (n int)')]);
    expect(await applied(database)).toEqual([]);
    await waiting;
    expect(await applied(database)).toEqual(['1']);
  });

  test('while the holder works, its lease is renewed', async () => {
    const { schema, database } = newSchema();
    await migrate(database.pool, schema, []);
    await database.run('CREATE TABLE gate (n int)');
    const expiry = async () =>
      (await database.maybeOne<{ at: string }>('SELECT expires_at AS at FROM migration_lease'))?.at;
    let done: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      await tx.run('LOCK TABLE gate IN ACCESS EXCLUSIVE MODE');
      // The step waits for the gate: longer than one renewal takes.
      await apartFromTransaction(async () => {
        done = migrate(database.pool, schema, [step('1', 'ALTER TABLE gate ADD COLUMN m int')]);
        await until(async () => (await expiry()) !== undefined);
        const first = await expiry();
        await until(async () => (await expiry()) !== first);
      });
    });
    await done;
    expect(await applied(database)).toEqual(['1']);
  });

  test('a step may take longer than the pool lets statements take', async () => {
    const { schema, database } = newSchema();
    const limits = own.open(schema);
    limits.pool.options.options = '-c search_path=public -c statement_timeout=100';
    await migrate(limits.pool, schema, [step('1', 'CREATE TABLE slow AS SELECT pg_sleep(0.5)::text')]);
    expect(await applied(database)).toEqual(['1']);
    await expect(limits.rows('SELECT pg_sleep(1)')).rejects.toMatchObject({ code: '57014' });
  });
});

describe('reading migrations', () => {
  test('files in order of their names, statements in order, named by file and number', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(join(folder, '002-b.sql'), 'CREATE TABLE c (n int);\n');
    await writeFile(join(folder, '001-a.sql'), '-- Why.\nCREATE TABLE a (\n  n int\n);\n\nCREATE TABLE b (n int); \n');
    await writeFile(join(folder, 'README.md'), 'not SQL');
    expect(await readMigrations(pathToFileURL(`${folder}/`), 'x')).toEqual([
      { name: 'x/001-a.sql#1', statement: 'CREATE TABLE a (\n  n int\n)' },
      { name: 'x/001-a.sql#2', statement: 'CREATE TABLE b (n int)' },
      { name: 'x/002-b.sql#1', statement: 'CREATE TABLE c (n int)' },
    ]);
    await rm(folder, { recursive: true });
  });

  test('a semicolon inside a line does not end a statement', () => {
    expect(splitStatements(`SELECT 'a;b';\n  -- comment;\nSELECT 2`)).toEqual([`SELECT 'a;b'`, 'SELECT 2']);
  });
});

test('what schemas have already is read for all of them at once, and a schema that is up to date is asked nothing more', async () => {
  const [fresh, { schema, database }] = [newSchema(), newSchema()];
  const noFiles = new URL('../testing/', import.meta.url);
  await database.migrate(noFiles);
  const known = await appliedSteps(fresh.database, [fresh.schema, schema]);
  expect([...known.keys()]).toEqual([schema]);
  expect(known.get(schema)).toContain('chassis/001-chassis.sql#1');
  await database.run('DROP TABLE migration_step');
  await database.migrate(noFiles, known.get(schema));
  expect(await database.maybeOne(`SELECT to_regclass('migration_step') AS found`)).toEqual({ found: null });
});
