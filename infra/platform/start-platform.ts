import type { RequestHandler } from 'express';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { databaseStartFailure } from '../../microservices/chassis/database/start-error.ts';
import { createStreams } from '../../microservices/chassis/events/streams.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { kafkaStartFailure } from '../../microservices/chassis/kafka/start-error.ts';
import { ensureTopics, expectTopics } from '../../microservices/chassis/kafka/topics.ts';
import { startProcessLoops } from '../../microservices/chassis/process-loops.ts';
import { startService, type RunningService, type SharedResources } from '../../microservices/chassis/service.ts';
import { startAll, type StartedParts } from '../../microservices/chassis/started-parts.ts';
import { createLogger, type Logger } from '../../microservices/chassis/telemetry/log.ts';
import { startTracing } from '../../microservices/chassis/telemetry/tracing.ts';
import { createAdmin } from '../../microservices/gateway/admin.ts';
import { createGateway, readinessOf, type GatewayOptions } from '../../microservices/gateway/index.ts';
import type { LandingLink } from '../../microservices/gateway/landing.ts';
import { writableDisk } from './disk.ts';
import { followEndedCredentials } from './ended-credentials.ts';
import { openKeyValueProvider } from './key-value.ts';
import { liveNumbers } from './live-numbers.ts';
import { openListener } from './listener.ts';
import { openObjects } from './objects.ts';
import { awaitMigrations } from './migrations.ts';
import type { PlatformOptions } from './platform-options.ts';
import { sharedResourcesOf } from './shared-resources.ts';
import { topicsOf } from './topics.ts';

export interface RunningPlatform {
  url: string;
  /** Where operators find /metrics, /healthz and /readyz, if they have a port of their own. */
  adminUrl: string | undefined;
  services: readonly RunningService[];
  /** Stops accepting, finishes what is in flight, publishes what was committed, closes. */
  stop(): Promise<void>;
}

const DEFAULT_RATE_LIMIT = { perMinutePerKey: 6_000, perMinutePerAddress: 1_200 };

const DEVELOPMENT_INBOX: LandingLink = {
  href: '/dev/inbox',
  title: 'Development inbox',
  description: 'What would have been e-mailed, as long as no SMTP server is configured.',
  doors: ['merchant'],
};

const DEAD_LETTERS: LandingLink = {
  href: '/dead-letters',
  title: 'Dead letters',
  description: 'Events that a workflow or a receiver could not handle, and why.',
  doors: ['analyst', 'merchant'],
};

const JOURNEYS: LandingLink = {
  href: '/journeys',
  title: 'Journeys',
  description: 'Live numbers: how many entered, wait, succeeded, failed, and were followed by an order.',
  doors: ['analyst', 'merchant'],
};

const AUDIT: LandingLink = {
  href: '/audit',
  title: 'Audit trail',
  description: 'Who did what, when, from where and through which journey.',
  doors: ['merchant', 'developer'],
};

/**
 * Composes the given services behind one gateway in this process. The same code runs all of them or one. When a part
 * fails, those before it are stopped.
 */
export const startPlatform = (options: PlatformOptions): Promise<RunningPlatform> =>
  startAll((started) => composePlatform(options, started));

const composePlatform = async (options: PlatformOptions, started: StartedParts): Promise<RunningPlatform> => {
  const log = createLogger({ level: options.logLevel, service: 'platform' });
  started.add(await startTracing(options.otlpEndpoint));
  const { host, port, trustProxy, adminPort } = options;
  const listener = await openListener({ host, port, trustProxy });
  const stopListening = started.add(() => listener.close());
  const admin =
    adminPort === undefined ? undefined : await openListener({ host, port: adminPort, flag: '--admin-port' });
  if (admin) started.add(() => admin.close());
  // First of all: it may take minutes, and ends the start where others have not migrated.
  await schemasMigrated(options);
  const objects = await openObjects(options, listener.url);
  started.add(async () => objects.close());
  const keyValue = await openKeyValueProvider(options.cql, options.progress);
  started.add(() => keyValue.stop());
  const contracts = contractsOf(options);
  const { kafka, producer } = await connectKafka(options, contracts, log);
  started.add(() => producer.disconnect());
  const credentials = followEndedCredentials(contracts, createStreams(kafka, producer, log), log);
  started.add(() => credentials.stop());
  const loops = await startLoops(options, log);
  started.add(() => loops.stop());

  const running: RunningService[] = [];
  started.add(async () => void (await Promise.all(running.map((service) => service.stop()))));
  const { objectStore } = objects;
  const { ended } = credentials;
  const means = { loops, kafka, producer, objectStore, keyValue, contracts, ended, running, ownUrl: listener.url };
  const resources = sharedResourcesOf(options, means);
  await Promise.all([startServices(options, resources, running), credentials.known]);
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const gateway = gatewayOptions(options, { running, resources, routes: objects.routes, log, isStopping });
  admin?.serve(createAdmin({ ...readinessOf(gateway), ...gateway }));
  listener.serve(createGateway(gateway));
  return {
    url: listener.url,
    adminUrl: admin?.url,
    services: running,
    stop: async () => {
      stopping = true;
      // Nothing new comes in while the rest ends.
      await stopListening();
      await started.stop();
    },
  };
};

const contractsOf = ({ contracts, services, remote = [] }: PlatformOptions): readonly Contract[] =>
  contracts ?? [...services.map(({ contract }) => contract), ...remote.map(({ contract }) => contract)];

/** A client whose topics exist, and a connected producer. */
const connectKafka = async (options: PlatformOptions, contracts: readonly Contract[], log: Logger) => {
  const cluster = { brokers: options.kafka, ...options.kafkaSecurity };
  // The client logs each attempt; one error at the end is enough.
  const quiet = createLogger({ level: 'fatal', service: 'platform' });
  const first = createKafka({ ...cluster, clientId: 'fusioncommerce', log: quiet });
  const haveTopics = options.topics === 'expect' ? expectTopics : ensureTopics;
  const plans = topicsOf(contracts, options.partitions ?? 6, options.replicationFactor ?? 1);
  await haveTopics(first, plans).catch((error: unknown) => {
    throw kafkaStartFailure(error, cluster);
  });
  const kafka = createKafka({ ...cluster, clientId: 'fusioncommerce', log });
  const producer = createProducer(kafka);
  await producer.connect();
  return { kafka, producer };
};

/** Where others migrate the schemas; otherwise each service does when it starts. */
const schemasMigrated = async ({ migrations = 'run', ...options }: PlatformOptions): Promise<void> => {
  if (migrations === 'run' || options.services.length === 0) return;
  await awaitMigrations({ ...options, migrations }).catch((error: unknown) => {
    throw databaseStartFailure(error, options.databaseUrl);
  });
};

const startLoops = ({ databaseUrl, services, poolSize = 10, connections = 80 }: PlatformOptions, log: Logger) =>
  startProcessLoops({
    ...{ databaseUrl, poolSize, connections, log },
    schemas: services.map(({ contract }) => contract.domain),
  }).catch((error: unknown) => {
    throw databaseStartFailure(error, databaseUrl);
  });

/**
 * Starts the services side by side and puts them into `running` as they come up, in the end in the order of the
 * options. When one fails, the others are there to be stopped.
 */
const startServices = async (
  { services, progress, databaseUrl }: PlatformOptions,
  resources: SharedResources,
  running: RunningService[],
): Promise<void> => {
  const starts = await Promise.allSettled(
    services.map(async (definition) => {
      running.push(await startService(definition, resources));
      progress.done(definition.contract.title, `/v${definition.contract.version}`);
    }),
  );
  const domains = services.map(({ contract }) => contract.domain);
  running.sort((left, right) => domains.indexOf(left.domain) - domains.indexOf(right.domain));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw databaseStartFailure(failed.reason, databaseUrl);
};

interface Behind {
  running: readonly RunningService[];
  resources: SharedResources;
  routes: RequestHandler[];
  log: Logger;
  isStopping: () => boolean;
}

const gatewayOptions = (
  options: PlatformOptions,
  { running, resources, routes, log, isStopping }: Behind,
): GatewayOptions => {
  const runs = (wanted: string): boolean => running.some(({ domain }) => domain === wanted);
  // Kafka is no dependency of readiness: while it is away events wait in the outbox and requests are handled.
  const folders = new Set([...(options.s3 ? [] : [options.dataFolder]), ...(options.stateFolders ?? [])]);
  return {
    local: running,
    isStopping,
    remote: (options.remote ?? []).map(({ contract, url }) => ({ domain: contract.domain, contract, url })),
    routes: [...routes, ...(options.routes ?? [])],
    openRoutes: options.openRoutes ?? [],
    numbers: liveNumbers(options, resources),
    links: [
      ...(options.links ?? []),
      ...(runs('events') ? [JOURNEYS, DEAD_LETTERS] : []),
      ...(runs('audit') ? [AUDIT] : []),
      ...(runs('notifications') ? [DEVELOPMENT_INBOX] : []),
    ],
    dependencies: [...folders].map((folder) => writableDisk(folder)),
    metrics: resources.metrics,
    log,
    authenticate: resources.authenticate,
    corsOrigins: options.corsOrigins ?? [],
    rateLimit: options.rateLimit ?? DEFAULT_RATE_LIMIT,
    maxBodyBytes: 100 * 1024 * 1024,
    trustProxy: options.trustProxy ?? [],
    serviceKey: options.access.serviceKey,
  };
};
