import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '../local/postgres.ts';
import type { KafkaOptions } from '../../microservices/chassis/kafka/client.ts';
import type { Progress } from '../process/progress.ts';
import { signIn } from './client.ts';
import { startForgetting, type Forgetting } from './forget-erased.ts';
import { installN8n } from './install.ts';
import { installPackage } from './install-package.ts';
import type { Journey } from './journeys.ts';
import { provision, type Credential, type Published } from './provision.ts';
import { runN8n, type RunningN8n } from './run-n8n.ts';

export interface N8nOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** n8n's files; the platform's data folder has room for them. */
  userFolder: string;
  /** A database of its own; created when it is not there. */
  databaseUrl: string;
  encryptionKey: string;
  owner: { email: string; password: string };
  templatesUrl: string;
  /** Of workflows that name none, as the IANA database calls it; UTC unless given. */
  timeZone?: string;
  progress: Progress;
  /** Changes to how n8n is run, for benches. */
  environment?: Record<string, string>;
}

export interface PreparedN8n extends RunningN8n {
  /** Puts credentials and journeys in and publishes them. */
  publish(credentials: readonly Credential[], journeys: readonly Journey[]): Promise<void>;
  /** From now on deletes executions that name who was erased. */
  forgetErased(kafka: KafkaOptions): Promise<void>;
}

/**
 * Installs n8n where needed, with the community package as a merchant gets it, and starts it on a database of its own.
 */
export const startN8n = async (options: N8nOptions): Promise<PreparedN8n> => {
  const [installed] = await Promise.all([
    installN8n(options.progress),
    installPackage(options.userFolder, options.templatesUrl),
    createDatabase(options.databaseUrl),
  ]);
  const running = await runN8n({ ...options, installed });
  options.progress.done('n8n', running.url);
  let forgetting: Forgetting | undefined;
  return {
    ...running,
    forgetErased: async (kafka) => {
      const { databaseUrl, owner } = options;
      forgetting = await startForgetting({ kafka, databaseUrl, signIn: () => signIn(running.url, owner) });
    },
    stop: async () => {
      await forgetting?.stop();
      await running.stop();
    },
    kill: async () => {
      await forgetting?.stop();
      await running.kill();
    },
    publish: async (credentials, journeys) => {
      const client = await signIn(running.url, options.owner);
      const file = join(options.userFolder, 'published.json');
      const before = await readPublished(file);
      await writeFile(file, JSON.stringify(await provision(client, { credentials, journeys, before }), null, 2));
    },
  };
};

const readPublished = async (file: string): Promise<Published> => {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Published;
};
