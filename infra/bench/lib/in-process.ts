import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../microservices/chassis/auth/caller.ts';
import { createClient, type CallOptions, type Client } from '../../../microservices/chassis/client.ts';
import type { Contract } from '../../../microservices/chassis/contract/index.ts';
import { openDatabase, type Database } from '../../../microservices/chassis/database/index.ts';
import { createExecutor } from '../../../microservices/chassis/http/execute.ts';
import type { App } from '../../../microservices/chassis/app.ts';
import type { ServiceDefinition } from '../../../microservices/chassis/service.ts';
import { readSettings, type Settings } from '../../../microservices/chassis/settings/index.ts';
import { openSqlKeyValue } from '../../../microservices/ports/key-value/sql.ts';
import { createLogger } from '../../../microservices/chassis/telemetry/log.ts';
import { commitWith } from '../../../microservices/chassis/transaction.ts';
import { Readable } from 'node:stream';
import { openDiskObjectStore } from '../../../microservices/ports/object-store/disk.ts';
import { allServices } from '../../platform/services.ts';
import type { BenchPlatform } from './platform.ts';

export interface InProcess {
  client<Of extends Contract>(contract: Of): Client<Of>;
  close(): Promise<void>;
}

const CALLER: Caller = { kind: 'key', id: 'yardstick', scopes: ['*'] };

/**
 * The yardstick: the very statements of the services, in the same transactions, straight through pg on the platform's
 * own database; without HTTP, gateway, authentication, validation and JSON. It is the services' handlers run in this
 * process, so that it can never fall behind their SQL.
 */
export const openInProcess = async (platform: BenchPlatform, folder: string): Promise<InProcess> => {
  const opened: Database[] = [];
  const clients = new Map<string, unknown>();
  const client = <Of extends Contract>(contract: Of): Client<Of> => {
    const known = clients.get(contract.domain);
    if (!known) throw new Error(`No service of this platform is called ${contract.domain}`);
    return known as Client<Of>;
  };
  const objectStore = await openDiskObjectStore({
    directory: folder,
    signingKey: randomUUID(),
    publicUrl: platform.url,
  });
  for (const definition of allServices) {
    const database = openDatabase({ url: platform.databaseUrl, schema: definition.contract.domain });
    opened.push(database);
    clients.set(definition.contract.domain, directClient(definition, database, { platform, client, objectStore }));
  }
  return { client, close: async () => void (await Promise.all(opened.map((database) => database.close()))) };
};

interface Around {
  platform: BenchPlatform;
  client: App['client'];
  objectStore: App['objectStore'];
}

const directClient = (definition: ServiceDefinition, database: Database, { platform, client, objectStore }: Around) => {
  const { contract } = definition;
  const environment = {
    ...process.env,
    TOKEN_PRIVATE_KEY: platform.tokenPrivateKey,
    TOKEN_PUBLIC_KEY: platform.tokenPublicKey,
  };
  const store = openSqlKeyValue(database);
  const app: App<Contract, Settings> = {
    contract,
    settings: readSettings(definition.settings ?? {}, environment),
    database,
    commit: (work) => commitWith(database, contract, work),
    // Asked for at build time, before all services are there: resolved at the first call.
    client: (other) => lazily(() => client(other)),
    openKeyValue: () => store,
    objectStore,
    // A service may take it along while it is built; only using it fails.
    streams: lazily<App['streams']>(() => {
      throw new Error('Handlers run without Kafka here');
    }),
    contracts: allServices.map((other) => other.contract),
    pageKey: (path) => path,
    now: () => new Date(),
    log: createLogger({ level: 'error', service: contract.domain }),
  };
  const { handlers } = definition.build(app);
  const execute = createExecutor({
    contract,
    database,
    handlers,
    onCommit: () => undefined,
  });
  return Object.fromEntries(
    Object.entries(contract.operations).map(([name, declared]) => [
      name,
      async (input: unknown, { idempotencyKey }: CallOptions = {}) => {
        // Defaults are the contract's; everything else of the check is left out by asking for it once, where input is
        // built.
        const call = {
          name,
          declared,
          input: declared.input.parse(input),
          caller: CALLER,
          body: Readable.from([]),
          idempotencyKey,
          address: undefined,
        };
        return (await execute(call)).output;
      },
    ]),
  );
};

const lazily = <T extends object>(resolve: () => T): T =>
  new Proxy({} as T, { get: (_target, name) => resolve()[name as keyof T] });

/** A client over HTTP, for setting up; what is measured goes through the leaner `openHttp`. */
export const setupClient = <Of extends Contract>(contract: Of, { url, adminKey }: BenchPlatform): Client<Of> =>
  createClient(contract, { url, credential: adminKey });
