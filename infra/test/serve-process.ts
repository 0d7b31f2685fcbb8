import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import type { Access } from '../platform/access.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { silentProgress } from '../process/progress.ts';

const {
  DATABASE_URL = '',
  KAFKA = '',
  ACCESS = '{}',
  LATER_MS = '0',
  REMOTE_URL = '',
  LOG_LEVEL = 'fatal',
} = process.env;

/**
 * Serves a few services in a process of their own, for tests that kill it, and prints the address once it does. Those
 * of `elsewhere` are at REMOTE_URL.
 */
export const serveProcess = async (
  services: readonly unknown[],
  elsewhere: readonly Contract[] = [],
): Promise<void> => {
  const platform = await startPlatform({
    // Definitions are invariant in their contract.
    services: services as readonly ServiceDefinition[],
    remote: elsewhere.map((contract) => ({ contract, url: REMOTE_URL })),
    host: '127.0.0.1',
    port: 0,
    databaseUrl: DATABASE_URL,
    kafka: [KAFKA],
    dataFolder: await mkdtemp(join(tmpdir(), 'service-process-')),
    access: JSON.parse(ACCESS) as Access,
    logLevel: LOG_LEVEL,
    progress: silentProgress,
    environment: process.env,
    now: () => new Date(Date.now() + Number(LATER_MS)),
  });
  console.log(`serves ${platform.url}`);
};
