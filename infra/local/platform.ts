import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { createAuthenticator, type ApiKeyRecord } from '../../microservices/chassis/auth/authenticate.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { openDiskObjectStore, objectRoutes } from '../../microservices/chassis/ports/object-store/disk.ts';
import { openSqlKeyValue } from '../../microservices/chassis/ports/key-value/sql.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import {
  startService,
  type RunningService,
  type ServiceDefinition,
  type Surroundings,
} from '../../microservices/chassis/service.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { createMetrics } from '../../microservices/chassis/telemetry/metrics.ts';
import { startTracing } from '../../microservices/chassis/telemetry/tracing.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { createGateway } from '../../microservices/gateway/index.ts';
import type { Access } from './access.ts';
import type { Progress } from './progress.ts';
import { topicsOf } from './topics.ts';

export interface PlatformOptions {
  services: readonly ServiceDefinition[];
  /** Contracts of services that run elsewhere, and where: the gateway passes their requests on. */
  remote?: readonly { contract: Contract; url: string }[];
  host: string;
  /** 0 takes a free port. */
  port: number;
  databaseUrl: string;
  kafka: string[];
  dataFolder: string;
  access: Access;
  logLevel: string;
  progress: Progress;
  poolSize?: number;
  replicationFactor?: number;
  rateLimit?: { perMinutePerKey: number; perMinutePerAddress: number };
  corsOrigins?: string[];
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

/** Composes the given services behind one gateway in this process. The same code runs all of them or one. */
export const startPlatform = async (options: PlatformOptions): Promise<RunningPlatform> => {
  const log = createLogger({ level: options.logLevel, service: 'platform' });
  const stopTracing = startTracing(options.otlpEndpoint);
  const front = await openFront(options.host, options.port);
  const contracts = [
    ...options.services.map((definition) => definition.contract),
    ...(options.remote ?? []).map(({ contract }) => contract),
  ];
  const kafka = createKafka({ brokers: options.kafka, clientId: 'fusioncommerce', log });
  await ensureTopics(kafka, topicsOf(contracts, 6, options.replicationFactor ?? 1));
  const producer = createProducer(kafka);
  await producer.connect();

  const running: RunningService[] = [];
  const metrics = createMetrics();
  const objectStore = await openDiskObjectStore({
    directory: join(options.dataFolder, 'objects'),
    signingKey: options.access.objectSigningKey,
    publicUrl: front.url,
  });
  const urlOf = (domain: string): string =>
    options.remote?.find(({ contract }) => contract.domain === domain)?.url ?? front.url;
  const surroundings: Surroundings = {
    databaseUrl: options.databaseUrl,
    poolSize: options.poolSize ?? 10,
    kafka,
    producer,
    urlOf,
    serviceKey: options.access.serviceKey,
    authenticate: createAuthenticator({
      staticKeys: {
        administrator: { key: options.access.adminKey, scopes: ['*'] },
        service: { key: options.access.serviceKey, scopes: ['*'] },
      },
      findApiKey: apiKeyLookup(running, urlOf, options.access.serviceKey),
      tokenPublicKey: options.access.tokenPublicKey,
    }),
    metrics,
    logLevel: options.logLevel,
    bodyLimit: 1024 * 1024,
    openKeyValue: openSqlKeyValue,
    objectStore,
    now: options.now ?? (() => new Date()),
    environment: {
      ...process.env,
      TOKEN_PRIVATE_KEY: options.access.tokenPrivateKey,
      TOKEN_PUBLIC_KEY: options.access.tokenPublicKey,
      ...options.environment,
    },
  };
  await Promise.all(
    options.services.map(async (definition) => {
      running.push(await startService(definition, surroundings));
      options.progress.done(definition.contract.title, `/v${definition.contract.version}`);
    }),
  );
  front.serve(
    createGateway({
      local: running,
      remote: (options.remote ?? []).map(({ contract, url }) => ({ domain: contract.domain, contract, url })),
      routes: [objectRoutes(objectStore)],
      metrics,
      log,
      authenticate: surroundings.authenticate,
      corsOrigins: options.corsOrigins ?? [],
      // Services call each other through here: what they do for callers was counted when the callers came.
      rateLimit: {
        ...(options.rateLimit ?? DEFAULT_RATE_LIMIT),
        exempt: (authorization) => authorization === `Bearer ${options.access.serviceKey}`,
      },
      maxBodyBytes: 100 * 1024 * 1024,
      trustProxy: false,
    }),
  );
  return {
    url: front.url,
    services: running,
    stop: async () => {
      await front.close();
      await Promise.all(running.map((service) => service.stop()));
      await producer.disconnect();
      await stopTracing();
    },
  };
};

/** The customers service owns the keys: asked directly where it runs in this process, through its contract otherwise. */
const apiKeyLookup = (running: readonly RunningService[], urlOf: (domain: string) => string, serviceKey: string) => {
  const client = createClient(customersContract, { url: urlOf('customers'), credential: serviceKey });
  return async (hash: string): Promise<ApiKeyRecord | undefined> => {
    const local = running.find((service) => service.domain === customersContract.domain);
    if (local) {
      const { findApiKey } = await import('../../microservices/customers/index.ts');
      return findApiKey(local.database)(hash);
    }
    return client.introspectApiKey({ hash }).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
  };
};

interface Front {
  url: string;
  serve(handler: RequestHandler): void;
  close(): Promise<void>;
}

/** Listens before anything else is up, so that services know their address; answers 503 until they serve. */
const openFront = async (host: string, port: number): Promise<Front> => {
  let handle: ((request: never, response: never) => void) | undefined;
  const server = createServer((request, response) => {
    if (handle) handle(request as never, response as never);
    else
      response
        .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
        .end(JSON.stringify(STARTING.toBody()));
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    serve: (handler) => (handle = handler as unknown as typeof handle),
    close: () => closeServer(server),
  };
};

const STARTING = new Problem({
  code: 'STARTING',
  status: 503,
  title: 'Starting',
  detail: 'The platform is starting. Ask again in a second.',
});

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is in use. Stop what runs there, or choose another with --port (0 takes any free one).`,
            )
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Keep-alive connections that are busy now become idle after their answer; those that never end are cut.
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });
