import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Kafka } from 'kafkajs';
import { createClient, type Client } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { readOrCreateAccess, type Access } from '../platform/access.ts';
import { kafka as apacheKafka } from '../engines/kafka/index.ts';
import { freePort } from '../process/free-port.ts';
import { silentProgress } from '../process/progress.ts';
import { startJourney, type RunningJourney } from './journey/index.ts';
import { allServices } from '../platform/services.ts';
import { answersOk } from '../engines/answers.ts';
import { startPostgres, type Postgres } from '../local/postgres.ts';
import { startFailingDatabase, type FailingDatabase } from './commit-failures.ts';
import { startProcess, type Victim } from './processes.ts';
import type { Random } from './random.ts';

/** The services that share a process; the orders service stands alone, so that it can be killed alone. */
const SHARED = allServices
  .map(({ contract }) => contract.domain)
  .filter((domain) => domain !== 'orders')
  .join(',');

/** A platform over separate processes, every one of which may be killed and started again at its old address. */
export interface PlatformUnderTest {
  access: Access;
  random: Random;
  /** The gateway of the shared process, which passes orders' requests on. */
  url: string;
  ordersUrl: string;
  brokers: string[];
  kafka: Kafka;
  database: pg.Pool;
  /** Between the services and PostgreSQL; lets commits fail. */
  commits: FailingDatabase;
  client<Of extends Contract>(contract: Of, url?: string): Client<Of>;
  broker: Slot;
  shared: Slot;
  orders: Slot;
  /** A second process of the same services, on demand. */
  startTwin(services: string): Promise<{ url: string; stop(): Promise<void> }>;
  startJourney(): Promise<RunningJourney>;
  stop(): Promise<void>;
}

/** Address at which one process runs, and after a kill the next. */
export interface Slot {
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

export type BrokerKind = 'embedded' | 'apache';

/** Starts PostgreSQL, the broker and the services on a temporary folder, each on an address that it keeps. */
export const startPlatformUnderTest = async (
  random: Random,
  kind: BrokerKind = 'embedded',
): Promise<PlatformUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-faults-'));
  await chmod(folder, 0o755);
  const access = await readOrCreateAccess(folder);
  const postgres = await startPostgres({
    directory: join(folder, 'postgres'),
    password: access.postgresPassword,
    durable: false,
  });
  const commits = await startFailingDatabase(postgres.url, random);
  const [brokerPort, sharedPort, ordersPort] = [await freePort(), await freePort(), await freePort()];
  const brokers = [`127.0.0.1:${brokerPort}`];
  const [url, ordersUrl] = [`http://127.0.0.1:${sharedPort}`, `http://127.0.0.1:${ordersPort}`];
  const log = createLogger({ level: 'fatal', service: 'faults' });
  const kafka = createKafka({ brokers, clientId: 'faults', log });

  const broker = slot(() =>
    (kind === 'apache' ? startApache : startEmbedded)(brokerPort, join(folder, 'kafka'), () => answersKafka(kafka)),
  );
  const serviceProcess = (services: string, port: number, elsewhere: string) =>
    startProcess(
      'infra/local/main.ts',
      serviceArguments({ services, port, elsewhere, folder, databaseUrl: commits.url, brokers }),
      () => answersOk(`http://127.0.0.1:${port}/readyz`),
    );
  const othersAt = `orders=${ordersUrl}`;
  const sharedAt = SHARED.split(',')
    .map((name) => `${name}=${url}`)
    .join(',');
  const shared = slot(() => serviceProcess(SHARED, sharedPort, othersAt));
  const orders = slot(() => serviceProcess('orders', ordersPort, sharedAt));

  await broker.start();
  await Promise.all([shared.start(), orders.start()]);
  const twins: Victim[] = [];
  return {
    access,
    random,
    url,
    ordersUrl,
    brokers,
    kafka,
    database: new pg.Pool({ connectionString: postgres.url, max: 4 }),
    commits,
    client: (contract, at = url) => createClient(contract, { url: at, credential: access.adminKey, attempts: 10 }),
    broker,
    shared,
    orders,
    startTwin: async (services) => {
      const port = await freePort();
      const everything = `${sharedAt},${othersAt}`;
      const twin = await serviceProcess(
        services,
        port,
        everything
          .split(',')
          .filter((pair) => !services.split(',').includes(pair.split('=')[0] ?? ''))
          .join(','),
      );
      twins.push(twin);
      return { url: `http://127.0.0.1:${port}`, stop: async () => void (await twin.stop()) };
    },
    startJourney: () => startJourney({ url, credential: access.serviceKey, kafka: brokers, logLevel: 'fatal' }),
    stop: async function stop(this: PlatformUnderTest) {
      await this.database.end();
      await Promise.all([
        ...twins.filter((twin) => twin.isAlive()).map((twin) => twin.stop()),
        shared.stop(),
        orders.stop(),
      ]);
      await broker.stop();
      await commits.close();
      await (postgres satisfies Postgres).stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const startEmbedded = (port: number, data: string, ready: () => Promise<boolean>): Promise<Killable> =>
  startProcess('infra/embedded-kafka/main.ts', ['--port', String(port), '--data', data], ready);

const startApache = async (port: number, folder: string): Promise<Killable> => {
  const broker = await apacheKafka.start({ folder, port, progress: silentProgress });
  let alive = true;
  const end = (how: () => Promise<void>) => async (): Promise<null> => {
    alive = false;
    await how();
    return null;
  };
  return { kill: end(() => broker.kill()), stop: end(() => broker.stop()), isAlive: () => alive };
};

/** The part of a process that its slot uses. */
type Killable = Pick<Victim, 'isAlive'> & { kill(): Promise<unknown>; stop(): Promise<number | null> };

const slot = (start: () => Promise<Killable>): Slot => {
  let current: Killable | undefined;
  return {
    start: async () => {
      current = await start();
    },
    kill: async () => void (await current?.kill()),
    stop: async () => (current?.isAlive() ? current.stop() : null),
  };
};

const serviceArguments = (options: {
  services: string;
  port: number;
  elsewhere: string;
  folder: string;
  databaseUrl: string;
  brokers: string[];
}): string[] => [
  ...['--services', options.services, '--port', String(options.port), '--data', options.folder],
  ...['--database-url', options.databaseUrl, '--kafka', options.brokers.join(','), '--service-urls', options.elsewhere],
  ...['--rate-per-key', '10000000', '--rate-per-address', '10000000', '--log', 'fatal'],
];

const answersKafka = async (kafka: Kafka): Promise<boolean> => {
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
