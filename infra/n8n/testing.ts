import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journeyCredentials } from '../local/journeys.ts';
import { allServices } from '../local/services.ts';
import { silentProgress } from '../local/progress.ts';
import { freshDatabase, startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { signIn, type N8nClient } from './client.ts';
import { startN8n, type N8nOptions, type PreparedN8n } from './index.ts';
import { readJourneys, type Journey } from './journeys.ts';

/** A whole platform with a real n8n beside it, in which the journeys are published. */
export interface JourneyPlatform {
  platform: TestPlatform;
  n8n: PreparedN8n;
  /** n8n's own API, signed in as the owner. */
  editor: N8nClient;
  /** kill -9, and a new one on the same database and address. */
  restartN8n(): Promise<void>;
  stop(): Promise<void>;
}

const owner = { email: 'owner@example.com', password: 'Journeys1' };

/** Starts everything; `change` may alter journeys before they are published (shorter waits). Call `stop` in afterAll. */
export const startJourneyPlatform = async (
  change: (journey: Journey) => Journey = (journey) => journey,
): Promise<JourneyPlatform> => {
  const platform = await startTestPlatform({ services: allServices });
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-n8n-'));
  const options: N8nOptions = {
    host: '127.0.0.1',
    port: 0,
    userFolder: folder,
    databaseUrl: await freshDatabase(),
    encryptionKey: 'encryption-key-of-the-journey-tests',
    owner,
    templatesUrl: `${platform.url}/n8n-templates`,
    progress: silentProgress,
  };
  let n8n = await startN8n(options);
  await n8n.publish(
    journeyCredentials({ url: platform.url, kafka: platform.kafka, key: platform.adminKey }),
    (await readJourneys()).map(change),
  );
  return {
    platform,
    get n8n() {
      return n8n;
    },
    editor: await signIn(n8n.url, owner),
    restartN8n: async () => {
      await n8n.kill();
      n8n = await startN8n({ ...options, port: Number(new URL(n8n.url).port) });
    },
    stop: async () => {
      await n8n.stop();
      await platform.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
