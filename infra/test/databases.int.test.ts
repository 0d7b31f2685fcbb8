import pg from 'pg';
import { wallet } from '../../microservices/wallet/index.ts';
import { openDatabase } from '../../microservices/chassis/database/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { migratedDatabase } from './databases.ts';

const services = [wallet as unknown as ServiceDefinition];
const ask = async <Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
};

test('tests with the same services get copies of one template, asked for at once too; none sees what another writes', async () => {
  const [first = '', second = '', third = ''] = await Promise.all([1, 2, 3].map(() => migratedDatabase(services)));
  expect(new Set([first, second, third]).size).toBe(3);
  await ask(first, 'CREATE TABLE wallet.only_here ()');
  const tables = (url: string) =>
    ask(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'wallet' AND tablename IN ('only_here', 'outbox')`);
  expect(await tables(first)).toHaveLength(2);
  expect(await tables(second)).toEqual([{ tablename: 'outbox' }]);
  expect(await tables(third)).toEqual([{ tablename: 'outbox' }]);
});

test('nothing is left to migrate in a copy', async () => {
  const url = await migratedDatabase(services);
  const steps = () => ask<{ steps: string }>(url, 'SELECT count(*) AS steps FROM wallet.migration_step');
  const before = await steps();
  const database = openDatabase({ url, schema: 'wallet' });
  await database.migrate(wallet.migrations).finally(() => database.close());
  expect(Number(before[0]?.steps)).toBeGreaterThan(10);
  expect(await steps()).toEqual(before);
});
