import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Kafka, Producer } from 'kafkajs';
import type { Authenticate } from './auth/authenticate.ts';
import type { Client } from './client.ts';
import { topicOf, type Contract } from './contract/index.ts';
import { openDatabase, type Database } from './database/index.ts';
import type { Reaction } from './events/reaction.ts';
import { startRelay, type Relay } from './events/relay.ts';
import { createStreams, type Streams } from './events/streams.ts';
import { subscribe, type Subscription } from './events/subscribe.ts';
import { createExecutor } from './http/execute.ts';
import type { Handlers } from './http/handlers.ts';
import { forgetOldAnswers } from './http/idempotency.ts';
import { serveContract } from './http/serve-contract.ts';
import { startJobs, type Job } from './jobs.ts';
import { createNeighbourClient, type Neighbours } from './neighbours.ts';
import type { KeyValue } from '../ports/key-value/port.ts';
import type { ObjectStore } from '../ports/object-store/port.ts';
import { createLogger, type Logger } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { commitWith, type Transaction } from './transaction.ts';

/** What a domain is given to work with. */
export interface Platform<Of extends Contract = Contract> {
  database: Database;
  /** One transaction with events, for jobs; handlers have their own `commit`. The work may be run again. */
  commit<T>(work: (tx: Transaction<Of>) => Promise<T>): Promise<T>;
  /** A typed client of another domain, with this service's own key. */
  client<Other extends Contract>(contract: Other): Client<Other>;
  /** To be asked for while the service is built: then it is there before the first request. */
  keyValue: KeyValue;
  objectStore: ObjectStore;
  /** Kafka under groups of the domain's own, for what is more than reacting. */
  streams: Streams;
  /** The contracts of all domains of the platform, this one included: what there is, not how it works inside. */
  catalogue: readonly Contract[];
  /** The time, so that tests can set it. */
  now: () => Date;
  log: Logger;
  /** The environment, for a domain's own settings (its `settings.ts` checks them). */
  environment: Record<string, string | undefined>;
}

/** The moving parts of a domain. */
export interface ServiceParts<Of extends Contract> {
  handlers: Handlers<Of>;
  reactions?: readonly Reaction[];
  jobs?: readonly Job[];
  /** Routes that are not operations (a page, a redirect); mounted before the contract's. */
  routes?: RequestHandler;
  /** Runs once after the migrations, before the first request; must be safe to repeat. */
  prepare?: () => Promise<void>;
  /** Begins what goes on by itself as long as the service runs; stopped before anything it stands on. */
  start?: () => { stop: () => Promise<void> };
}

export interface ServiceDefinition<Of extends Contract = Contract> {
  contract: Of;
  /** Folder of the domain's migrations. */
  migrations: URL;
  build: (platform: Platform<Of>) => ServiceParts<Of>;
}

/** Declares a service: its contract, its schema, and how its parts are built from the platform. */
export const defineService = <Of extends Contract>(definition: ServiceDefinition<Of>): ServiceDefinition<Of> =>
  definition;

/** A store and when it can be used; it must not be used before. */
export interface OpenedKeyValue {
  store: KeyValue;
  ready: Promise<unknown>;
  /** Deletes some expired values, where the engine does not by itself; true when there are more. */
  removeExpired?: () => Promise<boolean>;
}

/** What all services of a process share. */
export interface SharedResources {
  databaseUrl: string;
  poolSize: number;
  kafka: Kafka;
  producer: Producer;
  /** Where each domain answers; the embedded platform gives the gateway for all. */
  urlOf: (domain: string) => string;
  serviceKey: string;
  authenticate: Authenticate;
  /** The services of this process, which reach each other without HTTP; empty to begin with. */
  neighbours: Neighbours;
  metrics: Metrics;
  logLevel: string;
  bodyLimit: number;
  /** The key-value store of one service, called for those that use one. */
  openKeyValue: (service: { domain: string; database: Database }) => OpenedKeyValue;
  objectStore: ObjectStore;
  /** Every contract of the platform, also of services that run elsewhere. */
  catalogue: readonly Contract[];
  now: () => Date;
  environment: Record<string, string | undefined>;
}

export interface RunningService {
  domain: string;
  contract: Contract;
  /** Answers the contract's operations; anything else goes to `next`. */
  handle: RequestHandler[];
  database: Database;
  /** Throws, saying which, when a dependency is away. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one service: schema, HTTP, relay, consumer and jobs. */
export const startService = async <Of extends Contract>(
  definition: ServiceDefinition<Of>,
  shared: SharedResources,
): Promise<RunningService> => {
  const { contract } = definition;
  const log = createLogger({ level: shared.logLevel, service: contract.domain });
  const database = openDatabase({
    url: shared.databaseUrl,
    schema: contract.domain,
    max: shared.poolSize,
    onError: (err) => log.warn({ err }, 'an idle database connection ended'),
  });
  await database.migrate(definition.migrations);

  const relay = startRelay({
    database,
    producer: shared.producer,
    topic: topicOf(contract),
    source: `/${contract.domain}`,
    log,
    onPublished: (events) => shared.metrics.published.inc({ service: contract.domain }, events),
  });
  const keyValue = onDemand(() => shared.openKeyValue({ domain: contract.domain, database }));
  const parts = definition.build(platformFor(contract, shared, database, log, relay, keyValue));
  await keyValue.opened()?.ready;
  await parts.prepare?.();
  const execute = createExecutor({
    contract,
    database,
    handlers: parts.handlers as unknown as Parameters<typeof createExecutor>[0]['handlers'],
    onCommit: relay.wake,
  });
  const observe = (operation: string, status: number, seconds: number): void =>
    shared.metrics.requests.observe({ service: contract.domain, operation, status }, seconds);
  shared.neighbours.set(contract.domain, { execute, log, observe });
  const subscription = subscribeTo(contract, shared, database, log, relay, parts.reactions ?? []);
  if (subscription) await untilJoined(subscription, log);
  const jobs = startJobs(
    database,
    [...(parts.jobs ?? []), housekeeping(contract, database, relay, keyValue, shared.metrics)],
    log,
  );
  const ownLife = parts.start?.();

  return {
    domain: contract.domain,
    contract,
    database,
    handle: [
      ...(parts.routes ? [parts.routes] : []),
      serveContract({
        contract,
        authenticate: shared.authenticate,
        execute,
        log,
        bodyLimit: shared.bodyLimit,
        observe,
      }),
    ],
    ready: async () => {
      await database.one('SELECT 1');
    },
    // Consumers first, so that nothing new begins; the relay last, so that what was committed is published.
    stop: async () => {
      await Promise.all([subscription?.stop(), ownLife?.stop()]);
      await jobs.stop();
      shared.neighbours.delete(contract.domain);
      await relay.stop();
      await database.close();
    },
  };
};

const platformFor = <Of extends Contract>(
  contract: Of,
  shared: SharedResources,
  database: Database,
  log: Logger,
  relay: Relay,
  keyValue: OnDemand<OpenedKeyValue>,
): Platform<Of> => ({
  database,
  commit: async (work) => {
    const result = await commitWith(database, contract, work);
    relay.wake();
    return result;
  },
  client: (other) =>
    createNeighbourClient(other, {
      url: shared.urlOf(other.domain),
      credential: shared.serviceKey,
      neighbours: shared.neighbours,
      authenticate: shared.authenticate,
    }),
  get keyValue() {
    return keyValue.get().store;
  },
  objectStore: shared.objectStore,
  streams: createStreams(shared.kafka, shared.producer, log),
  catalogue: shared.catalogue,
  now: shared.now,
  log,
  environment: shared.environment,
});

interface OnDemand<T> {
  get(): T;
  /** What `get` made, if it was called. */
  opened(): T | undefined;
}

const onDemand = <T>(open: () => T): OnDemand<T> => {
  let opened: T | undefined;
  return { get: () => (opened ??= open()), opened: () => opened };
};

const subscribeTo = (
  contract: Contract,
  shared: SharedResources,
  database: Database,
  log: Logger,
  relay: Relay,
  reactions: readonly Reaction[],
): Subscription | undefined =>
  reactions.length === 0
    ? undefined
    : subscribe({
        kafka: shared.kafka,
        producer: shared.producer,
        group: contract.domain,
        database,
        contract,
        reactions,
        log,
        onCommit: relay.wake,
        onHandled: (outcome, events) => shared.metrics.handled.inc({ service: contract.domain, outcome }, events),
      });

/**
 * A consumer group with a member that was killed lets nobody in until that member's session has run out, half a minute: requests need not wait for that.
 * What goes wrong at once (a topic is missing) still fails the start.
 */
const JOIN_PATIENCE_MS = 2_000;

const untilJoined = async ({ joined }: Subscription, log: Logger): Promise<void> => {
  const inTime = await Promise.race([joined.then(() => true), sleep(JOIN_PATIENCE_MS, false, { ref: false })]);
  if (!inTime)
    joined.catch((err: unknown) => log.error({ err }, 'events are not consumed: joining the consumer group failed'));
};

const housekeeping = (
  contract: Contract,
  database: Database,
  relay: Relay,
  keyValue: OnDemand<OpenedKeyValue>,
  metrics: Metrics,
): Job => ({
  name: 'housekeeping',
  everyMs: 60_000,
  run: async () => {
    await forgetOldAnswers(database);
    metrics.backlog.set({ service: contract.domain }, await relay.backlog());
    return keyValue.opened()?.removeExpired?.();
  },
});
