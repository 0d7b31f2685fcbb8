import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../local/postgres.ts';

/** One PostgreSQL for the whole run; every test file makes a database of its own in it. */
export default async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-test-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ directory: join(folder, 'postgres'), password: 'test', durable: false });
  process.env.TEST_DATABASE_URL = postgres.url;
  globalThis.stopPostgres = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
};
