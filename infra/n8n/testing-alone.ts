import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../local/progress.ts';
import { freshDatabase } from '../test/platform.ts';
import { signIn, type N8nClient } from './client.ts';
import { startN8n } from './index.ts';
import type { WorkflowFile, WorkflowNode } from './journeys.ts';

/** A real n8n with the community package in it, and nothing of the platform beside it. */
export interface LoneN8n {
  url: string;
  /** n8n's own API, signed in as the owner. */
  editor: N8nClient;
  owner: { email: string; password: string };
  /** Makes a credential as the editor does. Answers it as a node refers to it. */
  makeCredential(type: string, data: Record<string, unknown>): Promise<{ id: string; name: string }>;
  /** What "Test" in the credential's form says. */
  testCredential(type: string, data: Record<string, unknown>): Promise<{ status: string; message: string }>;
  /** Saves and publishes a workflow that begins with a webhook. Answers the webhook's address. */
  publish(workflow: WebhookWorkflow): Promise<string>;
  stop(): Promise<void>;
}

export interface WebhookWorkflow {
  name: string;
  /** Parameters of the webhook beside its path and method. */
  webhook?: Record<string, unknown>;
  /** What follows the webhook, in a row. */
  nodes: Omit<WorkflowNode, 'id' | 'typeVersion' | 'position'>[];
}

const owner = { email: 'owner@example.com', password: 'Journeys1' };

/** Starts n8n on a database of its own. Call `stop` in afterAll. */
export const startLoneN8n = async (): Promise<LoneN8n> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-lone-n8n-'));
  const n8n = await startN8n({
    host: '127.0.0.1',
    port: 0,
    userFolder: folder,
    databaseUrl: await freshDatabase(),
    encryptionKey: 'encryption-key-of-the-datastore-tests',
    owner,
    // Nobody opens the template library here.
    templatesUrl: 'http://127.0.0.1:9/',
    progress: silentProgress,
  });
  const editor = await signIn(n8n.url, owner);
  return {
    url: n8n.url,
    editor,
    owner,
    makeCredential: async (type, data) => {
      const { id, name } = await editor.post<{ id: string; name: string }>('/credentials', { name: type, type, data });
      return { id, name };
    },
    testCredential: async (type, data) =>
      editor.post('/credentials/test', { credentials: { id: '', name: type, type, data } }),
    publish: async (workflow) => publish(n8n.url, editor, workflow),
    stop: async () => {
      await n8n.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const publish = async (url: string, editor: N8nClient, { name, webhook, nodes }: WebhookWorkflow): Promise<string> => {
  const { active: _active, ...content } = inARow(name, [
    {
      name: 'Webhook',
      type: 'n8n-nodes-base.webhook',
      parameters: { httpMethod: 'POST', path: name, responseMode: 'lastNode', responseData: 'allEntries', ...webhook },
    },
    ...nodes,
  ]);
  await editor.post('/workflows', content);
  const { versionId } = await editor.get<{ versionId: string }>(`/workflows/${name}`);
  await editor.post(`/workflows/${name}/activate`, { versionId });
  return `${url}/webhook/${name}`;
};

/** Nodes in a row; what fails in one that is told to continue goes on to the next, too. */
const inARow = (name: string, nodes: WebhookWorkflow['nodes']): WorkflowFile => ({
  id: name,
  name,
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: nodes.map((node, index) => ({
    id: `${name}-${index}`,
    typeVersion: node.name === 'Webhook' ? 2 : 1,
    position: [index * 220, 0],
    ...(node.name === 'Webhook' && { webhookId: name }),
    ...node,
  })),
  connections: Object.fromEntries(
    nodes.slice(0, -1).map(({ name: from }, index) => {
      const next = [{ node: nodes[index + 1]?.name ?? '', type: 'main', index: 0 }];
      return [from, { main: [next, next] }];
    }),
  ),
});
