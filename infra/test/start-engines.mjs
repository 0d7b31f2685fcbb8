import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cql } from '../engines/cql/index.ts';
import { kafka } from '../engines/kafka/index.ts';
import { startPostgres } from '../local/postgres.ts';
import { terminalProgress } from '../process/progress.ts';

/**
 * One PostgreSQL for the whole run; every test file makes a database of its own in it. With TEST_KAFKA=apache also an
 * Apache Kafka for each worker, which test files empty one after the other (broker.ts). With TEST_CQL=cassandra an
 * Apache Cassandra too, in which every test file makes keyspaces of its own.
 */
export default async ({ maxWorkers }) => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-test-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ directory: join(folder, 'postgres'), password: 'test', durable: false });
  process.env.TEST_DATABASE_URL = postgres.url;
  const brokers = process.env.TEST_KAFKA === 'apache' ? await startBrokers(folder, maxWorkers) : [];
  process.env.TEST_KAFKA_BROKERS = brokers.map(({ url }) => url).join(',');
  const cassandra = process.env.TEST_CQL === 'cassandra' ? await startCassandra(folder) : undefined;
  globalThis.stopEngines = async () => {
    await Promise.all([postgres.stop(), ...brokers.map((broker) => broker.stop()), cassandra?.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
};

const startBrokers = (folder, count) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      kafka.start({ folder: join(folder, `kafka-${index}`), progress: terminalProgress() }),
    ),
  );

const startCassandra = async (folder) => {
  const running = await cql.start({ folder: join(folder, 'cassandra'), progress: terminalProgress() });
  const { username, password } = running.credentials;
  process.env.TEST_CQL = `${username}:${password}@${running.url}`;
  return running;
};
