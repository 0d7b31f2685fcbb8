import type { RequestHandler } from 'express';
import { createAuthenticator, type ApiKeyRecord } from '../../microservices/chassis/auth/authenticate.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { databaseStartFailure } from '../../microservices/chassis/database/start-error.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { kafkaStartFailure } from '../../microservices/chassis/kafka/start-error.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { startProcessLoops } from '../../microservices/chassis/process-loops.ts';
import {
  startService,
  type RunningService,
  type ServiceDefinition,
  type SharedResources,
} from '../../microservices/chassis/service.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { createMetrics } from '../../microservices/chassis/telemetry/metrics.ts';
import { startTracing } from '../../microservices/chassis/telemetry/tracing.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { findApiKey } from '../../microservices/customers/index.ts';
import { createGateway } from '../../microservices/gateway/index.ts';
import type { LandingLink } from '../../microservices/gateway/landing.ts';
import type { TrustedProxies } from '../../microservices/gateway/visitor.ts';
import type { Access } from './access.ts';
import { writableDisk } from './disk.ts';
import { openListener } from './listener.ts';
import type { KafkaSecurity } from './kafka-security.ts';
import { openKeyValueProvider, type CqlConnection, type KeyValueProvider } from './key-value.ts';
import { openObjects, type S3Bucket } from './objects.ts';
import type { Progress } from '../process/progress.ts';
import { topicsOf } from './topics.ts';

export interface PlatformOptions {
  services: readonly ServiceDefinition[];
  /** Contracts of services that run elsewhere, and where: the gateway passes their requests on. */
  remote?: readonly { contract: Contract; url: string }[];
  /** Every contract of the platform, wherever its service runs; those of `services` and `remote` unless said otherwise. */
  contracts?: readonly Contract[];
  host: string;
  /** 0 takes a free port. */
  port: number;
  databaseUrl: string;
  kafka: string[];
  /** Nothing for an open broker. */
  kafkaSecurity?: KafkaSecurity;
  /** Where key-value state goes instead of into SQL. */
  cql?: CqlConnection | undefined;
  /** Where objects live; in the data folder unless given. */
  s3?: S3Bucket | undefined;
  dataFolder: string;
  /** Folders that engines of this process keep their state in, besides the objects: requests fail when their disk is full. */
  stateFolders?: readonly string[];
  access: Access;
  logLevel: string;
  progress: Progress;
  /** Database connections that one service may hold at most; 10 unless said otherwise. */
  poolSize?: number;
  /** Database connections of this process at most; 80 unless said otherwise. */
  connections?: number;
  replicationFactor?: number;
  rateLimit?: { perMinutePerKey: number; perMinutePerAddress: number };
  corsOrigins?: string[];
  /** Proxies in front that tell the visitor's address: none unless given. */
  trustProxy?: TrustedProxies;
  /** Public routes that belong to no service and bring CORS rules of their own (the gateway's `openRoutes`). */
  openRoutes?: readonly RequestHandler[];
  /** More places worth visiting, on the landing page. */
  links?: readonly LandingLink[];
  otlpEndpoint?: string | undefined;
  now?: () => Date;
  environment?: Record<string, string | undefined>;
}

export interface RunningPlatform {
  url: string;
  services: readonly RunningService[];
  /** Stops accepting, finishes what is in flight, publishes what was committed, closes. */
  stop(): Promise<void>;
}

const DEFAULT_RATE_LIMIT = { perMinutePerKey: 6_000, perMinutePerAddress: 1_200 };

const DEVELOPMENT_INBOX = {
  href: '/dev/inbox',
  title: 'Development inbox',
  description: 'What would have been e-mailed, as long as no SMTP server is configured.',
};

/** Composes the given services behind one gateway in this process. The same code runs all of them or one. */
export const startPlatform = async (options: PlatformOptions): Promise<RunningPlatform> => {
  const log = createLogger({ level: options.logLevel, service: 'platform' });
  const stopTracing = startTracing(options.otlpEndpoint);
  const listener = await openListener(options.host, options.port, options.trustProxy);
  const closeListener = async (error: unknown): Promise<never> => {
    await listener.close();
    throw error;
  };
  const objects = await openObjects(options, listener.url).catch(closeListener);
  const keyValue = await openKeyValueProvider(options.cql, options.progress).catch(closeListener);
  const { objectStore } = objects;
  const contracts = options.contracts ?? [
    ...options.services.map((definition) => definition.contract),
    ...(options.remote ?? []).map(({ contract }) => contract),
  ];
  const cluster = { brokers: options.kafka, ...options.kafkaSecurity };
  const kafka = createKafka({ ...cluster, clientId: 'fusioncommerce', log });
  // What the client would say of each try is said once, in words, when none was of use.
  const quiet = createLogger({ level: 'fatal', service: 'platform' });
  const first = createKafka({ ...cluster, clientId: 'fusioncommerce', log: quiet });
  await ensureTopics(first, topicsOf(contracts, 6, options.replicationFactor ?? 1)).catch(async (error: unknown) => {
    objects.close();
    await keyValue.stop();
    return closeListener(kafkaStartFailure(error, cluster));
  });
  const producer = createProducer(kafka);
  await producer.connect();

  const running: RunningService[] = [];
  const domains = options.services.map(({ contract }) => contract.domain);
  const loops = await startProcessLoops({
    databaseUrl: options.databaseUrl,
    schemas: domains,
    poolSize: options.poolSize ?? 10,
    connections: options.connections ?? 80,
    log,
  }).catch((error: unknown) => {
    throw databaseStartFailure(error, options.databaseUrl);
  });
  const resources = sharedResourcesOf(options, {
    ...{ loops, kafka, producer, objectStore, keyValue, contracts, running },
    ownUrl: listener.url,
  });
  await Promise.all(
    options.services.map(async (definition) => {
      running.push(await startService(definition, resources));
      options.progress.done(definition.contract.title, `/v${definition.contract.version}`);
    }),
  ).catch((error: unknown) => {
    throw databaseStartFailure(error, options.databaseUrl);
  });
  // They come up in any order and are shown in ours.
  running.sort((left, right) => domains.indexOf(left.domain) - domains.indexOf(right.domain));
  listener.serve(
    createGateway({
      local: running,
      remote: (options.remote ?? []).map(({ contract, url }) => ({ domain: contract.domain, contract, url })),
      routes: objects.routes,
      openRoutes: options.openRoutes ?? [],
      links: [...(domains.includes('notifications') ? [DEVELOPMENT_INBOX] : []), ...(options.links ?? [])],
      // Kafka is no dependency of readiness: while it is away events wait in the outbox and requests are answered.
      dependencies: [...new Set([...(options.s3 ? [] : [options.dataFolder]), ...(options.stateFolders ?? [])])].map(
        (folder) => writableDisk(folder),
      ),
      metrics: resources.metrics,
      log,
      authenticate: resources.authenticate,
      corsOrigins: options.corsOrigins ?? [],
      rateLimit: options.rateLimit ?? DEFAULT_RATE_LIMIT,
      maxBodyBytes: 100 * 1024 * 1024,
      trustProxy: options.trustProxy ?? [],
      serviceKey: options.access.serviceKey,
    }),
  );
  return {
    url: listener.url,
    services: running,
    stop: async () => {
      await listener.close();
      await Promise.all(running.map((service) => service.stop()));
      await loops.stop();
      await keyValue.stop();
      objects.close();
      await producer.disconnect();
      await stopTracing();
    },
  };
};

interface Means extends Pick<SharedResources, 'loops' | 'kafka' | 'producer' | 'objectStore' | 'contracts'> {
  keyValue: KeyValueProvider;
  /** Services of this process as they come up. */
  running: readonly RunningService[];
  ownUrl: string;
}

const sharedResourcesOf = (
  options: PlatformOptions,
  { loops, kafka, producer, objectStore, keyValue, contracts, running, ownUrl }: Means,
): SharedResources => {
  const { access } = options;
  const urlOf = (domain: string): string =>
    options.remote?.find(({ contract }) => contract.domain === domain)?.url ?? ownUrl;
  return {
    databaseUrl: options.databaseUrl,
    loops,
    kafka,
    producer,
    urlOf,
    serviceKey: access.serviceKey,
    authenticate: createAuthenticator({
      staticKeys: {
        administrator: { key: access.adminKey, scopes: ['*'] },
        service: { key: access.serviceKey, scopes: ['*'] },
      },
      findApiKey: apiKeyLookup(running, urlOf, access.serviceKey),
      tokenPublicKey: access.tokenPublicKey,
    }),
    neighbours: new Map(),
    metrics: createMetrics(),
    logLevel: options.logLevel,
    bodyLimit: 1024 * 1024,
    openKeyValue: keyValue.open,
    objectStore,
    contracts,
    now: options.now ?? (() => new Date()),
    environment: {
      ...process.env,
      TOKEN_PRIVATE_KEY: access.tokenPrivateKey,
      TOKEN_PUBLIC_KEY: access.tokenPublicKey,
      ...options.environment,
    },
  };
};

/** The customers service owns the keys: asked directly where it runs in this process, through its contract otherwise. */
const apiKeyLookup = (running: readonly RunningService[], urlOf: (domain: string) => string, serviceKey: string) => {
  const client = createClient(customersContract, { url: urlOf('customers'), credential: serviceKey });
  return async (hash: string): Promise<ApiKeyRecord | undefined> => {
    const local = running.find((service) => service.domain === customersContract.domain);
    if (local) return findApiKey(local.database)(hash);
    return client.introspectApiKey({ hash }).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
  };
};
