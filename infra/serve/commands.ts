import { resolve } from 'node:path';
import { databaseStartFailure } from '../../microservices/chassis/database/start-error.ts';
import { openDatabase } from '../../microservices/chassis/database/index.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { kafkaStartFailure } from '../../microservices/chassis/kafka/start-error.ts';
import { ensureTopics, expectTopics, MissingTopics } from '../../microservices/chassis/kafka/topics.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { createAccess } from '../platform/access.ts';
import { remoteServices } from '../platform/choose-services.ts';
import { readKafkaSecurity } from '../platform/kafka-security.ts';
import { readCqlConnection } from '../platform/key-value.ts';
import { readKeys } from '../platform/keys.ts';
import { migrateSchemas, missingMigrations } from '../platform/migrations.ts';
import { readS3Bucket } from '../platform/objects.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { allServices } from '../platform/services.ts';
import { startPlatform, type RunningPlatform } from '../platform/start-platform.ts';
import { topicsOf } from '../platform/topics.ts';
import type { Progress } from '../process/progress.ts';
import { stopOnSignal } from '../process/stop-on-signal.ts';
import type { Arguments } from './arguments.ts';

/** What every command gets. */
export interface Call extends Arguments {
  environment: Record<string, string | undefined>;
  progress: Progress;
}

const contracts = allServices.map(({ contract }) => contract);

/** Runs the services until SIGTERM. */
export const serve = async (call: Call): Promise<void> => {
  // A signal may come before there is a platform.
  const running: { platform?: RunningPlatform } = {};
  stopOnSignal(async () => running.platform?.stop(), call.progress);
  const platform = await startPlatform(await platformOptions(call));
  running.platform = platform;
  if (platform.adminUrl) call.progress.done('Metrics', `${platform.adminUrl}/metrics`);
  call.progress.done('Ready', platform.url);
};

const platformOptions = async ({ options, services, environment, progress }: Call): Promise<PlatformOptions> => ({
  services,
  contracts,
  remote: remoteServices(options.serviceUrls, services),
  cql: await readCqlConnection(options, environment),
  s3: await readS3Bucket(options, environment),
  kafkaSecurity: await readKafkaSecurity(options, environment),
  // Passwords of embedded engines are in it too; this command has none of those.
  access: {
    ...createAccess(),
    ...readKeys(environment, 'services share these keys, so each process needs all of them (infra/serve/README.md).'),
  },
  dataFolder: resolve(options.data),
  host: options.host,
  port: options.port,
  adminPort: options.adminPort,
  databaseUrl: options.databaseUrl,
  poolSize: options.poolSize,
  connections: options.connections,
  migrations: options.migrations,
  kafka: options.kafka,
  topics: options.topics,
  replicationFactor: options.kafkaReplicationFactor,
  rateLimit: { perMinutePerKey: options.ratePerKey, perMinutePerAddress: options.ratePerAddress },
  corsOrigins: options.cors,
  trustProxy: options.trustProxy,
  otlpEndpoint: options.otlp,
  logLevel: options.logLevel,
  environment,
  progress,
});

/** Migrates the schemas of the services, and ends. */
export const migrate = async ({ options, services, grantTo, progress }: Call): Promise<void> => {
  const { databaseUrl } = options;
  await migrateSchemas({ databaseUrl, services, grantTo, progress }).catch((error: unknown) => {
    throw databaseStartFailure(error, databaseUrl);
  });
};

/** Creates the topics of every contract that are missing, and ends. */
export const topics = async (call: Call): Promise<void> => {
  const plans = topicsOf(contracts, 6, call.options.kafkaReplicationFactor);
  await withKafka(call, (kafka) => ensureTopics(kafka, plans));
  call.progress.done('Topics', plans.map(({ topic }) => topic).join(', '));
};

/** Prints what this version misses in the engines; true when it misses nothing. Changes nothing. */
export const check = async (call: Call): Promise<boolean> => {
  const missing = [...(await missingSchemas(call)), ...(await missingTopics(call))];
  for (const line of missing) call.progress.say(line);
  if (missing.length === 0) call.progress.done('Checked', 'schemas and topics are complete');
  return missing.length === 0;
};

const missingSchemas = async ({ options: { databaseUrl }, services }: Call): Promise<string[]> => {
  const database = openDatabase({ url: databaseUrl, schema: 'public', max: 1 });
  try {
    const missing = await missingMigrations(database, services);
    return [...missing].map(([schema, steps]) => `The schema ${schema} lacks ${steps} migration steps.`);
  } catch (error) {
    throw databaseStartFailure(error, databaseUrl);
  } finally {
    await database.close();
  }
};

const missingTopics = (call: Call): Promise<string[]> =>
  withKafka(call, (kafka) => expectTopics(kafka, topicsOf(contracts))).then(
    () => [],
    (error: unknown) => {
      if (error instanceof MissingTopics) return [error.message];
      throw error;
    },
  );

const withKafka = async (
  { options, environment }: Call,
  work: (kafka: ReturnType<typeof createKafka>) => Promise<void>,
): Promise<void> => {
  const cluster = { brokers: options.kafka, ...(await readKafkaSecurity(options, environment)) };
  // The client logs each attempt; one error at the end is enough.
  const log = createLogger({ level: 'fatal', service: 'platform' });
  await work(createKafka({ ...cluster, clientId: 'fusioncommerce', log })).catch((error: unknown) => {
    throw kafkaStartFailure(error, cluster);
  });
};
