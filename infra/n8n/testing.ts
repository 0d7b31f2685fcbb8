import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { journeyCredentials } from '../local/journeys.ts';
import { allServices } from '../platform/services.ts';
import { silentProgress } from '../process/progress.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { readTopics } from '../../microservices/chassis/kafka/read-topics.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { freshDatabase, startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { signIn, type N8nClient } from './client.ts';
import { startN8n, type N8nOptions, type PreparedN8n } from './index.ts';
import { readJourneys, type Journey, type WorkflowFile } from './journeys.ts';

/** A whole platform with a real n8n beside it, in which the journeys are published. */
export interface JourneyPlatform {
  platform: TestPlatform;
  n8n: PreparedN8n;
  /** n8n's own API, signed in as the owner. */
  editor: N8nClient;
  /** A credential as a node refers to it. */
  credential(type: string): Promise<{ id: string; name: string }>;
  /** The messages of a template in the development inbox that contain a text. */
  mails(template: string, containing: string): Promise<{ subject: string; text: string }[]>;
  /** The headers of a topic's dead letters, once there are as many as expected. */
  deadLetters(topic: string, count: number): Promise<Record<string, string>[]>;
  /** Ids of the executions that n8n keeps in whose data a text stands. */
  executionsWith(text: string): Promise<string[]>;
  /** kill -9, and a new one on the same database and address. */
  restartN8n(): Promise<void>;
  stop(): Promise<void>;
}

const owner = { email: 'owner@example.com', password: 'Journeys1' };

/**
 * Starts everything; `change` may alter journeys before they are published (shorter waits). Call `stop` in afterAll.
 */
export const startJourneyPlatform = async (
  change: (journey: Journey) => Journey = (journey) => journey,
  settings: Pick<PlatformOptions, 'now' | 'environment'> = {},
): Promise<JourneyPlatform> => {
  const platform = await startTestPlatform({ services: allServices, ...settings });
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
  const kafka = {
    brokers: platform.kafka,
    clientId: 'n8n-erasure',
    log: createLogger({ level: 'fatal', service: 'test' }),
  };
  await n8n.forgetErased(kafka);
  let editor = await signIn(n8n.url, owner);
  const database = new pg.Pool({ connectionString: options.databaseUrl, max: 1 });
  return {
    platform,
    executionsWith: async (text) => {
      const found = 'SELECT "executionId"::text AS id FROM execution_data WHERE position($1 IN data) > 0';
      return (await database.query<{ id: string }>(found, [text])).rows.map(({ id }) => id);
    },
    credential: async (type) => {
      const known = await editor.get<{ id: string; name: string; type: string }[]>('/credentials');
      const found = known.find((credential) => credential.type === type);
      if (!found) throw new Error(`n8n has no credential ${type}.`);
      return { id: found.id, name: found.name };
    },
    mails: async (template, containing) => {
      const inbox = await platform.client(notificationsContract).listDevInbox({ template, limit: 200 });
      return inbox.items.filter(({ subject, text }) => subject.includes(containing) || text.includes(containing));
    },
    deadLetters: (topic, count) => readHeaders(platform.kafka, `${topic}.dlq`, count),
    get n8n() {
      return n8n;
    },
    get editor() {
      return editor;
    },
    restartN8n: async () => {
      await n8n.kill();
      n8n = await startN8n({ ...options, port: Number(new URL(n8n.url).port) });
      await n8n.forgetErased(kafka);
      // The owner's password got a new hash, which ends sessions.
      editor = await signIn(n8n.url, owner);
    },
    stop: async () => {
      await database.end();
      await n8n.stop();
      await platform.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Puts a workflow of a test into n8n and publishes it. */
export const publishWorkflow = async (
  { editor }: Pick<JourneyPlatform, 'editor'>,
  { active: _active, ...workflow }: WorkflowFile,
): Promise<void> => {
  await editor.post('/workflows', workflow);
  const { versionId } = await editor.get<{ versionId: string }>(`/workflows/${workflow.id}`);
  await editor.post(`/workflows/${workflow.id}/activate`, { versionId });
};

/** Reads a topic from its beginning until as many messages were seen; returns their headers as text. */
const readHeaders = async (brokers: string[], topic: string, count: number): Promise<Record<string, string>[]> => {
  const kafka = createKafka({ brokers, clientId: 'test', log: createLogger({ level: 'fatal', service: 'test' }) });
  const read = async () => (await readTopics(kafka, [topic])).messages;
  const messages = await untilWithin(120_000)(`${count} messages on ${topic}`, read, ({ length }) => length >= count);
  return messages.map(({ message }) =>
    Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])),
  );
};

/** A journey with another value in its settings node. */
export const assignSetting = (journey: Journey, of: string, setting: string, value: unknown): Journey =>
  journey.name === of
    ? {
        ...journey,
        workflow: {
          ...journey.workflow,
          nodes: journey.workflow.nodes.map((node) =>
            node.name === 'Shop Settings'
              ? { ...node, parameters: withAssignment(node.parameters, setting, value) }
              : node,
          ),
        },
      }
    : journey;

interface Assignments {
  assignments: { assignments: { name: string; value: unknown }[] };
}

const withAssignment = (parameters: Record<string, unknown>, setting: string, value: unknown) => {
  const { assignments } = (parameters as unknown as Assignments).assignments;
  if (!assignments.some(({ name }) => name === setting)) throw new Error(`There is no setting ${setting}.`);
  return {
    ...parameters,
    assignments: { assignments: assignments.map((one) => (one.name === setting ? { ...one, value } : one)) },
  };
};

/** Opens a form of a waiting journey as a browser does, fills it in by its labels, and submits it. */
export const submitForm = async (url: string, answers: Record<string, string>): Promise<void> => {
  const page = await (await fetch(url)).text();
  const form = new FormData();
  for (const [label, answer] of Object.entries(answers)) {
    const field = new RegExp(`for=['"](field-\\d+)['"][^>]*>\\s*${label}`).exec(page)?.[1];
    if (!field) throw new Error(`The form at ${url} has no field "${label}": ${page.slice(0, 500)}`);
    form.set(field, answer);
  }
  const response = await fetch(url, { method: 'POST', body: form });
  if (!response.ok) throw new Error(`The form answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
};
