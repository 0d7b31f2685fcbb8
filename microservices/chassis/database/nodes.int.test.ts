import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type Postgres } from '../../../infra/local/postgres.ts';
import { createPool } from './pool.ts';

/** Two real servers that tell of each other as the nodes of a YugabyteDB cluster do. */
let folder: string;
let servers: Postgres[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-nodes-'));
  await chmod(folder, 0o755);
  servers = await Promise.all(
    ['left', 'right'].map((name) => startPostgres({ directory: join(folder, name), password: 'p', durable: false })),
  );
  for (const { url } of servers) await tell(url);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

const portOf = (index: number): number => Number(new URL(servers[index]?.url ?? '').port);

/**
 * The function that YugabyteDB brings (documentation: "Cluster topology"); a read replica and a node that is away are
 * among them.
 */
const tell = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE FUNCTION yb_servers() RETURNS TABLE (host text, port bigint, num_connections bigint, node_type text,
      cloud text, region text, zone text, public_ip text, uuid text) LANGUAGE sql AS $$ VALUES
      ('127.0.0.1', ${portOf(0)}::bigint, 0::bigint, 'primary', 'c', 'west', 'a', '', 'n1'),
      ('127.0.0.1', ${portOf(1)}, 0, 'primary', 'c', 'east', 'a', '', 'n2'),
      ('127.0.0.1', 1, 0, 'primary', 'c', 'east', 'b', '', 'n3'),
      ('127.0.0.1', 2, 0, 'read_replica', 'c', 'west', 'a', '', 'n4') $$`);
  await client.end();
};

/** On which servers so many connections of one pool end up. */
const portsOf = async (parameters: string, connections: number): Promise<number[]> => {
  const address = new URL(servers[0]?.url ?? '');
  address.search = parameters;
  const pool = createPool({ url: address.href, schema: 'public', max: connections });
  try {
    const ask = 'SELECT inet_server_port() AS port, pg_sleep(0.2)';
    const answers = await Promise.all(Array.from({ length: connections }, () => pool.query<{ port: number }>(ask)));
    return answers.map(({ rows }) => rows[0]?.port ?? 0);
  } finally {
    await pool.end();
  }
};

const count = (ports: number[]): number[] =>
  [0, 1].map((index) => ports.filter((port) => port === portOf(index)).length);

test('without the parameter every connection goes where the URL points', async () => {
  expect(count(await portsOf('', 6))).toEqual([6, 0]);
});

test('with load_balance=true connections are spread over the primary nodes that answer', async () => {
  const [left = 0, right = 0] = count(await portsOf('load_balance=true', 9));
  expect(left + right).toBe(9);
  expect(Math.min(left, right)).toBeGreaterThanOrEqual(3);
});

test('nodes of the wanted places come first', async () => {
  expect(count(await portsOf('load_balance=true&topology_keys=c.east.*', 5))).toEqual([0, 5]);
  expect(count(await portsOf('load_balance=true&topology_keys=c.west.a', 5))).toEqual([5, 0]);
});

test('where nobody of the wanted places answers, the others serve', async () => {
  const ports = await portsOf('load_balance=true&topology_keys=c.east.b', 4);
  expect(count(ports).reduce((sum, one) => sum + one)).toBe(4);
});

test('a server without yb_servers is used as the URL says', async () => {
  const client = new pg.Client({ connectionString: servers[0]?.url });
  await client.connect();
  try {
    await client.query('ALTER FUNCTION yb_servers() RENAME TO away');
    expect(count(await portsOf('load_balance=true', 3))).toEqual([3, 0]);
  } finally {
    await client.query('ALTER FUNCTION away() RENAME TO yb_servers');
    await client.end();
  }
});

test('when a node ends, its connections are replaced by ones to the other', async () => {
  const address = new URL(servers[0]?.url ?? '');
  address.search = 'load_balance=true';
  const pool = createPool({ url: address.href, schema: 'public', max: 4 });
  const ask = async () => (await pool.query<{ port: number }>('SELECT inet_server_port() AS port, pg_sleep(0.1)')).rows;
  await Promise.all(Array.from({ length: 4 }, ask));
  await servers[1]?.stop();
  // Open connections end with the node; later ones are served.
  await Promise.allSettled(Array.from({ length: 4 }, ask));
  const answers = (await Promise.all(Array.from({ length: 4 }, ask))).flat();
  expect(answers.map(({ port }) => port)).toEqual(Array.from({ length: 4 }, () => portOf(0)));
  await pool.end();
}, 30_000);
