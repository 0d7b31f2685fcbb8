import { join } from 'node:path';
import { startBroker } from '@fusioncommerce/embedded-kafka';
import { clusterDirectory, startPostgres } from './postgres.ts';
import type { Progress } from '../process/progress.ts';

/** The engines state lives in: started here, or somebody else's by URL. */
export interface RunningEngines {
  databaseUrl: string;
  kafka: string[];
  stop(): Promise<void>;
}

export interface EngineOptions {
  dataFolder: string;
  postgresPassword: string;
  databaseUrl?: string | undefined;
  kafka?: string[] | undefined;
  /** 0 or none takes the one of the last start where it is free, so that who knows it (n8n's credential) need not be told again. */
  kafkaPort?: number;
  lastKafka?: string[] | undefined;
  progress: Progress;
}

/** Starts what is not given. The database and the broker come up side by side. */
export const startEngines = async (options: EngineOptions): Promise<RunningEngines> => {
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

const startDatabase = async ({ databaseUrl, dataFolder, postgresPassword, progress }: EngineOptions) => {
  if (databaseUrl) return { url: databaseUrl, stop: nothingToStop };
  const directory = await clusterDirectory(dataFolder);
  const postgres = await startPostgres({ directory, password: postgresPassword });
  progress.done('PostgreSQL', directory);
  return postgres;
};

const startKafka = async ({ kafka, kafkaPort, lastKafka, dataFolder, progress }: EngineOptions) => {
  if (kafka) return { addresses: kafka, stop: nothingToStop };
  const dataDir = join(dataFolder, 'kafka');
  const before = Number(lastKafka?.[0]?.split(':')[1] ?? 0);
  const broker = kafkaPort
    ? await startBroker({ dataDir, port: kafkaPort })
    : await startBroker({ dataDir, port: before }).catch(() => startBroker({ dataDir, port: 0 }));
  progress.done('Kafka', broker.address);
  return { addresses: [broker.address], stop: () => broker.close() };
};
