import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../local/progress.ts';
import { freshDatabase } from '../test/platform.ts';
import { signIn, type N8nClient } from './client.ts';
import { startN8n } from './index.ts';
import type { WorkflowNode } from './journeys.ts';

type Values = Record<string, unknown>;
type Reference = Record<string, { id: string; name: string }>;

/** A real n8n with the package as merchants install it, for the nodes that speak to a datastore. */
export interface DatastoreN8n {
  url: string;
  owner: { email: string; password: string };
  editor: N8nClient;
  /** Makes a credential by n8n's API; answers how nodes refer to it. */
  credential(type: string, data: Values): Promise<Reference>;
  /** What "Test" in the editor says of a credential that is not saved. */
  testCredential(type: string, data: Values): Promise<{ status: string; message: string }>;
  /** What a resource locator of a node lists. */
  search(node: string, methodName: string, on: Asked): Promise<{ name: string; value: string }[]>;
  /** The fields that a mapper of a node shows. */
  fields(node: string, methodName: string, on: Asked): Promise<{ id: string }[]>;
  /** Publishes a webhook with these nodes behind it, in a row; answers a function that sends items and gets what the last node puts out. */
  publish(nodes: DatastoreNode[]): Promise<(items: Values[]) => Promise<{ status: number; body: unknown }>>;
  stop(): Promise<void>;
}

interface Asked {
  credentials: Reference;
  parameters: Values;
  filter?: string;
}

export interface DatastoreNode {
  name: string;
  /** Without the package: yugabyteDb */
  type: string;
  parameters: Values;
  credentials: Reference;
}

const PACKAGE = 'n8n-nodes-fusioncommerce';

/** Starts it. Call `stop` in afterAll. */
export const startDatastoreN8n = async (): Promise<DatastoreN8n> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-n8n-'));
  const owner = { email: 'owner@example.com', password: 'Datastores1' };
  const n8n = await startN8n({
    host: '127.0.0.1',
    port: 0,
    userFolder: folder,
    databaseUrl: await freshDatabase(),
    encryptionKey: 'encryption-key-of-the-datastore-tests',
    owner,
    templatesUrl: 'http://127.0.0.1:9',
    progress: silentProgress,
  });
  const editor = await signIn(n8n.url, owner);
  const asked = (node: string, methodName: string, path: string, { parameters, ...rest }: Asked) => {
    const nodeTypeAndVersion = { name: `${PACKAGE}.${node}`, version: 1 };
    return { path: `parameters.${path}`, methodName, nodeTypeAndVersion, currentNodeParameters: parameters, ...rest };
  };
  return {
    url: n8n.url,
    owner,
    editor,
    credential: async (type, data) => {
      const { id, name } = await editor.post<{ id: string; name: string }>('/credentials', {
        name: `${type} ${randomUUID()}`,
        type,
        data,
      });
      return { [type]: { id, name } };
    },
    testCredential: (type, data) =>
      editor.post('/credentials/test', { credentials: { id: '', name: 'Not saved', type, data } }),
    search: async (node, methodName, on) => {
      const body = asked(node, methodName, 'table', on);
      return (
        await editor.post<{ results: { name: string; value: string }[] }>(
          '/dynamic-node-parameters/resource-locator-results',
          body,
        )
      ).results;
    },
    fields: async (node, methodName, on) => {
      const body = asked(node, methodName, 'columns', on);
      return (await editor.post<{ fields: { id: string }[] }>('/dynamic-node-parameters/resource-mapper-fields', body))
        .fields;
    },
    publish: (nodes) => publish(n8n.url, editor, nodes),
    stop: async () => {
      await n8n.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** One item a line of the body: n8n's own nodes, so that ours meet items as workflows have them. */
const webhook = (path: string): WorkflowNode[] => [
  {
    id: 'webhook',
    name: 'Webhook',
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2,
    position: [0, 0],
    parameters: {
      path,
      httpMethod: 'POST',
      responseMode: 'lastNode',
      responseData: 'allEntries',
    },
  },
  {
    id: 'split',
    name: 'Split Out',
    type: 'n8n-nodes-base.splitOut',
    typeVersion: 1,
    position: [200, 0],
    parameters: { fieldToSplitOut: 'body.items', options: {} },
  },
];

const publish = async (url: string, editor: N8nClient, given: DatastoreNode[]) => {
  const path = randomUUID();
  const nodes = [
    ...webhook(path).map((node) => ({ ...node, ...(node.id === 'webhook' && { webhookId: path }) })),
    ...given.map((node, index) => ({
      ...node,
      id: `node-${index}`,
      type: `${PACKAGE}.${node.type}`,
      typeVersion: 1,
      position: [400 + 200 * index, 0],
    })),
  ];
  const connections = Object.fromEntries(
    nodes
      .slice(0, -1)
      .map(({ name }, index) => [name, { main: [[{ node: nodes[index + 1]?.name, type: 'main', index: 0 }]] }]),
  );
  const { id, versionId } = await editor.post<{ id: string; versionId: string }>('/workflows', {
    name: path,
    nodes,
    connections,
    settings: {},
  });
  await editor.post(`/workflows/${id}/activate`, { versionId });
  return async (items: Values[]): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items }),
    });
    const body: unknown = await response.json();
    return response.ok ? { status: response.status, body } : { status: response.status, body: await lastError(editor) };
  };
};

/** What the last execution failed with: the webhook itself says no more than that there was an error. */
const lastError = async (editor: N8nClient): Promise<string> => {
  const { results } = await editor.get<{ results: { id: string }[] }>('/executions?limit=1');
  const { data } = await editor.get<{ data: string }>(`/executions/${results[0]?.id}`);
  const texts = (JSON.parse(data) as unknown[]).filter((one): one is string => typeof one === 'string');
  return texts.join('\n');
};
