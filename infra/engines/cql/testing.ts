import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../../process/progress.ts';
import { cql } from './index.ts';

/** A new Cassandra takes its time, above all where others are busy too. */
export const CASSANDRA_PATIENCE_MS = 240_000;

/** The value of TEST_CQL for the Cassandra that was started. */
const addressOf = ({ url, credentials }: Awaited<ReturnType<typeof cql.start>>): string =>
  credentials ? `${credentials.username}:${credentials.password}@${url}` : url;

/**
 * Sees to it that TEST_CQL names a cluster in this test file: the one that it names already, or a new Cassandra.
 * Returns how to give it back.
 */
export const borrowCassandra = async (): Promise<() => Promise<void>> => {
  if (process.env['TEST_CQL']) return async () => undefined;
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cassandra-'));
  const running = await cql.start({ folder, progress: silentProgress });
  process.env['TEST_CQL'] = addressOf(running);
  return async () => {
    delete process.env['TEST_CQL'];
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
};
