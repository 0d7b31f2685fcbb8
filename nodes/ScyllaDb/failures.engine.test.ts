import type { IDataObject } from 'n8n-workflow';
import { freePort } from '../../infra/process/free-port.ts';
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
    'CREATE TYPE place (street text, number int)',
    `CREATE TABLE kinds (id int PRIMARY KEY, a ascii, big bigint, bytes blob, yes boolean, price decimal, d double, f float, i inet, long varint, s smallint,
      t tinyint, moment timestamp, day date, clock time, u uuid, tu timeuuid, dur duration, tags set<text>, steps list<bigint>,
      prices map<text, decimal>, byday map<date, int>, home place, deep map<text, frozen<list<frozen<place>>>>, pair tuple<int, text>,
      vec vector<float, 3>)`,
  ]);
}, 300_000);
afterAll(() => bench.stop(), 60_000);
const run: ScyllaDbBench['run'] = (...given) => bench.run(...given);
const query: ScyllaDbBench['query'] = (...given) => bench.query(...given);
const put: ScyllaDbBench['put'] = (...given) => bench.put(...given);
const get: ScyllaDbBench['get'] = (...given) => bench.get(...given);
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
    bench.canvas({ keyspace: 'nowhere' }).run([node('query.execute', { query: 'SELECT 1' })]),
  ).rejects.toMatchObject({
    code: 'KEYSPACE_NOT_FOUND',
  });
});

test('a failed item goes on where the node is told to continue, and the others act', async () => {
  const made = await bench.canvas().run(
    [
      start,
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
    const away = bench.canvas({ contactPoints: `127.0.0.1:${port}` });
    const failed = away.run([one]);
    await expect(failed).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(failed).rejects.toThrow(`127.0.0.1:${port}`);
    const continued = await away.run([start, { ...one, onError: 'continueRegularOutput' }], items({}, {}));
    expect(continued.map(({ json }) => (json['error'] as IDataObject)['code'])).toEqual(['UNREACHABLE', 'UNREACHABLE']);
  });

  test('a wrong password, a wrong data center, no contact point', async () => {
    await expect(bench.canvas({ password: 'wrong' }).run([one])).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    });
    await expect(bench.canvas({ localDataCenter: 'mars' }).run([one])).rejects.toMatchObject({
      code: 'DATA_CENTER_NOT_FOUND',
    });
    await expect(bench.canvas({ contactPoints: ' ' }).run([one])).rejects.toThrow('names no contact point');
    await expect(bench.canvas({ contactPoints: 'http://x' }).run([one])).rejects.toThrow('is host:port');
    expect(await bench.canvas({ localDataCenter: '' }).run([one])).toHaveLength(1);
  });

  test('TLS where the server has none is said', async () => {
    await expect(bench.canvas({ ssl: true }).run([one])).rejects.toMatchObject({
      code: expect.stringMatching(/^(TLS_FAILED|UNREACHABLE)$/) as string,
    });
  });
});

describe('the form asks the database', () => {
  test('keyspaces and tables, searched', async () => {
    const spaces = await bench.canvas().list(node('row.get'), 'searchKeyspaces', bench.keyspace.slice(0, 12));
    expect(spaces.results.map(({ value }) => value)).toContain(bench.keyspace);
    const found = await bench.canvas().list(node('row.get'), 'searchTables', 'SESS');
    expect(found.results).toEqual([{ name: 'sessions', value: 'sessions' }]);
    await expect(bench.canvas({ keyspace: '' }).list(node('row.get'), 'searchTables')).rejects.toThrow(
      'Choose the keyspace',
    );
  });

  test('columns of keys, rows and counters', async () => {
    const lines = node('row.get', { table: named('lines') });
    expect(await bench.canvas().load(lines, 'resourceMapping', 'keyColumns')).toMatchObject({
      fields: [
        { id: 'cart', displayName: 'cart (text)', required: true, type: 'string' },
        { id: 'line', required: true, type: 'number' },
      ],
    });
    const { fields } = (await bench
      .canvas()
      .load(node('row.put', { table: named('kinds') }), 'resourceMapping', 'rowColumns')) as {
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
    expect(await bench.canvas().load(counters, 'loadOptions', 'counterColumns')).toMatchObject([
      { value: 'liked' },
      { value: 'seen' },
    ]);
  });

  test('the credential is tested for real', async () => {
    const { scyllaDbTest } = bench.built.node('n8n-nodes-fusioncommerce.scyllaDb').methods?.credentialTest ?? {};
    const tested = (more: IDataObject) =>
      scyllaDbTest?.call({} as never, { data: { ...bench.store.credential, ...more } } as never);
    expect(await tested({})).toMatchObject({ status: 'OK', message: expect.stringContaining('datacenter1') as string });
    expect(await tested({ password: 'wrong' })).toMatchObject({ status: 'Error' });
    expect(await tested({ keyspace: 'nowhere' })).toMatchObject({ status: 'Error' });
  });
});
