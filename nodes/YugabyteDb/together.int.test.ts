import { until } from '../../microservices/chassis/testing/until.ts';
import {
  automatic,
  mapped,
  onTable,
  query,
  startYugabyteDbBench,
  where,
  type YugabyteDbBench,
} from './testing/yugabytedb.ts';

let bench: YugabyteDbBench;
beforeAll(async () => {
  bench = await startYugabyteDbBench();
  await bench.sql('CREATE TABLE parent (id integer PRIMARY KEY)');
  await bench.sql(`CREATE TABLE accounts (name text PRIMARY KEY, balance integer NOT NULL CHECK (balance >= 0), code character varying(5), price numeric(6,2),
    parent integer REFERENCES parent, day date, made integer GENERATED ALWAYS AS (balance * 2) STORED)`);
});
afterAll(() => bench.stop());
beforeEach(() => bench.sql('TRUNCATE accounts CASCADE'));

const transaction = { options: { batching: 'transaction' } };
const accounts = () => bench.sql('SELECT name, balance FROM accounts ORDER BY 1');
const continues = { onError: 'continueErrorOutput' as const };

describe('one transaction over all items', () => {
  test('1,000 items are written by it, each with its item', async () => {
    const items = Array.from({ length: 1_000 }, (_, n) => ({ name: `a${n}`, balance: n }));
    const out = await bench.canvas().run(
      [bench.node('row.insert', { ...onTable('accounts', automatic()), ...transaction })],
      { items: items.map((json) => ({ json })) }, // prettier-ignore
    );
    expect(out.map(({ json, pairedItem }) => [json['balance'], pairedItem])).toEqual(
      items.map((_, item) => [item, { item }]),
    );
    const transactions = await bench.sql('SELECT count(DISTINCT xmin::text)::int AS count FROM accounts');
    expect(transactions).toEqual([{ count: 1 }]);
  });

  test('nothing is written when one fails, and the error names that item', async () => {
    const items = [{ name: 'a', balance: 1 }, { name: 'b', balance: -1 }, { name: 'c', balance: 1 }]; // prettier-ignore
    const parameters = { ...onTable('accounts', automatic()), ...transaction };
    const error = await bench.run('row.insert', parameters, items).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CHECK_VIOLATION', context: { itemIndex: 1 } });
    expect(await accounts()).toEqual([]);
    const out = await bench.run('row.insert', parameters, items, continues);
    expect(out.map(({ error: one }) => (one as { code: string }).code)).toEqual([
      'ROLLED_BACK',
      'CHECK_VIOLATION',
      'ROLLED_BACK',
    ]);
    expect(await accounts()).toEqual([]);
  });

  test('each item by itself keeps what went well', async () => {
    const items = [{ name: 'a', balance: 1 }, { name: 'b', balance: -1 }, { name: 'c', balance: 1 }]; // prettier-ignore
    const out = await bench.run('row.insert', onTable('accounts', automatic()), items, continues);
    expect(out).toMatchObject([{ name: 'a' }, { error: { code: 'CHECK_VIOLATION' } }, { name: 'c' }]);
    expect(await accounts()).toHaveLength(2);
  });

  test('a statement cannot end it', async () => {
    const items = [{ text: `INSERT INTO accounts VALUES ('a', 1)` }, { text: 'COMMIT' }];
    for (const text of ['COMMIT', 'ROLLBACK']) {
      expect(await bench.refused('query.execute', { ...query(text), ...transaction }, items)).toContain(
        'TRANSACTION_ENDED',
      );
    }
  });
});

describe('a serialization failure', () => {
  /** Sums up, then adds a row: two of these at once cannot both be serializable. */
  const sumUp = (name: string) =>
    query(
      `INSERT INTO accounts SELECT $1, coalesce(sum(balance), 0) + 1 FROM accounts, (SELECT pg_sleep(0.3)) AS slow`,
      [name],
      { batching: 'transaction', isolation: 'serializable' },
    );

  test('is tried again as a whole: two executions at once both succeed, as if one after the other', async () => {
    await Promise.all([bench.run('query.execute', sumUp('a')), bench.run('query.execute', sumUp('b'))]);
    expect((await accounts()).map(({ balance }) => Number(balance)).toSorted()).toEqual([1, 2]);
  });

  test('is said in words when every attempt meets one', async () => {
    const single = (name: string) => {
      const parameters = sumUp(name);
      return { ...parameters, options: { ...(parameters['options'] as object), attempts: 1 } };
    };
    const both = await Promise.all(['a', 'b'].map((name) => bench.refused('query.execute', single(name))));
    expect(both.filter((words) => words === 'it was not refused')).toHaveLength(1);
    expect(both.join()).toContain('SERIALIZATION_FAILURE: Others changed the same rows');
  });

  test('a deadlock of two transactions is resolved, and both are written', async () => {
    await bench.sql(`INSERT INTO accounts VALUES ('a', 0), ('b', 0)`);
    const add = (name: string) => ({ text: name });
    const both = (names: string[]) =>
      bench.run(
        'query.execute',
        query('WITH slow AS MATERIALIZED (SELECT pg_sleep(0.2)) UPDATE accounts SET balance = balance + 1 FROM slow WHERE name = $1', '={{ [$json.text] }}', { batching: 'transaction' }), // prettier-ignore
        names.map(add),
      );
    await Promise.all([both(['a', 'b']), both(['b', 'a'])]);
    expect(await accounts()).toEqual([
      { name: 'a', balance: 2 },
      { name: 'b', balance: 2 },
    ]);
  });
});

describe('what the database refuses is said in words', () => {
  const insert = (value: object) => bench.refused('row.insert', onTable('accounts', mapped(value as never)));

  test.each<[string, object, string]>([
    [
      'a row that is there',
      { name: 'x', balance: 1 },
      'UNIQUE_VIOLATION: The table "accounts" already holds such a row. Key (name)=(x) already exists. The constraint is "accounts_pkey".',
    ],
    [
      'a missing parent',
      { name: 'a', balance: 1, parent: 7 },
      'FOREIGN_KEY_VIOLATION: The constraint "accounts_parent_fkey" of the table "accounts" refuses it. Key (parent)=(7) is not present',
    ],
    [
      'a missing value',
      { name: 'a' },
      'NOT_NULL_VIOLATION: The column "balance" of the table "accounts" must have a value',
    ],
    ['a check', { name: 'a', balance: -1 }, 'CHECK_VIOLATION: The constraint "accounts_balance_check"'],
    [
      'a value of another type',
      { name: 'a', balance: 'many' },
      'INVALID_VALUE: The value "many" for the column "balance" is refused: invalid input syntax for type integer',
    ],
    [
      'a day that is none',
      { name: 'a', balance: 1, day: '2026-02-30' },
      'The value "2026-02-30" for the column "day" is refused',
    ],
    [
      'a text that is too long',
      { name: 'a', balance: 1, code: 'ABCDEFG' },
      'The value "ABCDEFG" for the column "code" is refused: value too long for type character varying(5)',
    ],
    [
      'a number that is too large',
      { name: 'a', balance: '99999999999' },
      'The value "99999999999" for the column "balance" is refused',
    ],
    [
      'a number with too many digits',
      { name: 'a', balance: 1, price: '12345.6' },
      'The value "12345.6" for the column "price" is refused: numeric field overflow',
    ],
    [
      'a column that is not there',
      { name: 'a', blance: 1 },
      'COLUMN_NOT_FOUND: The table "public"."accounts" has no column "blance". It has name, balance',
    ],
  ])('%s', async (_what, value, words) => {
    // prettier-ignore
    await bench.sql(`INSERT INTO accounts VALUES ('x', 1)`);
    expect(await insert(value)).toContain(words);
  });

  test('a table, a match or a value that is missing', async () => {
    expect(await bench.refused('row.getMany', onTable('ACCOUNTS'))).toContain(
      'TABLE_NOT_FOUND: There is no table "ACCOUNTS" in the schema "public" that this user may see. There is "accounts" in the schema "public": upper and lower case matter.',
    );
    expect(await bench.refused('row.getMany', onTable(''))).toContain('No table is chosen');
    expect(await bench.refused('row.upsert', onTable('accounts', mapped({ name: 'a', balance: 1 }, 'balance')))).toContain('NO_UNIQUE_CONSTRAINT'); // prettier-ignore
    expect(await bench.refused('row.update', onTable('accounts', mapped({ name: null, balance: 1 }, 'name')))).toContain('VALUE_MISSING: The column to match on, "name"'); // prettier-ignore
    expect(await bench.refused('row.update', onTable('accounts', mapped({ name: 'a' }, 'name')))).toContain('NOTHING_TO_WRITE'); // prettier-ignore
    expect(await bench.refused('row.insert', onTable('accounts', automatic()), [{ other: 1 }])).toContain('its fields are other'); // prettier-ignore
    expect(await bench.refused('row.getMany', onTable('accounts', where(['balance', 'equal', ''])))).toContain('VALUE_MISSING: The condition on the column "balance"'); // prettier-ignore
  });

  test.each<[string, string, unknown, string]>([
    [
      'several statements',
      'SELECT 1; DELETE FROM accounts',
      [],
      'SEVERAL_STATEMENTS: The query holds several statements',
    ],
    [
      'a mistake',
      'SELECT *\nFORM accounts',
      [],
      'SYNTAX_ERROR: The query cannot be read: syntax error at or near "FORM" (line 2, character 1)',
    ],
    ['too few values', 'SELECT $1::int, $2::int', [1], 'PARAMETER_MISMATCH: The query and its parameters do not fit'],
    ['a list that is none', 'SELECT $1::int', '{"a": 1}', 'INVALID_INPUT: Parameters (JSON) takes a list'],
    ['a wrong value', 'SELECT $1::int', ['x'], 'INVALID_VALUE: The value "x" for $1 is refused'],
    ['an expression in the text', '=SELECT {{ 1 }}', [], 'Expressions are not resolved inside the query: write $1'],
    [
      'a table',
      'SELECT * FROM nowhere',
      [],
      'TABLE_NOT_FOUND: Relation "nowhere" does not exist (line 1, character 15)',
    ],
    ['nothing', ' ', [], 'INVALID_INPUT: The query is empty'],
  ])('a query with %s', async (_what, text, values, words) => {
    // prettier-ignore
    await bench.sql(`INSERT INTO accounts VALUES ('x', 1)`);
    expect(await bench.refused('query.execute', query(text, values))).toContain(words);
    expect(await accounts()).toHaveLength(1);
  });

  test('a statement that takes too long', async () => {
    expect(await bench.refused('query.execute', query('SELECT pg_sleep(30)', [], { timeout: 1 }))).toContain('TIMEOUT');
  });

  test('a right that is missing', async () => {
    await bench.sql(`CREATE ROLE reader LOGIN PASSWORD 'reads'`);
    await bench.sql('GRANT SELECT ON accounts TO reader');
    const reader = { credential: { user: 'reader', password: 'reads' } };
    expect(await bench.run('row.getMany', onTable('accounts'), [{}], reader)).toEqual([]);
    expect(await bench.refused('row.delete', { ...onTable('accounts'), rows: 'all' }, [{}], reader)).toContain(
      'ACCESS_DENIED: The user "reader" may not do this: permission denied for table accounts',
    );
    await bench.sql('DROP OWNED BY reader');
    await bench.sql('DROP ROLE reader');
  });
});

describe('connections', () => {
  const select = (credential: object, on = {}) =>
    bench.refused('query.execute', query('SELECT 1'), [{}], { credential: credential as never, ...on });

  test('a password, a host, a database that are wrong, and TLS that is not there', async () => {
    expect(await select({ password: 'wrong' })).toContain('AUTHENTICATION_FAILED: YugabyteDB at 127.0.0.1');
    expect(await select({ password: '' })).toContain('AUTHENTICATION_FAILED');
    expect(await select({ port: 1 })).toContain('UNREACHABLE: YugabyteDB cannot be reached at 127.0.0.1:1: connect connection refused'); // prettier-ignore
    expect(await select({ host: 'no-such-host.invalid' })).toContain('UNREACHABLE');
    expect(await select({ database: 'nowhere' })).toContain('DATABASE_NOT_FOUND: There is no database "nowhere"');
    expect(await select({ ssl: true })).toContain('TLS_FAILED');
    expect(await select({ user: '' })).toContain('INVALID_CREDENTIAL: The YugabyteDB credential has no user');
    const out = await bench.run('query.execute', query('SELECT 1'), [{}, {}], {
      credential: { port: 1 },
      ...continues,
    });
    expect(out).toMatchObject([{ error: { code: 'UNREACHABLE' } }, { error: { code: 'UNREACHABLE' } }]);
  });

  test('the credential’s test signs in, and says what is wrong otherwise', async () => {
    const { status, message } = await bench.test();
    expect([status, message]).toEqual(['OK', expect.stringMatching(/^Connected to test_\w+ \(PostgreSQL 15/)]);
    expect((await bench.test({ password: 'wrong' })).message).toContain('refused the user');
    expect((await bench.test({ host: '' })).message).toContain('has no host');
    expect((await bench.test({ port: 70_000 })).message).toContain('names the port "70000"');
  });

  test('one that is cut is not used again', async () => {
    const cut = query(`SELECT pg_terminate_backend(pg_backend_pid())`);
    expect(await bench.refused('query.execute', cut)).toContain('CONNECTION_LOST');
    expect(await bench.run('query.execute', query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  test('are no more than the credential allows, and are closed when nobody needs them', async () => {
    const named = (count: number) => async () => {
      const [row] = await bench.sql<{ open: number }>(
        `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'n8n-fusioncommerce' AND datname = current_database()`,
      );
      return row?.open === count;
    };
    await until(named(0));
    const on = { credential: { maxConnections: 2 } };
    const slow = Array.from({ length: 6 }, () => bench.run('query.execute', query('SELECT pg_sleep(0.2)'), [{}], on));
    await until(named(2));
    await Promise.all(slow);
    await until(named(0));
  });
});

describe('the form asks the database', () => {
  test('for schemas, tables and columns', async () => {
    await bench.sql('CREATE SCHEMA IF NOT EXISTS "Other"');
    const at = (name: string, schema?: string) => bench.node('row.upsert', onTable(name, {}, schema));
    const canvas = bench.canvas();
    expect((await canvas.list(at(''), 'searchSchemas')).results.map(({ name }) => name)).toEqual(['Other', 'public']);
    expect((await canvas.list(at(''), 'searchTables', 'ACC')).results).toEqual([{ name: 'accounts', value: 'accounts' }]); // prettier-ignore
    expect(await canvas.load(at(''), 'loadOptions', 'columns')).toEqual([]);
    expect(await canvas.load(at('accounts'), 'loadOptions', 'columns')).toContainEqual({
      name: 'code',
      value: 'code',
      description: 'A column of the type character varying(5)',
    });
    const { fields } = (await canvas.load(at('accounts'), 'resourceMapping', 'columnsToUpsert')) as {
      fields: { id: string }[];
    };
    expect(fields.map(({ id }) => id)).toEqual(['name', 'balance', 'code', 'price', 'parent', 'day']);
    expect(fields[0]).toMatchObject({ required: true, defaultMatch: true, canBeUsedToMatch: true, type: 'string' });
    expect(fields[1]).toMatchObject({ required: true, canBeUsedToMatch: false, type: 'number' });
    const refused = canvas.load(at('nowhere'), 'resourceMapping', 'columnsToInsert');
    await expect(refused).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
  });
});
