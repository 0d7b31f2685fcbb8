import type { IDataObject } from 'n8n-workflow';
import { startScyllaDbBench, type ScyllaDbBench } from './testing/scylladb.ts';

let bench: ScyllaDbBench;
beforeAll(async () => {
  bench = await startScyllaDbBench([
    'CREATE TYPE place (street text, number int)',
    `CREATE TABLE kinds (id int PRIMARY KEY, a ascii, big bigint, bytes blob, yes boolean, price decimal, d double, f float, i inet, long varint, s smallint,
      t tinyint, moment timestamp, day date, clock time, u uuid, tu timeuuid, dur duration, tags set<text>, steps list<bigint>,
      prices map<text, decimal>, byday map<date, int>, home place, deep map<text, frozen<list<frozen<place>>>>, pair tuple<int, text>,
      vec vector<float, 3>)`,
  ]);
}, 300_000);
afterAll(() => bench.stop(), 60_000);
const put: ScyllaDbBench['put'] = (...given) => bench.put(...given);
const get: ScyllaDbBench['get'] = (...given) => bench.get(...given);
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
