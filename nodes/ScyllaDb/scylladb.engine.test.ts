import type { IDataObject } from 'n8n-workflow';
import {
  mapped,
  named,
  items,
  scyllaDbNode as node,
  start,
  startScyllaDbBench,
  type ScyllaDbBench,
} from './testing/scylladb.ts';

let bench: ScyllaDbBench;
beforeAll(async () => {
  bench = await startScyllaDbBench([
    'CREATE TABLE sessions (id text PRIMARY KEY, customer text, note text, visits int)',
    'CREATE TABLE lines (cart text, line int, sku text, shared text static, PRIMARY KEY (cart, line))',
    'CREATE TABLE views (page text, day date, seen counter, liked counter, PRIMARY KEY (page, day))',
    `CREATE TABLE "OddNames" ("key; DROP" text PRIMARY KEY, "a ""quoted"" column" text)`,
  ]);
}, 300_000);
afterAll(() => bench.stop(), 60_000);
const run: ScyllaDbBench['run'] = (...given) => bench.run(...given);
const query: ScyllaDbBench['query'] = (...given) => bench.query(...given);
const on: ScyllaDbBench['on'] = (...given) => bench.on(...given);
const put: ScyllaDbBench['put'] = (...given) => bench.put(...given);
const get: ScyllaDbBench['get'] = (...given) => bench.get(...given);

test('values stay values, whatever stands in them', async () => {
  const evil = `'; DROP TABLE ${bench.keyspace}.sessions; -- " ? $$ \\ {{ 1 + 1 }}`;
  await put('sessions', { id: evil, customer: evil, note: `${evil}\n${evil}` });
  expect(await get('sessions', { id: evil })).toEqual([
    { id: evil, customer: evil, note: `${evil}\n${evil}`, visits: null },
  ]);
  expect(await query('SELECT customer FROM sessions WHERE id = ?', evil)).toEqual([{ customer: evil }]);
  // As fields, too, and with names that need quotes.
  const [row] = await run(
    node('query.execute', {
      query: 'SELECT note FROM sessions WHERE id = ?',
      parametersInput: 'fields',
      parameters: { parameter: [{ value: evil }] },
    }),
  );
  expect(row?.['note']).toBe(`${evil}\n${evil}`);
  await put('OddNames', { 'key; DROP': 'k', 'a "quoted" column': evil });
  expect(await get('OddNames', { 'key; DROP': 'k' })).toEqual([{ 'key; DROP': 'k', 'a "quoted" column': evil }]);
});

test('what is put with a time to live is gone after it; without one it stays', async () => {
  await put('sessions', { id: 'short', note: 'x' }, { ttl: 1 });
  await put('sessions', { id: 'long', note: 'x' }, { ttl: 1000 });
  await put('sessions', { id: 'ever', note: 'x' });
  const left = async (id: string) =>
    (await query('SELECT TTL(note) AS left FROM sessions WHERE id = ?', id))[0]?.['left'];
  expect(await left('long')).toBeGreaterThan(900);
  expect(await left('ever')).toBeNull();
  const deadline = Date.now() + 20_000;
  while ((await get('sessions', { id: 'short' })).length > 0 && Date.now() < deadline);
  expect(await get('sessions', { id: 'short' })).toEqual([]);
  await expect(get('sessions', { id: 'short' }, { notFound: 'fail' })).rejects.toMatchObject({ code: 'ROW_NOT_FOUND' });
});

test('empty fields leave columns as they are, or erase them', async () => {
  await put('sessions', { id: 'partly', customer: 'c', visits: 1 });
  await put('sessions', { id: 'partly', customer: null, visits: 2 });
  expect(await get('sessions', { id: 'partly' })).toMatchObject([{ customer: 'c', visits: 2 }]);
  await put('sessions', { id: 'partly', customer: null, visits: 3 }, { emptyFields: 'erase' });
  expect(await get('sessions', { id: 'partly' })).toMatchObject([{ customer: null, visits: 3 }]);
});

test('columns map themselves from items, each item paired with what came of it', async () => {
  const automatic = { mappingMode: 'autoMapInputData', value: null, schema: [], matchingColumns: [] };
  const given = items({ id: 'auto-1', visits: 1, other: 'x' }, { id: 'auto-2', visits: 2 });
  const made = await bench
    .canvas()
    .run([start, node('row.put', { table: named('sessions'), columns: automatic })], given);
  expect(made).toEqual([
    { json: { id: 'auto-1', visits: 1 }, pairedItem: { item: 0 } },
    { json: { id: 'auto-2', visits: 2 }, pairedItem: { item: 1 } },
  ]);
});

test('of twenty that compare and set at once exactly one wins, and the others see its row', async () => {
  const race = (value: number) =>
    on('row.compareAndSet', 'sessions', { when: 'absent', columns: mapped({ id: 'race', visits: value }) });
  const answers = (await Promise.all(Array.from({ length: 20 }, (_, value) => race(value)))).flat();
  const winners = answers.filter(({ applied }) => applied);
  expect(winners).toHaveLength(1);
  const losers = answers.filter(({ applied }) => !applied);
  expect(new Set(losers.map(({ current }) => (current as IDataObject)['visits']))).toEqual(
    new Set([(winners[0]?.['current'] as IDataObject)['visits']]),
  );
  expect(losers).toHaveLength(19);
});

test('of twenty that expect the same value exactly one changes it', async () => {
  await put('sessions', { id: 'swap', visits: 0, note: 'start' });
  const race = (value: number) =>
    on('row.compareAndSet', 'sessions', {
      when: 'columns',
      conditions: { condition: [{ column: 'visits', operator: 'equal', value: '0' }] },
      columns: mapped({ id: 'swap', visits: value + 1 }),
      options: { ttl: 100 },
    });
  const answers = (await Promise.all(Array.from({ length: 20 }, (_, value) => race(value)))).flat();
  expect(answers.filter(({ applied }) => applied)).toHaveLength(1);
  const [row] = await get('sessions', { id: 'swap' }, { consistency: 'localSerial' });
  expect(answers.find(({ applied }) => applied)?.['current']).toEqual({ id: 'swap', visits: row?.['visits'] });
});

test('conditions compare, and tell what stands against them', async () => {
  await put('sessions', { id: 'cond', visits: 5, customer: 'c' });
  const when = (...condition: IDataObject[]) =>
    on('row.compareAndSet', 'sessions', {
      when: 'columns',
      conditions: { condition },
      columns: mapped({ id: 'cond', note: 'set' }),
    });
  expect(await when({ column: 'visits', operator: 'greater', value: '5' })).toEqual([
    { applied: false, current: { visits: 5 } },
  ]);
  expect(
    await when(
      { column: 'visits', operator: 'greaterOrEqual', value: '5' },
      { column: 'customer', operator: 'notEqual', value: 'd' },
    ),
  ).toEqual([{ applied: true, current: { id: 'cond', note: 'set' } }]);
  expect(await when({ column: 'note', operator: 'empty' })).toEqual([{ applied: false, current: { note: 'set' } }]);
  await expect(when({ column: 'nope', operator: 'equal', value: '' })).rejects.toMatchObject({
    code: 'COLUMN_NOT_FOUND',
  });
  await expect(when({ column: 'note', operator: '> 0 OR note', value: '' })).rejects.toThrow('no comparison');
  expect(
    await on('row.compareAndSet', 'sessions', {
      when: 'columns',
      conditions: { condition: [{ column: 'visits', operator: 'equal', value: '1' }] },
      columns: mapped({ id: 'nobody', note: 'x' }),
    }),
  ).toEqual([{ applied: false, current: null }]);
});

test('counters count what twenty add at once', async () => {
  const add = (by: unknown) =>
    on('counter.increment', 'views', {
      key: mapped({ page: '/', day: '2026-11-26' }),
      counters: {
        counter: [
          { column: 'seen', by },
          { column: 'liked', by: 1 },
        ],
      },
    });
  await Promise.all(Array.from({ length: 20 }, () => add(2)));
  expect(await add(-1)).toEqual([{ page: '/', day: '2026-11-26', seen: '39', liked: '21' }]);
  await expect(add(1.5)).rejects.toMatchObject({ code: 'INVALID_VALUE' });
});

describe('many rows', () => {
  const ROWS = 5_200;
  beforeAll(async () => {
    for (let start = 0; start < ROWS; start += 400) {
      const rows = Array.from({ length: Math.min(400, ROWS - start) }, (_, index) => ({
        cart: 'full',
        line: start + index,
        sku: `SKU-${start + index}`,
      }));
      const automatic = { mappingMode: 'autoMapInputData', value: null, schema: [], matchingColumns: [] };
      await run(node('row.put', { table: named('lines'), columns: automatic }), items(...rows));
    }
  }, 120_000);
  const many = (parameters: IDataObject, key: IDataObject = { cart: 'full' }) =>
    on('row.getMany', 'lines', { rows: 'partition', partition: mapped(key), ...parameters });

  test('all of a partition come page by page, in order and once', async () => {
    const rows = await many({ returnAll: true });
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: ROWS }, (_, index) => index));
  });

  test('a limit is kept, in small pages and in reverse too', async () => {
    const rows = await many({ returnAll: false, limit: 25, options: { reverse: true, pageSize: 10, only: ['line'] } });
    expect(rows).toEqual(Array.from({ length: 25 }, (_, index) => ({ line: ROWS - 1 - index })));
  });

  test('clustering columns narrow a partition down; the whole table needs no key', async () => {
    expect(await many({ returnAll: true }, { cart: 'full', line: 7 })).toEqual([
      { cart: 'full', line: 7, sku: 'SKU-7', shared: null },
    ]);
    expect(await on('row.getMany', 'lines', { rows: 'table', returnAll: false, limit: 5_100 })).toHaveLength(5_100);
  });

  test('a row is deleted by its key, a partition only when that is asked for', async () => {
    const remove = (key: IDataObject, options: IDataObject = {}) =>
      on('row.delete', 'lines', { key: mapped(key), options });
    expect(await remove({ cart: 'full', line: 0 })).toEqual([{ cart: 'full', line: 0, deleted: true }]);
    expect(await remove({ cart: 'full', line: 0 }, { onlyIfThere: true })).toMatchObject([{ deleted: false }]);
    await expect(remove({ cart: 'full' })).rejects.toMatchObject({ code: 'KEY_INCOMPLETE' });
    expect(await many({ returnAll: true })).toHaveLength(ROWS - 1);
    expect(await remove({ cart: 'full' }, { wholePartition: true })).toEqual([{ cart: 'full', deleted: true }]);
    expect(await many({ returnAll: true })).toEqual([]);
  });
});

test('columns that a partition shares are written without a row', async () => {
  await put('lines', { cart: 'static', shared: 'all' });
  expect(await query('SELECT DISTINCT cart, shared FROM lines WHERE cart = ?', 'static')).toEqual([
    { cart: 'static', shared: 'all' },
  ]);
});

test('queries: what defines, what compares, what answers nothing', async () => {
  expect(await query('INSERT INTO sessions (id, note) VALUES (?, ?)', 'q', 'n')).toEqual([{ success: true }]);
  expect(await query('INSERT INTO sessions (id) VALUES (?) IF NOT EXISTS', 'q')).toEqual([
    { applied: false, id: 'q', customer: null, note: 'n', visits: null },
  ]);
  expect(await query('UPDATE sessions SET visits = ? WHERE id = ? IF note = ?', 3, 'q', 'n')).toEqual([
    { applied: true },
  ]);
  expect(await query('ALTER TABLE sessions ADD added text')).toEqual([{ success: true }]);
});
