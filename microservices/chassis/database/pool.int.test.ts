import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { until } from '../testing/until.ts';
import { openDatabase } from './index.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

test('an idle connection that the server ends is told and replaced; one that ends while the pool closes is no news', async () => {
  const told: string[] = [];
  const database = openDatabase({ url: own.url, schema: 'public', onError: ({ message }) => void told.push(message) });
  const { pid } = await database.one<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await own.open('public').run('SELECT pg_terminate_backend($1)', [pid]);
  await until(() => told.length === 1);
  expect(told[0]).toContain('administrator command');
  expect((await database.one<{ pid: number }>('SELECT pg_backend_pid() AS pid')).pid).not.toBe(pid);

  const closed = database.close();
  // The error of pg when the server closes first, which cannot be timed.
  database.pool.emit('error', new Error('terminating connection'));
  await closed;
  expect(told).toHaveLength(1);
});
