import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { fraudContract } from '../../../ai/fraud/contract.ts';
import { createKafka } from '../../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../../microservices/chassis/telemetry/log.ts';
import { journeyCredentials } from '../../local/journeys.ts';
import { silentProgress } from '../../process/progress.ts';
import { urlOfRole } from '../../local/database-roles.ts';
import { SUPERUSER } from '../../local/postgres.ts';
import { signIn, type N8nClient } from '../../n8n/client.ts';
import { startN8n, type PreparedN8n } from '../../n8n/index.ts';
import { readJourneys, type WorkflowFile, type WorkflowNode } from '../../n8n/journeys.ts';
import { cpuTimeOf } from '../lib/cpu.ts';
import { setupClient } from '../lib/in-process.ts';
import { startBenchPlatform, type BenchPlatform } from '../lib/platform.ts';

const owner = { email: 'bench@example.com', password: 'Journeys1' };

/** How a node refers to the credential of a type. */
export type CredentialOf = (type: string) => NonNullable<WorkflowNode['credentials']>;

/** An n8n over a platform, with credentials in it. */
export interface Editor {
  n8n: PreparedN8n;
  client: N8nClient;
  credential: CredentialOf;
  add(workflow: WorkflowFile): Promise<void>;
  activate(workflow: WorkflowFile): Promise<void>;
  deactivate(workflow: WorkflowFile): Promise<void>;
  stop(): Promise<void>;
}

/** Processor seconds. */
export interface Spent {
  n8n: number;
  platform: number;
  postgres: number;
}

export const connect = (platform: BenchPlatform): Kafka =>
  createKafka({
    brokers: platform.kafka,
    ...platform.kafkaSecurity,
    clientId: 'bench',
    log: createLogger({ level: 'fatal', service: 'bench' }),
  });

/** The platform, with a fraud policy that sends nothing to a review: nobody is there to decide one. */
export const startCalmPlatform = async (): Promise<BenchPlatform> => {
  const platform = await startBenchPlatform();
  const calm = { alwaysReviewFrom: 1, reviewCosts: [{ amount: 1_000_000, currency: 'EUR' }] };
  await setupClient(fraudContract, platform).setPolicy(calm);
  return platform;
};

/** A new n8n on a database of its own; `environment` overrides how the platform runs it. */
export const openEditor = async (
  platform: BenchPlatform,
  environment: Record<string, string> = {},
): Promise<Editor> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-n8n-'));
  const n8n = await startN8n({
    host: '127.0.0.1',
    port: 0,
    userFolder: folder,
    databaseUrl: superuserUrl(platform, `n8n_${randomUUID().slice(0, 8)}`),
    encryptionKey: randomUUID(),
    owner,
    templatesUrl: platform.url,
    progress: silentProgress,
    environment,
  });
  const client = await signIn(n8n.url, owner);
  return {
    n8n,
    client,
    credential: await putCredentials(platform, n8n, client),
    add: async ({ active: _active, ...content }) => void (await client.post('/workflows', content)),
    activate: async ({ id }) => {
      const { versionId } = await client.get<{ versionId: string }>(`/workflows/${id}`);
      await client.post(`/workflows/${id}/activate`, { versionId });
    },
    deactivate: async ({ id }) => {
      await client.post(`/workflows/${id}/deactivate`, {});
      await sleep(2_000); // the consumer group dissolves
    },
    stop: async () => {
      await n8n.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A database that is to be made; the services' role may make none. */
const superuserUrl = ({ databaseUrl, postgresPassword }: BenchPlatform, database: string): string =>
  urlOfRole(databaseUrl, { name: SUPERUSER, password: postgresPassword, database });

/** Our credentials and those of n8n's own nodes. */
const putCredentials = async (
  { url, kafka, kafkaSecurity, adminKey: key }: BenchPlatform,
  n8n: PreparedN8n,
  client: N8nClient,
): Promise<CredentialOf> => {
  await n8n.publish(journeyCredentials({ url, kafka, kafkaSecurity, key }), []);
  const { sasl } = kafkaSecurity;
  const signIn = sasl
    ? { authentication: true, saslMechanism: sasl.mechanism, username: sasl.username, password: sasl.password }
    : { authentication: false };
  const kafkaData = { clientId: 'bench', brokers: kafka.join(','), ssl: false, ...signIn };
  await client.post('/credentials', { name: 'Bench Kafka', type: 'kafka', data: kafkaData });
  const header = { name: 'Authorization', value: `Bearer ${key}` };
  await client.post('/credentials', { name: 'Bench Header', type: 'httpHeaderAuth', data: header });
  const known = await client.get<{ id: string; name: string; type: string }[]>('/credentials');
  return (type) => {
    const found = known.find((one) => one.type === type);
    return { [type]: { id: found?.id ?? '', name: found?.name ?? '' } };
  };
};

/** The template order-to-confirmation with credentials that exist here. */
export const ourTemplate = async (credential: CredentialOf): Promise<WorkflowFile> => {
  const template = (await readJourneys()).find(({ name }) => name === 'order-to-confirmation')?.workflow;
  if (!template) throw new Error('The template order-to-confirmation is not there.');
  const nodes = template.nodes.map((node) =>
    node.credentials ? { ...node, credentials: credential(Object.keys(node.credentials)[0] ?? '') } : node,
  );
  return { ...template, id: 'bench-ours', nodes, settings: { ...template.settings, errorWorkflow: undefined } };
};

/** The consumer group of the trigger that stands first in a workflow. */
export const groupOf = ({ id, nodes }: WorkflowFile): string => `fusioncommerce.${id}.${nodes[0]?.id ?? ''}`;

/**
 * Processor seconds so far: n8n is below this process, the platform is its child too, and PostgreSQL is below that.
 * Undefined without /proc.
 */
export const spentSoFar = (platform: BenchPlatform): Spent | undefined => {
  const [all, theirs] = [cpuTimeOf(process.pid), cpuTimeOf(platform.pid)];
  if (!all || !theirs) return undefined;
  return { platform: theirs.own, postgres: theirs.below, n8n: all.below - theirs.own - theirs.below };
};

/** Processor time between two samples, in milliseconds of one core for each of `count`. */
export const spentEach = (before: Spent, after: Spent, count: number): Spent => {
  const each = (part: keyof Spent): number => ((after[part] - before[part]) * 1_000) / count;
  return { n8n: each('n8n'), platform: each('platform'), postgres: each('postgres') };
};
