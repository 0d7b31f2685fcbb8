import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from '../../microservices/chassis/client.ts';
import { topicOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import type { Database } from '../../microservices/chassis/database/index.ts';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import type { KeyValue } from '../../microservices/ports/key-value/port.ts';
import { openSqlKeyValue } from '../../microservices/ports/key-value/sql.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { createAccess, type Access } from '../platform/access.ts';
import { keyspaceOf } from '../platform/key-value.ts';
import type { S3Bucket } from '../platform/objects.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { silentProgress } from '../process/progress.ts';
import { borrowBroker } from './broker.ts';
import { migratedDatabase } from './databases.ts';

export { freshDatabase } from './databases.ts';

export interface TestPlatform {
  url: string;
  access: Access;
  adminKey: string;
  kafka: string[];
  databaseUrl: string;
  /** A typed client, with full access unless a credential (or '' for none) is given. */
  client<Of extends Contract>(contract: Of, options?: { credential?: string }): Client<Of>;
  /** The events published so far on a domain's topic, in arrival order. */
  events(domain: string): CommerceEvent[];
  /** The first event of a type (that fits) on any topic, waiting up to 20 s for it. */
  waitForEvent(type: string, fits?: (event: CommerceEvent) => boolean): Promise<CommerceEvent>;
  /** The schema of a running domain, for looking behind the API. */
  database(domain: string): Database;
  /** The key-value store of a running domain: in its schema, or on the cluster that TEST_CQL names. */
  keyValue(domain: string): KeyValue;
  stop(): Promise<void>;
}

export interface TestPlatformOptions extends Partial<
  Pick<
    PlatformOptions,
    | 'now'
    | 'environment'
    | 'rateLimit'
    | 'trustProxy'
    | 'remote'
    | 'poolSize'
    | 'openRoutes'
    | 'routes'
    | 's3'
    | 'access'
    | 'partitions'
  >
> {
  // Definitions are invariant in their contract; tests pass any of them.
  services: readonly unknown[];
  /** False for a test that looks at no event, which saves the work of reading all of them. */
  collectsEvents?: boolean;
}

/**
 * Runs services as `npm start` does, on a database and a broker of this test's own; objects are in a folder, or in a
 * bucket of this test's own on the S3 server of `s3` or TEST_S3. Call `stop` in afterAll.
 */
export const startTestPlatform = async ({
  services,
  s3,
  access = createAccess(),
  collectsEvents = true,
  ...rest
}: TestPlatformOptions): Promise<TestPlatform> => {
  const definitions = services as readonly ServiceDefinition[];
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-platform-'));
  const databaseUrl = await migratedDatabase(definitions);
  const broker = await borrowBroker(folder);
  const cql = await testKeyspaces(definitions.map(({ contract }) => contract.domain));
  const bucket = freshBucket(s3 ?? testS3());
  const giveBack = async (): Promise<void> => {
    await broker.giveBack();
    await cql?.drop();
    if (bucket) await removeBucket(bucket);
    await rm(folder, { recursive: true, force: true });
  };
  const platform = await startPlatform({
    services: definitions,
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    kafka: [broker.address],
    cql: cql?.connection,
    s3: bucket,
    dataFolder: folder,
    access,
    logLevel: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
    progress: silentProgress,
    rateLimit: { perMinutePerKey: 1_000_000, perMinutePerAddress: 1_000_000 },
    ...rest,
  }).catch(async (error: unknown) => {
    await giveBack();
    throw error;
  });
  const topics = definitions.map((definition) => topicOf(definition.contract));
  const seen = collectsEvents ? await collectEvents([broker.address], topics) : NOTHING_COLLECTED;
  const database = (domain: string): Database => {
    const service = platform.services.find((running) => running.domain === domain);
    if (!service) throw new Error(`The service ${domain} does not run in this test`);
    return service.database;
  };
  return {
    url: platform.url,
    access,
    adminKey: access.adminKey,
    kafka: [broker.address],
    databaseUrl,
    client: (contract, options) =>
      createClient(contract, { url: platform.url, credential: options?.credential ?? access.adminKey }),
    events: (domain) => seen.events.filter((event) => event.source === `/${domain}`),
    waitForEvent: seen.waitFor,
    database,
    keyValue: (domain) => cql?.keyValue(domain) ?? openSqlKeyValue(database(domain)),
    stop: async () => {
      await Promise.all([seen.stop(), platform.stop()]);
      await giveBack();
    },
  };
};

/**
 * Keyspaces of this test's own on the cluster that TEST_CQL names; undefined, for key-value state in SQL, where it
 * names none.
 */
const testKeyspaces = async (domains: readonly string[]) => {
  if (!process.env['TEST_CQL']) return undefined;
  // Drivers take long to load, and most runs have no such engine.
  const { cqlKeyValue, openCqlCluster } = await import('../../microservices/ports/key-value/cql.ts');
  const { dropKeyspace, newKeyspace, testCqlAddress } =
    await import('../../microservices/ports/key-value/testing/cql.ts');
  const [address, keyspace] = [testCqlAddress(), newKeyspace()];
  const cluster = await openCqlCluster(address);
  return {
    connection: { ...address, keyspace },
    keyValue: (domain: string) => cqlKeyValue(cluster, keyspaceOf(keyspace, domain)),
    drop: async () => {
      for (const domain of domains) await dropKeyspace(cluster, keyspaceOf(keyspace, domain));
      await cluster.close();
    },
  };
};

const removeBucket = async (bucket: S3Bucket): Promise<void> => {
  const { removeS3Bucket } = await import('../../microservices/ports/object-store/s3/testing.ts');
  await removeS3Bucket(bucket);
};

const testS3 = (): S3Bucket | undefined => {
  const { TEST_S3: url, TEST_S3_REGION: region } = process.env;
  return url ? { url, ...(region ? { region } : {}) } : undefined;
};

/** A new bucket on the same server, which the platform makes when it starts. */
const freshBucket = (s3: S3Bucket | undefined): S3Bucket | undefined => {
  if (!s3) return undefined;
  const url = new URL(s3.url);
  url.pathname = `/test-${randomBytes(6).toString('hex')}`;
  return { ...s3, url: url.href };
};

const NOTHING_COLLECTED = {
  events: [] as CommerceEvent[],
  waitFor: async (): Promise<CommerceEvent> => {
    throw new Error('This platform was started without collecting events.');
  },
  stop: async (): Promise<void> => undefined,
};

const collectEvents = async (brokers: string[], topics: string[]) => {
  const events: CommerceEvent[] = [];
  const kafka = createKafka({ brokers, clientId: 'test', log: createLogger({ level: 'fatal', service: 'test' }) });
  const consumer = openConsumer(kafka, { groupId: `test-${randomBytes(4).toString('hex')}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void events.push(fromMessage(message)) });
  return {
    events,
    waitFor: async (type: string, fits: (event: CommerceEvent) => boolean = () => true) => {
      const found = () => events.find((event) => event.type === type && fits(event));
      const seen = () => found() ?? [...new Set(events.map((event) => event.type))];
      const event = await untilWithin(20_000)(`an event ${type} comes`, seen, (value) => !Array.isArray(value));
      return event as CommerceEvent;
    },
    stop: async () => {
      await consumer.disconnect();
    },
  };
};
