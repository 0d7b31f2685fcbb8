import { join } from 'node:path';
import { cql } from '../engines/cql/index.ts';
import { druid } from '../engines/druid/index.ts';
import { kafka } from '../engines/kafka/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { terminalProgress } from '../process/progress.ts';
import { check, jestOnEngines, type Count, type JestCount } from './runs.ts';

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

/** What is only built or fetched once, before anything is started: a build beside running tests would slow both. */
const install = async (): Promise<void> => {
  const progress = terminalProgress();
  for (const engine of [kafka, cql, druid, ...testedServers]) await engine.install(progress);
};

/**
 * The ports' tests and the datastore nodes against each real engine, the integration tests on Apache Kafka and Cassandra, the fault scenarios with an Apache Kafka that
 * is killed. One line a part says how many passed.
 */
export const runOnEngines = async (folder: string): Promise<Count[]> => {
  await install();
  const cassandra = await cql.start({ folder: join(folder, 'cql'), progress: terminalProgress() });
  const counts: Count[] = [];
  try {
    const { username = '', password = '' } = cassandra.credentials ?? {};
    const onCassandra = { TEST_CQL: `${username}:${password}@${cassandra.url}` };
    const engines = await jestOnEngines({ project: 'engines', folder, workers: 1, environment: onCassandra });
    printByEngine(engines);
    // The embedded broker's own tests are about itself.
    const environment = { ...onCassandra, TEST_KAFKA: 'apache' };
    const file = 'integration-on-engines';
    const whole = await jestOnEngines({
      project: 'integration',
      file,
      folder,
      environment,
      without: ['/infra/embedded-kafka/'],
    });
    console.log(`        the platform on Apache Kafka and Cassandra: ${whole.passed} passed`);
    counts.push(engines, whole);
  } finally {
    await cassandra.stop();
  }
  const faults = ['infra/faults/main.ts', '--short', '--kafka', 'apache'];
  return [...counts, await check('faults on Apache Kafka, short form', faults)];
};
