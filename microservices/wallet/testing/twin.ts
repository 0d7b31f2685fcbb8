import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../../../infra/platform/start-platform.ts';
import { silentProgress } from '../../../infra/process/progress.ts';
import type { TestPlatform } from '../../../infra/test/platform.ts';
import { createClient } from '../../chassis/client.ts';
import { walletContract } from '../contract.ts';
import { wallet } from '../index.ts';
import { remote } from '../testing.ts';

/** Starts a second instance of the wallet beside a test's: they share only the database and Kafka, as two processes do. */
export const startTwin = async (platform: TestPlatform, now: () => Date) => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'fusioncommerce-twin-'));
  const twin = await startPlatform({
    services: [wallet] as unknown as Parameters<typeof startPlatform>[0]['services'],
    remote,
    now,
    host: '127.0.0.1',
    port: 0,
    databaseUrl: platform.databaseUrl,
    kafka: platform.kafka,
    dataFolder,
    access: platform.access,
    logLevel: 'fatal',
    progress: silentProgress,
    rateLimit: { perMinutePerKey: 1_000_000, perMinutePerAddress: 1_000_000 },
  });
  return {
    client: createClient(walletContract, { url: twin.url, credential: platform.adminKey }),
    stop: async (): Promise<void> => {
      await twin.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
};
