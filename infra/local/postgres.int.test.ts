import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { separateRoles, urlOfRole } from './database-roles.ts';
import { createDatabase, sameServer, startPostgres, type Postgres } from './postgres.ts';

let folder: string;
let server: Postgres;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-postgres-'));
  await chmod(folder, 0o755);
  server = await startPostgres({ directory: join(folder, 'one'), password: 'first', durable: false });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const asked = async (url: string, ...statements: string[]): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query<object>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
};

test('a stale postmaster.pid that names another server leaves that one alone, and does not stop the start', async () => {
  const directory = join(folder, 'two');
  const options = { directory, password: 'second', durable: false };
  await (await startPostgres(options)).stop();
  const postmaster = await readFile(join(folder, 'one', 'postmaster.pid'), 'utf8');
  const stranger = postmaster.split('\n')[0] ?? '';
  await writeFile(join(directory, 'postmaster.pid'), `${stranger}\n${directory}\n1\n1\n\n\n  0 0\nready\n`);
  const second = await startPostgres(options);
  expect(await asked(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await asked(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test('a server that its guard left behind is ended before the next starts', async () => {
  const directory = join(folder, 'three');
  const options = { directory, password: 'third', durable: false };
  const left = await startPostgres(options);
  process.kill(left.pid ?? 0, 'SIGKILL'); // the guard alone: the server under it goes on
  const next = await startPostgres(options);
  expect(await asked(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await next.stop();
});

describe('roles', () => {
  const shop = { name: 'shop_role', password: 'p@ss:/word', database: 'shop' };
  const editor = { name: 'editor_role', password: 'other', database: 'editor' };

  test('take over what the superuser made, own it, and may no more than that', async () => {
    const old = sameServer(server.url, shop.database);
    await createDatabase(old);
    await asked(
      old,
      'CREATE SCHEMA orders',
      'CREATE SCHEMA extensions',
      'CREATE EXTENSION pg_trgm WITH SCHEMA extensions',
      `CREATE TYPE orders.state AS ENUM ('open')`,
      'CREATE TABLE orders.item (id bigserial PRIMARY KEY, state orders.state, word text) ',
      'CREATE INDEX item_words ON orders.item USING gin (word extensions.gin_trgm_ops)',
      'CREATE TABLE orders.parts (id int) PARTITION BY RANGE (id)',
      'CREATE TABLE orders.part PARTITION OF orders.parts FOR VALUES FROM (0) TO (9)',
      'CREATE SEQUENCE orders.alone',
      'CREATE VIEW orders.seen AS SELECT id FROM orders.item',
      'CREATE FUNCTION orders.twice(n int) RETURNS int LANGUAGE sql AS $$ SELECT 2 * n $$',
      `INSERT INTO orders.item (state) VALUES ('open')`,
    );
    for (let again = 0; again < 2; again += 1) await separateRoles(server.url, [shop, editor]);
    const url = urlOfRole(server.url, shop);
    expect(await asked(url, 'SELECT id FROM orders.seen')).toEqual([{ id: '1' }]);
    await asked(
      url,
      `ALTER TYPE orders.state ADD VALUE 'closed'`,
      'ALTER TABLE orders.item ADD COLUMN n int',
      'INSERT INTO orders.item (n) VALUES (orders.twice(2))',
      'DROP FUNCTION orders.twice',
      'ALTER SEQUENCE orders.alone RESTART WITH 5',
      'DROP TABLE orders.parts',
      'DROP SCHEMA orders CASCADE',
      'CREATE SCHEMA fresh',
    );
    const mine = `SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user`;
    expect(await asked(url, mine)).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
    await expect(asked(url, `COPY (SELECT 1) TO PROGRAM 'true'`)).rejects.toMatchObject({ code: '42501' });
    await expect(asked(url, `SELECT pg_read_file('postgresql.conf')`)).rejects.toMatchObject({ code: '42501' });
  });

  test('may not enter each other’s database, and sign in by their own password alone', async () => {
    await separateRoles(server.url, [shop, editor]);
    for (const [role, other] of [
      [shop, editor],
      [editor, shop],
    ] as const) {
      await expect(
        asked(urlOfRole(server.url, { ...role, database: other.database }), 'SELECT 1'),
      ).rejects.toMatchObject({ code: '42501' });
      await expect(asked(urlOfRole(server.url, { ...role, password: 'first' }), 'SELECT 1')).rejects.toMatchObject({
        code: '28P01',
      });
    }
  });

  test('of a new cluster may make what migrations make, trusted extensions included', async () => {
    await separateRoles(server.url, [{ name: 'newcomer', password: 'x', database: 'new' }]);
    await asked(
      urlOfRole(server.url, { name: 'newcomer', password: 'x', database: 'new' }),
      'CREATE SCHEMA extensions',
      'CREATE EXTENSION pg_trgm WITH SCHEMA extensions',
      `SELECT extensions.similarity('a', 'b')`,
    );
  });
});
