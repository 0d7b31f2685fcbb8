/** A process with the events service alone, for tests that kill it. Prints its address once it serves. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { events } from '../../microservices/events/index.ts';
import type { Access } from '../platform/access.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { silentProgress } from '../process/progress.ts';

const { DATABASE_URL = '', KAFKA = '', ACCESS = '{}', LATER_MS = '0' } = process.env;

const platform = await startPlatform({
  // Definitions are invariant in their contract.
  services: [events as unknown as ServiceDefinition],
  host: '127.0.0.1',
  port: 0,
  databaseUrl: DATABASE_URL,
  kafka: [KAFKA],
  dataFolder: await mkdtemp(join(tmpdir(), 'events-process-')),
  access: JSON.parse(ACCESS) as Access,
  logLevel: 'fatal',
  progress: silentProgress,
  environment: process.env,
  now: () => new Date(Date.now() + Number(LATER_MS)),
});
console.log(`serves ${platform.url}`);
