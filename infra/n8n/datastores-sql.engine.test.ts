import pg from 'pg';
import { freshDatabase } from '../test/platform.ts';
import { PACKAGE, startLoneN8n, type LoneN8n } from './testing-alone.ts';

let n8n: LoneN8n;
let database: pg.Pool;
let data: Record<string, unknown>;

beforeAll(async () => {
  const url = new URL(await freshDatabase());
  database = new pg.Pool({ connectionString: url.href, max: 2 });
  await database.query('CREATE TABLE orders (id text PRIMARY KEY, total numeric(12,2), placed timestamptz, doc jsonb)');
  data = {
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    maxConnections: 10,
    ssl: false,
  };
  n8n = await startLoneN8n();
}, 300_000);
afterAll(async () => {
  await n8n?.stop();
  await database?.end();
}, 60_000);

const located = (value: string) => ({ __rl: true, mode: 'name', value });
const upsert = { resource: 'row', operation: 'upsert', schema: located('public'), table: located('orders') };

test('n8n tests the credential by the node’s own method', async () => {
  expect(await n8n.testCredential('yugabyteDb', data)).toMatchObject({
    status: 'OK',
    message: expect.stringContaining('(PostgreSQL 15') as string,
  });
  expect(await n8n.testCredential('yugabyteDb', { ...data, password: 'wrong' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('refused the user') as string,
  });
});

test('the editor lists tables and columns', async () => {
  const credentials = await n8n.makeCredential('yugabyteDb', data);
  const form = { node: 'yugabyteDb', credentials, parameters: upsert };
  expect(await n8n.search('searchTables', { ...form, filter: 'ord' })).toEqual([{ name: 'orders', value: 'orders' }]);
  const fields = await n8n.fields('columnsToUpsert', form);
  expect(fields.map(({ id }) => id)).toEqual(['id', 'total', 'placed', 'doc']);
});

test('a workflow writes its items in one transaction and reads them back', async () => {
  const credentials = await n8n.makeCredential('yugabyteDb', data);
  const form = { node: 'yugabyteDb', credentials, parameters: upsert };
  const schema = await n8n.fields('columnsToUpsert', form);
  const { run } = await n8n.publish([
    { name: 'Split Out', type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'body.items', options: {} } },
    {
      name: 'Keep Orders',
      type: `${PACKAGE}.yugabyteDb`,
      credentials,
      parameters: {
        ...upsert,
        columns: {
          mappingMode: 'defineBelow',
          value: {
            id: '={{ $json.id }}',
            total: '={{ $json.total }}',
            placed: '={{ $json.placed }}',
            doc: '={{ $json }}',
          },
          matchingColumns: ['id'],
          schema,
        },
        options: { batching: 'transaction' },
      },
    },
    {
      name: 'Read Them',
      type: `${PACKAGE}.yugabyteDb`,
      credentials,
      parameters: {
        resource: 'query',
        operation: 'execute',
        query: 'SELECT * FROM orders WHERE id = $1',
        parametersInput: 'fields',
        parameters: { parameter: [{ value: '={{ $json.id }}' }] },
      },
    },
  ]);
  const items = [
    { id: `o'1; DROP TABLE orders`, total: '1234567890.25', placed: '2026-03-01T10:00:00.000Z' },
    { id: 'o2', total: '0.10', placed: '2026-03-02T10:00:00.000Z' },
  ];
  expect(await run({ items })).toEqual(items.map((item) => ({ ...item, doc: item })));
  const refused = [{ ...items[1], total: '1.00' }, { id: 'o3', total: 'much', placed: null }]; // prettier-ignore
  await expect(run({ items: refused })).rejects.toThrow('INVALID_VALUE');
  const { rows } = await database.query('SELECT id, total FROM orders ORDER BY placed');
  expect(rows).toEqual(items.map(({ id, total }) => ({ id, total })));
});
