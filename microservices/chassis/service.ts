import type { RequestHandler } from 'express';
import { createApp, type App } from './app.ts';
import { createAuditSender, type AuditSender } from './audit/sender.ts';
import type { WaitingLine } from './audit/store.ts';
import { topicOf, type Contract } from './contract/index.ts';
import { openDatabase, type Database } from './database/index.ts';
import type { Reaction } from './events/reaction.ts';
import { untilJoined } from './events/join-patiently.ts';
import type { Relay } from './events/relay.ts';
import { withErasure, type Eraser } from './erasure.ts';
import { subscribe, type Subscription } from './events/subscribe.ts';
import { createExecutor } from './http/execute.ts';
import type { HandlersOf } from './http/handlers.ts';
import { serveContract, type Observe } from './http/serve-contract.ts';
import { housekeeping } from './housekeeping.ts';
import type { Job } from './jobs.ts';
import { startAll, type StartedParts } from './started-parts.ts';
import { readSettings, type Settings, type SettingsOf } from './settings/index.ts';
import type { SharedResources } from './shared-resources.ts';
import { registerGauges, type ServiceGauge } from './telemetry/gauges.ts';
import { createLogger, type Logger } from './telemetry/log.ts';

export type { SharedResources } from './shared-resources.ts';

/** The moving parts of a domain. */
export interface ServiceParts<Of extends Contract> {
  handlers: HandlersOf<Of>;
  reactions?: readonly Reaction[];
  jobs?: readonly Job[];
  /** Required of a domain whose contract says `personalData`. */
  erasure?: Eraser;
  /** Routes that are not operations (a page, a redirect); mounted before the contract's. */
  routes?: RequestHandler;
  /** Numbers for Prometheus beside those that every service has. */
  gauges?: readonly ServiceGauge[];
  /** Runs once after the migrations, before the first request; must be safe to repeat. */
  prepare?: () => Promise<void>;
  /** Begins what goes on by itself as long as the service runs; stopped before anything it stands on. */
  start?: () => { stop: () => Promise<void> };
}

export interface ServiceDefinition<Of extends Contract = Contract, Declared extends Settings = Settings> {
  contract: Of;
  /** Its environment variables; they are read before anything starts. */
  settings?: Declared;
  /** Folder of the domain's migrations. */
  migrations: URL;
  build: (app: App<Of, Declared>) => ServiceParts<Of>;
}

/** Declares a service: its contract, its settings, its schema, and how its parts are built. */
export const defineService = <Of extends Contract, const Declared extends Settings = Record<never, never>>(
  definition: ServiceDefinition<Of, Declared>,
): ServiceDefinition<Of, Declared> => definition;

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

/** Starts one service: schema, HTTP, relay, consumer and jobs. When it fails, it keeps nothing open. */
export const startService = <Of extends Contract, Declared extends Settings>(
  definition: ServiceDefinition<Of, Declared>,
  shared: SharedResources,
): Promise<RunningService> => startAll((started) => composeService(definition, shared, started));

// Parts are stopped in the opposite order: consumers before the relay, so that nothing new begins and what was
// committed is published.
const composeService = async <Of extends Contract, Declared extends Settings>(
  definition: ServiceDefinition<Of, Declared>,
  shared: SharedResources,
  started: StartedParts,
): Promise<RunningService> => {
  const { contract } = definition;
  const { domain } = contract;
  const { authenticate, bodyLimit } = shared;
  const settings = (
    definition.settings ? readSettings(definition.settings, shared.environment) : {}
  ) as SettingsOf<Declared>;
  const log = createLogger({ level: shared.logLevel, service: domain });
  const database = openDatabase({
    url: shared.databaseUrl,
    schema: domain,
    ...shared.loops.pool,
    onError: (err) => log.warn({ err }, 'an idle database connection ended'),
  });
  started.add(() => database.close());
  await database.migrate(definition.migrations, shared.loops.applied.get(domain));

  const relay = shared.loops.relays.add({
    database,
    producer: shared.producer,
    topic: topicOf(contract),
    source: `/${domain}`,
    log,
    onPublished: (events) => shared.metrics.published.inc({ service: domain }, events),
  });
  started.add(() => relay.stop());
  started.add(async () => void shared.neighbours.delete(domain));
  const keyValue = onDemand(() => shared.openKeyValue({ domain, database }));
  const openStore = () => keyValue.get().store;
  const onCommit = (): void => {
    relay.wake();
    audit?.wake();
  };
  const app = createApp({ contract, settings, database, openKeyValue: openStore, log, shared, onCommit });
  const audit = auditSenderOf(app);
  started.add(async () => audit?.stop());
  const parts = withErasure(contract, definition.build(app));
  requireKnown(contract, parts.reactions ?? [], shared.contracts);
  await keyValue.opened()?.ready;
  await parts.prepare?.();
  const { refused } = audit ?? {};
  const execute = createExecutor({ contract, database, handlers: parts.handlers, onCommit, refused });
  const observe: Observe = (operation, status, seconds, costs) =>
    shared.metrics.requests.observe({ service: domain, operation, status }, seconds, costs);
  shared.neighbours.set(domain, { execute, log, observe });
  const ownHousekeeping = housekeeping({
    database,
    relay,
    onLook: () => audit?.wake(),
    onBacklog: (events) => shared.metrics.backlog.set({ service: domain }, events),
    removeExpired: () => keyValue.opened()?.removeExpired?.(),
  });
  const subscription = subscribeTo(contract, shared, database, log, relay, parts.reactions ?? []);
  started.add(async () => subscription?.stop());
  if (subscription) await untilJoined(subscription, log);
  const jobs = shared.loops.jobs.add({ database, jobs: [...(parts.jobs ?? []), ownHousekeeping], log });
  started.add(() => jobs.stop());
  const ownLife = parts.start?.();
  started.add(async () => ownLife?.stop());
  const takeBack = registerGauges(shared.metrics.registry, parts.gauges ?? [], log);
  started.add(async () => takeBack());
  // For what a process left that died.
  audit?.wake();

  return {
    domain,
    contract,
    database,
    handle: [
      ...(parts.routes ? [parts.routes] : []),
      serveContract({ contract, authenticate, execute, log, bodyLimit, observe, refused }),
    ],
    ready: async () => {
      await database.one('SELECT 1');
    },
    stop: () => started.stop(),
  };
};

/** Kafka has no topics for what the platform does not know, and would say so in words of its own. */
const requireKnown = (own: Contract, reactions: readonly Reaction[], known: readonly Contract[]): void => {
  const topics = new Set(known.map(topicOf));
  const unknown = reactions.filter(({ topic }) => !topics.has(topic));
  if (unknown.length === 0) return;
  const domains = [...new Set(unknown.map(({ topic }) => topic.replace(/^commerce\./, '')))].join(', ');
  throw new Error(
    `The service ${own.domain} reacts to ${unknown.map(({ type }) => type).join(', ')}, but the platform was started without the contract of ${domains}. Start that service too, name it under "remote", or add its contract to "contracts".`,
  );
};

/** Sends the service's audit lines where the platform has an audit service. */
const auditSenderOf = (app: App): AuditSender | undefined => {
  const audit = app.contracts.find(({ domain }) => domain === 'audit');
  if (!audit) return undefined;
  const record = app.client(audit)['recordEntries'];
  const send = async (entries: readonly WaitingLine[]): Promise<void> => void (await record?.({ entries }));
  return createAuditSender({ database: app.database, send, log: app.log });
};

interface OnDemand<T> {
  get(): T;
  /** The result of `get`, if it was called. */
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
