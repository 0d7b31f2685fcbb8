import { join } from 'node:path';
import { startBroker } from '@fusioncommerce/embedded-kafka';
import { clusterDirectory, startPostgres } from './postgres.ts';
import type { Progress } from './progress.ts';

/** The engines state lives in: started here, or somebody else's by URL. */
export interface Backing {
  databaseUrl: string;
  kafka: string[];
  stop(): Promise<void>;
}

export interface BackingOptions {
  dataFolder: string;
  postgresPassword: string;
  databaseUrl?: string | undefined;
  kafka?: string[] | undefined;
  kafkaPort?: number;
  progress: Progress;
}

/** Starts what is not given. The database and the broker come up side by side. */
export const startBacking = async (options: BackingOptions): Promise<Backing> => {
  const [database, broker] = await Promise.all([startDatabase(options), startKafka(options)]);
  return {
    databaseUrl: database.url,
    kafka: broker.addresses,
    stop: async () => {
      await Promise.all([database.stop(), broker.stop()]);
    },
  };
};

const nothingToStop = async (): Promise<void> => undefined;

const startDatabase = async ({ databaseUrl, dataFolder, postgresPassword, progress }: BackingOptions) => {
  if (databaseUrl) return { url: databaseUrl, stop: nothingToStop };
  const directory = await clusterDirectory(dataFolder);
  const postgres = await startPostgres({ directory, password: postgresPassword });
  progress.done('PostgreSQL', directory);
  return postgres;
};

const startKafka = async ({ kafka, kafkaPort, dataFolder, progress }: BackingOptions) => {
  if (kafka) return { addresses: kafka, stop: nothingToStop };
  const broker = await startBroker({ dataDir: join(dataFolder, 'kafka'), port: kafkaPort ?? 0 });
  progress.done('Kafka', broker.address);
  return { addresses: [broker.address], stop: () => broker.close() };
};
