import { dirname, join } from 'node:path';
import { startBroker } from '@fusioncommerce/embedded-kafka';
import { brokerUser, type Access } from '../platform/access.ts';
import { separateRoles, urlOfRole, type DatabaseRole } from './database-roles.ts';
import { clusterDirectory, sameServer, startPostgres } from './postgres.ts';
import type { Progress } from '../process/progress.ts';

/** The engines state lives in: started here, or somebody else's by URL. */
export interface RunningEngines {
  /** As the services' role, where the engine is ours. */
  databaseUrl: string;
  /** n8n's own database, as its own role where the engine is ours. */
  n8nDatabaseUrl: string;
  kafka: string[];
  kafkaIsEmbedded: boolean;
  /** Where those that were started here keep their state. */
  stateFolders: readonly string[];
  stop(): Promise<void>;
}

export interface EngineOptions {
  dataFolder: string;
  access: Access;
  withN8n: boolean;
  databaseUrl?: string | undefined;
  kafka?: string[] | undefined;
  /**
   * 0 or none takes the one of the last start where it is free, so that those who know it (n8n's credential) need not
   * learn another.
   */
  kafkaPort?: number;
  progress: Progress;
}

/** Starts what is not given. The database and the broker come up side by side. */
export const startEngines = async (options: EngineOptions): Promise<RunningEngines> => {
  const [database, broker] = await Promise.all([startDatabase(options), startKafka(options)]);
  return {
    databaseUrl: database.url,
    n8nDatabaseUrl: database.n8nUrl,
    kafka: broker.addresses,
    kafkaIsEmbedded: !options.kafka,
    stateFolders: [...database.folders, ...broker.folders],
    stop: async () => {
      await Promise.all([database.stop(), broker.stop()]);
    },
  };
};

const nothingToStop = async (): Promise<void> => undefined;

const startDatabase = async ({ databaseUrl, dataFolder, access, withN8n, progress }: EngineOptions) => {
  if (databaseUrl)
    return { url: databaseUrl, n8nUrl: sameServer(databaseUrl, 'n8n'), folders: [], stop: nothingToStop };
  const directory = await clusterDirectory(dataFolder);
  const postgres = await startPostgres({ directory, password: access.postgresPassword });
  const { services, n8n } = rolesOf(access);
  try {
    await separateRoles(postgres.url, withN8n ? [services, n8n] : [services]);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  progress.done('PostgreSQL', directory);
  return {
    url: urlOfRole(postgres.url, services),
    n8nUrl: urlOfRole(postgres.url, n8n),
    folders: [dirname(directory)],
    stop: () => postgres.stop(),
  };
};

/**
 * Who uses the embedded PostgreSQL: neither can do what a superuser can (read files, run programs), nor enter the
 * other's database.
 */
const rolesOf = (access: Access): Record<'services' | 'n8n', DatabaseRole> => ({
  services: { name: 'services', password: access.servicesDatabasePassword, database: 'fusioncommerce' },
  n8n: { name: 'n8n', password: access.n8nDatabasePassword, database: 'n8n' },
});

const startKafka = async ({ kafka, kafkaPort, access, dataFolder, progress }: EngineOptions) => {
  if (kafka) return { addresses: kafka, folders: [], stop: nothingToStop };
  const start = (port: number) => startBroker({ dataDir: join(dataFolder, 'kafka'), port, user: brokerUser(access) });
  const before = Number(access.kafka?.[0]?.split(':')[1] ?? 0);
  const broker = kafkaPort ? await start(kafkaPort) : await start(before).catch(() => start(0));
  progress.done('Kafka', broker.address);
  return { addresses: [broker.address], folders: [dataFolder], stop: () => broker.close() };
};
