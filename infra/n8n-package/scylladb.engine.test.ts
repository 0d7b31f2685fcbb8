import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { freePort } from '../local/free-port.ts';
import { buildPackage, type BuiltPackage } from './testing/built-package.ts';
import { createCanvas, type CanvasNode, type RunOptions } from './testing/canvas.ts';
import { startCqlStore, type Store } from './testing/stores.ts';

const TYPE = 'n8n-nodes-fusioncommerce.scyllaDb';
const keyspace = `test_${randomUUID().replaceAll('-', '')}`;
let built: BuiltPackage;
let store: Store;

const canvas = (credential: IDataObject = {}) =>
  createCanvas({
    node: () => built.node(TYPE),
    baseUrl: '',
    apiKey: '',
    timezone: 'Europe/Berlin',
    credential: { ...store.credential, keyspace, ...credential },
  });

const node = (place: string, parameters: IDataObject = {}): CanvasNode => {
  const [resource = '', operation = ''] = place.split('.');
  return { name: 'ScyllaDB', type: TYPE, parameters: { resource, operation, ...parameters } as never };
};
const named = (value: string) => ({ __rl: true, mode: 'name', value });
const mapped = (value: IDataObject) => ({ mappingMode: 'defineBelow', value, schema: [], matchingColumns: [] });
const items = (...rows: IDataObject[]): RunOptions => ({ items: rows.map((json) => ({ json })) });

const run = async (given: CanvasNode, options?: RunOptions): Promise<IDataObject[]> =>
  (await canvas().run([given], options)).map(({ json }) => json);
const query = (text: string, ...values: unknown[]): Promise<IDataObject[]> =>
  run(
    node('query.execute', {
      query: text,
      parametersInput: 'json',
      parametersJson: JSON.stringify(values),
    }),
  );
const on = (place: string, table: string, parameters: IDataObject) =>
  run(node(place, { table: named(table), ...parameters }));
const put = (table: string, columns: IDataObject, options: IDataObject = {}) =>
  on('row.put', table, { columns: mapped(columns), options });
const get = (table: string, key: IDataObject, options: IDataObject = {}) =>
  on('row.get', table, { key: mapped(key), options });

beforeAll(async () => {
  store = await startCqlStore();
  built = await buildPackage();
  await canvas({ keyspace: '' }).run([
    node('query.execute', {
      query: `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    }),
  ]);
  await query('CREATE TYPE place (street text, number int)');
  for (const table of [
    'sessions (id text PRIMARY KEY, customer text, note text, visits int)',
    'lines (cart text, line int, sku text, shared text static, PRIMARY KEY (cart, line))',
    'views (page text, day date, seen counter, liked counter, PRIMARY KEY (page, day))',
    `"OddNames" ("key; DROP" text PRIMARY KEY, "a ""quoted"" column" text)`,
    `kinds (id int PRIMARY KEY, a ascii, big bigint, bytes blob, yes boolean, price decimal, d double, f float, i inet, long varint, s smallint,
      t tinyint, moment timestamp, day date, clock time, u uuid, tu timeuuid, dur duration, tags set<text>, steps list<bigint>,
      prices map<text, decimal>, byday map<date, int>, home place, deep map<text, frozen<list<frozen<place>>>>, pair tuple<int, text>,
      vec vector<float, 3>)`,
  ])
    await query(`CREATE TABLE ${table}`);
}, 300_000);
afterAll(async () => {
  await query(`DROP KEYSPACE IF EXISTS ${keyspace}`);
  await store.stop();
  await built.remove();
}, 60_000);

test('values stay values, whatever stands in them', async () => {
  const evil = `'; DROP TABLE ${keyspace}.sessions; -- " ? $$ \\ {{ 1 + 1 }}`;
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

const KINDS = {
  id: 1,
  a: 'ascii',
  big: '9223372036854775807',
  bytes: 'AAECAw==',
  yes: true,
  price: '12345678901234567890.10',
  d: 0.1,
  f: 1.5,
  i: '10.0.0.1',
  long: '-123456789012345678901234567890',
  s: -32768,
  t: 127,
  moment: '2026-07-01T10:00:00.123Z',
  day: '2026-02-28',
  clock: '23:59:59.123456789',
  u: '123e4567-e89b-42d3-a456-426614174000',
  tu: '50554d6e-29bb-11e5-b345-feff819cdc9f',
  dur: '1h30m',
  tags: ['a', 'b'],
  steps: ['1', '9007199254740993'],
  prices: { eur: '1.10', __proto__x: '2.00' },
  byday: { '2026-01-01': 1 },
  home: { street: 'Long "Street"', number: 7 },
  deep: { all: [{ street: 's', number: null }] },
  pair: [1, 'one'],
  vec: [0.5, 1, -2],
};

test('every type goes in as JSON and comes out the same', async () => {
  expect(await put('kinds', KINDS)).toEqual([KINDS]);
  expect(await get('kinds', { id: 1 })).toEqual([KINDS]);
});

test('types come out of text and of numbers, and large numbers as numbers where that is wanted', async () => {
  await put('kinds', { id: '2', big: 42, price: 1e-7, moment: '2026-07-01T10:00:00', tags: '["x"]', yes: 'true' });
  const [row] = await get(
    'kinds',
    { id: 2 },
    { largeNumbers: 'number', only: ['big', 'price', 'moment', 'tags', 'yes'] },
  );
  // A time without a zone is meant in the workflow's: Berlin.
  expect(row).toEqual({ big: 42, price: 1e-7, moment: '2026-07-01T08:00:00.000Z', tags: ['x'], yes: true });
});

test.each<[string, unknown, string]>([
  ['i', 'nowhere', 'an IP address'],
  ['s', 40000, 'from -32768 to 32767'],
  ['t', 'abc', 'from -128 to 127'],
  ['big', '9223372036854775808', '64 bits'],
  ['big', 9007199254740993, '64 bits'],
  ['price', 'a lot', 'a decimal number'],
  ['day', '2026-02-30', 'a day'],
  ['u', 'x', 'a UUID'],
  ['tu', KINDS.u, 'version 1'],
  ['bytes', 'not base64!', 'base64'],
  ['moment', 'soon', 'a moment'],
  ['yes', 'perhaps', 'true or false'],
  ['steps', [1, 'x'], 'steps[1]'],
  ['home', { town: 'x' }, 'has only street, number'],
  ['prices', { eur: 'x' }, 'prices.eur'],
  ['pair', [1], 'exactly 2 values'],
  ['vec', [1, 2], 'exactly 3 values'],
])('%s refuses %j in words', async (column, value, words) => {
  const failed = put('kinds', { id: 3, [column]: value } as IDataObject);
  await expect(failed).rejects.toThrow(words);
  await expect(failed).rejects.toMatchObject({ code: 'INVALID_VALUE', context: { itemIndex: 0 } });
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
  const made = await canvas().run(
    [
      { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
      node('row.put', { table: named('sessions'), columns: automatic }),
    ],
    given,
  );
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

test.each<[string, string, unknown[], string]>([
  ['SELEKT 1', 'INVALID_QUERY', [], 'SELEKT'],
  ['SELECT nope FROM sessions', 'INVALID_QUERY', [], 'nope'],
  ['SELECT * FROM sessions WHERE id = ?', 'INVALID_QUERY', [], ''],
  ['SELECT * FROM sessions WHERE id = ?', 'PARAMETER_COUNT', ['a', 'b'], 'has 1 parameter (id) and got 2 values'],
  ['', 'INVALID_INPUT', [], 'empty'],
])('%s fails as %s', async (text, code, values, words) => {
  const failed = query(text, ...values);
  await expect(failed).rejects.toMatchObject({ code });
  await expect(failed).rejects.toThrow(words);
});

test('what is not there is named, with what is', async () => {
  await expect(get('sesions', { id: 'x' })).rejects.toMatchObject({
    code: 'TABLE_NOT_FOUND',
    description: expect.stringContaining('sessions') as string,
  });
  await expect(
    run(node('row.get', { keyspace: named('nowhere'), table: named('t'), key: mapped({ id: 'x' }) })),
  ).rejects.toMatchObject({ code: 'KEYSPACE_NOT_FOUND' });
  await expect(put('sessions', { id: 'x', nope: 1 })).rejects.toMatchObject({ code: 'COLUMN_NOT_FOUND' });
  await expect(
    canvas({ keyspace: 'nowhere' }).run([node('query.execute', { query: 'SELECT 1' })]),
  ).rejects.toMatchObject({
    code: 'KEYSPACE_NOT_FOUND',
  });
});

test('a failed item goes on where the node is told to continue, and the others act', async () => {
  const made = await canvas().run(
    [
      { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
      {
        ...node('row.put', {
          table: named('sessions'),
          columns: mapped({ id: '={{ $json.id }}', visits: '={{ $json.visits }}' }),
        }),
        onError: 'continueErrorOutput',
      },
    ],
    items({ id: 'ok-1', visits: 1 }, { id: 'bad', visits: 'many' }, { id: 'ok-2', visits: 2 }),
  );
  expect(made.map(({ json }) => json['id'] ?? (json['error'] as IDataObject)['code'])).toEqual([
    'ok-1',
    'INVALID_VALUE',
    'ok-2',
  ]);
  expect(made.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
});

describe('when there is no way in', () => {
  const one = node('query.execute', { query: 'SELECT cluster_name FROM system.local' });
  test('a host that is away is named, for every item', async () => {
    const port = await freePort();
    const away = canvas({ contactPoints: `127.0.0.1:${port}` });
    const failed = away.run([one]);
    await expect(failed).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(failed).rejects.toThrow(`127.0.0.1:${port}`);
    const continued = await away.run(
      [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        { ...one, onError: 'continueRegularOutput' },
      ],
      items({}, {}),
    );
    expect(continued.map(({ json }) => (json['error'] as IDataObject)['code'])).toEqual(['UNREACHABLE', 'UNREACHABLE']);
  });

  test('a wrong password, a wrong data center, no contact point', async () => {
    await expect(canvas({ password: 'wrong' }).run([one])).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    await expect(canvas({ localDataCenter: 'mars' }).run([one])).rejects.toMatchObject({
      code: 'DATA_CENTER_NOT_FOUND',
    });
    await expect(canvas({ contactPoints: ' ' }).run([one])).rejects.toThrow('names no contact point');
    await expect(canvas({ contactPoints: 'http://x' }).run([one])).rejects.toThrow('is host:port');
    expect(await canvas({ localDataCenter: '' }).run([one])).toHaveLength(1);
  });

  test('TLS where the server has none is said', async () => {
    await expect(canvas({ ssl: true }).run([one])).rejects.toMatchObject({
      code: expect.stringMatching(/^(TLS_FAILED|UNREACHABLE)$/) as string,
    });
  });
});

describe('the form asks the database', () => {
  test('keyspaces and tables, searched', async () => {
    const spaces = await canvas().list(node('row.get'), 'searchKeyspaces', keyspace.slice(0, 12));
    expect(spaces.results.map(({ value }) => value)).toContain(keyspace);
    const found = await canvas().list(node('row.get'), 'searchTables', 'SESS');
    expect(found.results).toEqual([{ name: 'sessions', value: 'sessions' }]);
    await expect(canvas({ keyspace: '' }).list(node('row.get'), 'searchTables')).rejects.toThrow('Choose the keyspace');
  });

  test('columns of keys, rows and counters', async () => {
    const lines = node('row.get', { table: named('lines') });
    expect(await canvas().load(lines, 'resourceMapping', 'keyColumns')).toMatchObject({
      fields: [
        { id: 'cart', displayName: 'cart (text)', required: true, type: 'string' },
        { id: 'line', required: true, type: 'number' },
      ],
    });
    const { fields } = (await canvas().load(
      node('row.put', { table: named('kinds') }),
      'resourceMapping',
      'rowColumns',
    )) as {
      fields: { id: string; type: string; required: boolean }[];
    };
    expect(fields.find(({ required }) => required)).toMatchObject({ id: 'id' });
    expect(Object.fromEntries(fields.map(({ id, type }) => [id, type]))).toMatchObject({
      big: 'string',
      yes: 'boolean',
      moment: 'dateTime',
      tags: 'array',
      prices: 'object',
      home: 'object',
      vec: 'array',
    });
    const counters = node('counter.increment', { table: named('views') });
    expect(await canvas().load(counters, 'loadOptions', 'counterColumns')).toMatchObject([
      { value: 'liked' },
      { value: 'seen' },
    ]);
  });

  test('the credential is tested for real', async () => {
    const { scyllaDbTest } = built.node(TYPE).methods?.credentialTest ?? {};
    const tested = (more: IDataObject) =>
      scyllaDbTest?.call({} as never, { data: { ...store.credential, ...more } } as never);
    expect(await tested({})).toMatchObject({ status: 'OK', message: expect.stringContaining('datacenter1') as string });
    expect(await tested({ password: 'wrong' })).toMatchObject({ status: 'Error' });
    expect(await tested({ keyspace: 'nowhere' })).toMatchObject({ status: 'Error' });
  });
});
