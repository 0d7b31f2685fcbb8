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
const EVIL = `'; DROP TABLE "items"; -- "quotes" \\ $1 {{ $json }}`;
const ODD = `Odd "Names"; DROP TABLE items`;

beforeAll(async () => {
  bench = await startYugabyteDbBench();
  await bench.sql(`CREATE TYPE size AS ENUM ('small', 'large')`);
  await bench.sql(
    `CREATE TABLE items (sku text PRIMARY KEY, name text, stock integer NOT NULL DEFAULT 5, price numeric(12,2), size size)`,
  );
  await bench.sql(`CREATE TABLE "${ODD.replaceAll('"', '""')}" ("Key" text PRIMARY KEY, "a ""quoted"" column" text)`);
  await bench.sql(`CREATE TABLE kinds (id integer PRIMARY KEY, big bigint, exact numeric, real double precision, yes boolean, doc jsonb, plain json,
    tags text[], numbers bigint[], sizes size[], moment timestamptz, here timestamp, day date, bytes bytea, u uuid, span interval, grid integer[],
    moments timestamptz[])`);
});
afterAll(() => bench.stop());

const rows = (table = 'items') => bench.sql(`SELECT * FROM ${table} ORDER BY 1`);

describe('writing rows', () => {
  beforeEach(() => bench.sql('TRUNCATE items'));

  test('values with quotes and SQL in them stay values', async () => {
    const [inserted] = await bench.run('row.insert', onTable('items', mapped({ sku: EVIL, name: EVIL })));
    expect(inserted).toEqual({ sku: EVIL, name: EVIL, stock: 5, price: null, size: null });
    expect(await bench.run('row.getMany', onTable('items', where(['name', 'equal', EVIL])))).toEqual([inserted]);
    expect(await bench.run('query.execute', query('SELECT $1::text AS value', [EVIL]))).toEqual([{ value: EVIL }]);
    await bench.run('row.update', onTable('items', mapped({ sku: EVIL, name: `${EVIL}!` }, 'sku')));
    expect(await bench.run('row.delete', onTable('items', where(['name', 'contains', EVIL])))).toEqual([
      { deleted: 1 },
    ]);
    expect(await rows()).toEqual([]);
  });

  test('names with quotes, SQL and upper case are names', async () => {
    const column = 'a "quoted" column';
    await bench.run('row.insert', onTable(ODD, mapped({ Key: 'a', [column]: '1' })));
    await bench.run('row.upsert', onTable(ODD, mapped({ Key: 'a', [column]: '2' }, 'Key')));
    expect(
      await bench.run('row.getMany', {
        ...onTable(ODD, where([column, 'equal', '2'])),
        sort: { rule: [{ column, direction: 'desc' }] },
        options: { outputColumns: [column] },
      }),
    ).toEqual([{ [column]: '2' }]);
    expect(await rows()).toEqual([]);
  });

  test('insert takes fields of items, leaves out what is empty, and returns what the database filled in', async () => {
    const items = [
      { sku: 'a', stock: 2, unknown: true },
      { sku: 'b', name: null, price: '' },
    ];
    const out = await bench
      .canvas()
      .run([bench.node('row.insert', onTable('items', automatic()))], { items: items.map((json) => ({ json })) });
    expect(out.map(({ json, pairedItem }) => [json['sku'], json['stock'], pairedItem])).toEqual([
      ['a', 2, { item: 0 }],
      ['b', 5, { item: 1 }],
    ]);
    await bench.run('row.insert', {
      ...onTable('items', mapped({ sku: 'c', name: '', price: null, stock: 0 })),
      options: { outputColumns: ['sku'] },
    });
    expect(await rows()).toMatchObject([{ sku: 'a' }, { sku: 'b' }, { sku: 'c', name: '', stock: 0 }]);
  });

  test('insert can skip a row that is there', async () => {
    const parameters = { ...onTable('items', mapped({ sku: 'a', stock: 9 })), options: { skipOnConflict: true } };
    expect(await bench.run('row.insert', parameters)).toMatchObject([{ sku: 'a', stock: 9 }]);
    expect(await bench.run('row.insert', parameters)).toEqual([{ skipped: true }]);
  });

  test('upsert inserts and updates, and returns a row that only matches', async () => {
    const items = [
      { sku: 'a', stock: 1 },
      { sku: 'a', stock: 2 },
      { sku: 'b', stock: 3 },
    ];
    expect(await bench.run('row.upsert', onTable('items', automatic('sku')), items)).toMatchObject(items);
    expect(await rows()).toMatchObject([
      { sku: 'a', stock: 2 },
      { sku: 'b', stock: 3 },
    ]);
    expect(await bench.run('row.upsert', onTable('items', mapped({ sku: 'a' }, 'sku')))).toMatchObject([
      { sku: 'a', stock: 2 },
    ]);
  });

  test('update writes what it is given, to every row that matches', async () => {
    await bench.sql(`INSERT INTO items (sku, name, price) VALUES ('a', 'x', 1), ('b', 'x', 2), ('c', 'y', 3)`);
    const parameters = { ...onTable('items', mapped({ name: 'x', stock: 7, price: null }, 'name')) };
    expect(await bench.run('row.update', parameters)).toHaveLength(2);
    expect(await rows()).toMatchObject([{ stock: 7, price: '1.00' }, { stock: 7, price: '2.00' }, { stock: 5 }]);
    await bench.run('row.update', { ...parameters, options: { emptyFields: 'null' } });
    expect(await rows()).toMatchObject([{ price: null }, { price: null }, { price: '3.00' }]);
    expect(await bench.run('row.update', onTable('items', mapped({ sku: 'none', stock: 1 }, 'sku')))).toEqual([]);
  });

  test('delete takes conditions, all rows only on request, and can return what it deleted', async () => {
    await bench.sql(`INSERT INTO items (sku, stock) SELECT 's' || n, n FROM generate_series(1, 5) n`);
    const condition = onTable('items', where(['stock', 'greater', 3]));
    expect(await bench.refused('row.delete', onTable('items', where()))).toContain('No condition says which rows');
    expect(await bench.refused('row.delete', onTable('items'))).toContain('A condition names no column');
    expect(await bench.run('row.delete', { ...condition, options: { returnRows: true } })).toMatchObject([
      { sku: 's4' },
      { sku: 's5' },
    ]);
    expect(await bench.run('row.delete', condition)).toEqual([{ deleted: 0 }]);
    expect(await bench.run('row.delete', { ...onTable('items'), rows: 'all' })).toEqual([{ deleted: 3 }]);
  });
});

describe('reading rows', () => {
  beforeAll(async () => {
    await bench.sql('TRUNCATE items');
    await bench.sql(
      `INSERT INTO items VALUES ('a', 'Red 100%', 1, 10, 'small'), ('b', 'red_shoe', 20, 9.5, 'large'), ('c', NULL, 3, 100, NULL)`,
    );
  });
  const found = async (conditions: [string, string, unknown?][], more = {}) =>
    (await bench.run('row.getMany', { ...onTable('items', where(...conditions)), ...more }))
      .map(({ sku }) => sku as string)
      .join('');

  test.each<[string, string, unknown, string]>([
    ['stock', 'equal', '20', 'b'],
    ['stock', 'greater', '3', 'b'],
    ['stock', 'greaterOrEqual', 3, 'bc'],
    ['price', 'less', '10', 'b'],
    ['price', 'lessOrEqual', '10.0', 'ab'],
    ['name', 'notEqual', 'Red 100%', 'bc'],
    ['name', 'contains', 'RED', 'ab'],
    ['name', 'contains', '0%', 'a'],
    ['name', 'startsWith', 'red_', 'b'],
    ['name', 'endsWith', 'SHOE', 'b'],
    ['name', 'like', 'r%_shoe', 'b'],
    ['name', 'isEmpty', '', 'c'],
    ['name', 'isNotEmpty', '', 'ab'],
    ['stock', 'oneOf', '1, 3', 'ac'],
    ['sku', 'oneOf', ['a', 'b', "c'"], 'ab'],
    ['stock', 'notOneOf', '[1, 3]', 'b'],
    ['size', 'equal', 'large', 'b'],
    ['size', 'oneOf', 'small,large', 'ab'],
  ])('%s %s %j', async (column, operator, value, expected) => {
    expect(await found([[column, operator, value]])).toBe(expected);
  });

  test('conditions are combined, rows sorted and limited', async () => {
    const both: [string, string, unknown?][] = [
      ['stock', 'less', 10],
      ['size', 'equal', 'large'],
    ];
    expect(await found(both)).toBe('');
    expect(await found(both, { combine: 'or' })).toBe('abc');
    expect(await found([], { sort: { rule: [{ column: 'price', direction: 'desc' }] } })).toBe('cab');
    expect(await found([], { sort: { rule: [{ column: 'price' }] }, limit: 2 })).toBe('ba');
  });

  test('10,000 rows come out, each once', async () => {
    await bench.sql('CREATE TABLE many AS SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 10000) n');
    const all = await bench.run('row.getMany', onTable('many', { returnAll: true }));
    expect(new Set(all.map(({ id }) => id)).size).toBe(10_000);
    expect(all).toHaveLength(10_000);
    expect(await bench.run('row.getMany', onTable('many'))).toHaveLength(50);
  });
});

describe('types', () => {
  const whole = {
    id: 1,
    big: '9223372036854775807',
    exact: '12345678901234567890.123456789',
    real: 0.1,
    yes: false,
    doc: { a: [1, "it's", null] },
    plain: [1, 2],
    tags: ['a', 'b"c', '{}', 'NULL'],
    numbers: ['9223372036854775807', '-1'],
    sizes: ['small', 'large'],
    moment: '2026-03-01T12:30:00.123456Z',
    here: '2026-03-01T12:30:00',
    day: '2026-03-01',
    bytes: Buffer.from([0, 255, 7]).toString('base64'),
    u: '0190e0ad-7b54-7c3c-8a3e-9c5c4a7f5d11',
    span: '1 day 02:00:00',
    grid: [[1, 2], [3, 4]], // prettier-ignore
    moments: ['2026-03-01T12:30:00.000Z'],
  };

  test('come out exactly as they went in, by the mapper and by items', async () => {
    const [back] = await bench.run('row.insert', onTable('kinds', mapped(whole)));
    expect(back).toEqual(whole);
    const [again] = await bench.run('row.upsert', onTable('kinds', automatic('id')), [whole]);
    expect(again).toEqual(whole);
    expect(await bench.run('query.execute', query('SELECT * FROM kinds'))).toEqual([whole]);
  });

  test('large numbers come out as numbers when asked, and one that lost digits is refused', async () => {
    const options = { largeNumbers: 'number' };
    expect(
      await bench.run(
        'query.execute',
        query('SELECT 42::bigint AS a, ARRAY[1.5] AS b, $1::bigint AS c', ['7'], options),
      ),
    ).toEqual([{ a: 42, b: [1.5], c: 7 }]);
    expect(await bench.refused('row.upsert', onTable('kinds', mapped({ id: 2, big: 2 ** 60 }, 'id')))).toContain(
      'INVALID_VALUE: The number 1152921504606847000 for the column "big"',
    );
  });

  test('times without a zone are meant in the workflow’s', async () => {
    const [row] = await bench.run(
      'row.upsert',
      onTable('kinds', mapped({ id: 3, moment: '2026-07-01 12:00', here: '2026-07-01T12:00:00' }, 'id')),
    );
    expect(row).toMatchObject({ moment: '2026-07-01T10:00:00.000Z', here: '2026-07-01T12:00:00' });
    const now = await bench.run('query.execute', query('SELECT $1::timestamptz AS at', '={{ [$now] }}'));
    expect(new Date(now[0]?.['at'] as string).getFullYear()).toBeGreaterThan(2000);
  });

  test('texts are JSON texts where they are no JSON, and what JSON cannot hold stays text', async () => {
    const text = { id: 4, doc: 'plain words', plain: '{"a": 1}', real: 'NaN', moment: 'infinity' };
    const [row] = await bench.run('row.upsert', onTable('kinds', mapped(text, 'id')));
    expect(row).toMatchObject({ doc: 'plain words', plain: { a: 1 }, real: 'NaN', moment: 'infinity' });
  });
});

describe('queries', () => {
  test('say what they changed, name two columns of one name apart, and take fields and expressions as values', async () => {
    await bench.sql('CREATE TABLE notes (id integer, text text)');
    expect(
      await bench.run(
        'query.execute',
        {
          query: 'INSERT INTO notes VALUES ($1, $2)',
          parametersInput: 'fields',
          parameters: { parameter: [{ value: '={{ $json.id }}' }, { value: '={{ $json.text }}' }] },
        },
        [{ id: 1, text: 'a' }, { id: 2, text: null }], // prettier-ignore
      ),
    ).toEqual([
      { success: true, command: 'INSERT', rows: 1 },
      { success: true, command: 'INSERT', rows: 1 },
    ]);
    expect(
      await bench.run('query.execute', query('SELECT a.id, b.id FROM notes a, notes b WHERE a.id = $1 AND b.id = $2', '={{ [$json.one, 2] }}'), [{ one: 1 }]), // prettier-ignore
    ).toEqual([{ id: 1, id_2: 2 }]);
    expect(await bench.run('query.execute', query('SELECT 1 WHERE false'))).toEqual([]);
  });

  test('leave nothing behind for the next execution', async () => {
    await bench.run('query.execute', query('SET search_path TO nowhere'));
    await bench.run('query.execute', query('CREATE TEMPORARY TABLE left_over (id integer)'));
    const [path] = await bench.run('query.execute', query('SHOW search_path'));
    expect(path).toEqual({ search_path: '"$user", public' });
    expect(await bench.run('query.execute', query(`SELECT to_regclass('left_over') IS NULL AS gone`))).toEqual([
      { gone: true },
    ]);
    await bench.run('query.execute', query('BEGIN'));
    // Other test files work on the same server. A session ends a moment after its client.
    const inTransaction = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    await until(async () => (await bench.sql(inTransaction)).length === 0);
  });
});
