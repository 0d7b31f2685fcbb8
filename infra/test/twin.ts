import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { silentProgress } from '../process/progress.ts';
import type { TestPlatform, TestPlatformOptions } from './platform.ts';

/**
 * Starts the services a second time beside a test's platform. The two share only the database and Kafka, as two
 * processes do.
 */
export const startTwin = async (
  platform: TestPlatform,
  {
    services,
    ...options
  }: Pick<TestPlatformOptions, 'services'> & Partial<Pick<TestPlatformOptions, 'remote' | 'now' | 'environment'>>,
): Promise<{ url: string; stop: () => Promise<void> }> => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'fusioncommerce-twin-'));
  const twin = await startPlatform({
    ...options,
    services: services as ServiceDefinition[],
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
    url: twin.url,
    stop: async () => {
      await twin.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
};
