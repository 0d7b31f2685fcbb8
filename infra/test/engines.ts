import { join } from 'node:path';
import { cql } from '../engines/cql/index.ts';
import { druid } from '../engines/druid/index.ts';
import { kafka } from '../engines/kafka/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { terminalProgress } from '../process/progress.ts';
import { check, jestOnEngines, type Check, type Count, type JestCount } from './runs.ts';

/** Which engine a test file is about. */
const engineOf = (file: string): string => {
  const found = Object.entries(ENGINES).find(([, pattern]) => pattern.test(file));
  return found ? found[0] : 'the engines command';
};

const ENGINES: Record<string, RegExp> = {
  'all of them over TLS': /over-tls/,
  'Apache Kafka': /kafka/i,
  Cassandra: /cql|scylla/i,
  'S3 servers': /s3|object-store|minio/i,
  Druid: /druid/i,
  PostgreSQL: /sql|yugabyte/i,
};

const printByEngine = ({ files }: JestCount): void => {
  const passed = new Map<string, number>();
  for (const [file, count] of files) passed.set(engineOf(file), (passed.get(engineOf(file)) ?? 0) + count);
  for (const [engine, count] of passed) console.log(`        ${engine}: ${count} passed`);
};

/** Fetches and builds the engines before anything starts: a build beside running tests would slow both. */
const install = async (): Promise<void> => {
  const progress = terminalProgress();
  for (const engine of [kafka, cql, druid, ...testedServers]) await engine.install(progress);
};

/** `whole` is every test of engines and the whole platform; `short` what every change is tried with. */
export type Extent = 'whole' | 'short';

interface Part {
  /** Patterns of the files with tests of engines; all of them without. */
  engines: readonly string[];
  integration: readonly string[];
}

const PARTS: Record<Extent, Part> = {
  whole: { engines: [], integration: [] },
  short: {
    // The ports' contracts, and the nodes of the datastores.
    engines: ['/port\\.engine\\.test', '/(n8n-package|nodes)/.*\\.engine\\.test'],
    // The domain that uses most: SQL, Kafka and the key-value port.
    integration: ['/microservices/wallet/'],
  },
};

const FAULTS: Check = {
  title: 'faults on Apache Kafka, short form',
  argv: ['infra/faults/main.ts', '--short', '--kafka', 'apache'],
};

/** The ports' tests and the datastore nodes on each real engine, integration tests on Apache Kafka and Cassandra. */
const testsOnEngines = async (folder: string, { engines: matching, integration }: Part): Promise<Count[]> => {
  const cassandra = await cql.start({ folder: join(folder, 'cql'), progress: terminalProgress() });
  try {
    const { username = '', password = '' } = cassandra.credentials ?? {};
    const onCassandra = { TEST_CQL: `${username}:${password}@${cassandra.url}` };
    const engines = await jestOnEngines({ project: 'engines', folder, workers: 1, environment: onCassandra, matching });
    printByEngine(engines);
    const platform = await jestOnEngines({
      ...{ project: 'integration', file: 'integration-on-engines', folder, matching: integration },
      environment: { ...onCassandra, TEST_KAFKA: 'apache' },
      // The embedded broker's own tests are about itself.
      without: ['/infra/embedded-kafka/'],
    });
    console.log(`        on Apache Kafka and Cassandra: ${platform.passed} passed`);
    return [engines, platform];
  } finally {
    await cassandra.stop();
  }
};

/**
 * Tests on real engines, and beside them the fault scenarios with an Apache Kafka that is killed, which mostly wait for
 * the sessions of what was killed. One line a part says how many passed.
 */
export const runOnEngines = async (folder: string, extent: Extent): Promise<Count[]> => {
  await install();
  const faults = check(FAULTS);
  const counts = await testsOnEngines(folder, PARTS[extent]).finally(() => faults);
  return [...counts, await faults];
};
