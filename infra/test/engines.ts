import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cql } from '../engines/cql/index.ts';
import { kafka } from '../engines/kafka/index.ts';
import { terminalProgress } from '../local/progress.ts';
import { check, close, jest, type Count, type JestCount } from './runs.ts';

/**
 * `npm run test:engines`: on real engines the ports' tests and the datastore nodes against each engine, the integration tests on
 * Apache Kafka and Cassandra, the fault scenarios with an Apache Kafka that is killed. One line a part says how many passed; the last counts them all.
 */
const progress = terminalProgress();
const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-engines-'));
const counts: Count[] = [];

/** Which engine a test file is about. */
const engineOf = (file: string): string => {
  const found = Object.entries(ENGINES).find(([, pattern]) => pattern.test(file));
  return found ? found[0] : 'the engines command';
};

const ENGINES: Record<string, RegExp> = {
  'Apache Kafka': /kafka/i,
  Cassandra: /cql|scylla/i,
  'S3 servers': /s3|object-store|minio/i,
  Druid: /druid/i,
  PostgreSQL: /sql|yugabyte|datastores\.engine/i,
};

const printByEngine = ({ files }: JestCount): void => {
  const passed = new Map<string, number>();
  for (const [file, count] of files) passed.set(engineOf(file), (passed.get(engineOf(file)) ?? 0) + count);
  for (const [engine, count] of passed) console.log(`        ${engine}: ${count} passed`);
};

try {
  await kafka.install(progress);
  const cassandra = await cql.start({ folder: join(folder, 'cql'), progress });
  try {
    const { username = '', password = '' } = cassandra.credentials ?? {};
    const onCassandra = { TEST_CQL: `${username}:${password}@${cassandra.url}` };
    const engines = await jest({ project: 'engines', folder, workers: 1, environment: onCassandra });
    printByEngine(engines);
    counts.push(engines);
    // The embedded broker's own tests are about itself.
    const environment = { ...onCassandra, TEST_KAFKA: 'apache' };
    const whole = await jest({ project: 'integration', folder, environment, without: ['/infra/embedded-kafka/'] });
    console.log(`        the platform on Apache Kafka and Cassandra: ${whole.passed} passed`);
    counts.push(whole);
  } finally {
    await cassandra.stop();
  }
  const faults = ['infra/faults/main.ts', '--short', '--kafka', 'apache'];
  counts.push(await check('faults on Apache Kafka, short form', faults));
} finally {
  await rm(folder, { recursive: true, force: true });
}
close(counts);
