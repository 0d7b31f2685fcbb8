import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../process/progress.ts';
import { freshDatabase } from '../test/platform.ts';
import { signIn, type N8nClient } from './client.ts';
import { startN8n } from './index.ts';
import type { WorkflowFile, WorkflowNode } from './journeys.ts';

type Values = Record<string, unknown>;
export type CredentialReference = NonNullable<WorkflowNode['credentials']>;

/** A real n8n with the community package in it, as merchants install it, and nothing of the platform beside it. */
export interface LoneN8n {
  /** Makes a credential as the editor does. Returns it as a node refers to it. */
  makeCredential(type: string, data: Values): Promise<CredentialReference>;
  /** The message of "Test" in the credential's form. */
  testCredential(type: string, data: Values): Promise<{ status: string; message: string }>;
  /** The list of a resource locator of a node's form. */
  search(methodName: string, asked: Asked): Promise<{ name: string; value: string }[]>;
  /** The columns that a resource mapper of a node's form shows. */
  fields(methodName: string, asked: Asked): Promise<{ id: string }[]>;
  /** The choices of a field of a node's form. */
  choices(methodName: string, asked: Asked): Promise<{ value: string }[]>;
  /**
   * Saves and publishes a workflow: a webhook, with these parameters beside its path and method, and behind it these
   * nodes in a row.
   */
  publish(nodes: RowNode[], webhook?: Values): Promise<Published>;
  stop(): Promise<void>;
}

/** Whose form asks, and what is filled in already. */
export interface Asked {
  /** The node's type without the package: yugabyteDb */
  node: string;
  credentials: CredentialReference;
  parameters?: Values;
  filter?: string;
}

export type RowNode = Omit<WorkflowNode, 'id' | 'typeVersion' | 'position'>;

export interface Published {
  /** Of the webhook. */
  url: string;
  /** Sends this as JSON; returns what the last node put out. Throws with what the execution failed with. */
  run: (body?: Values) => Promise<unknown>;
}

export const PACKAGE = 'n8n-nodes-fusioncommerce';
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
  const ask = <Answer>(kind: string, methodName: string, asked: Asked): Promise<Answer> =>
    editor.post<Answer>(`/dynamic-node-parameters/${kind}`, request(methodName, asked));
  return {
    makeCredential: async (type, data) => {
      const named = { name: `${type} ${randomUUID()}`, type, data };
      const { id, name } = await editor.post<{ id: string; name: string }>('/credentials', named);
      return { [type]: { id, name } };
    },
    testCredential: async (type, data) =>
      editor.post('/credentials/test', { credentials: { id: '', name: type, type, data } }),
    search: async (...asked) =>
      (await ask<{ results: { name: string; value: string }[] }>('resource-locator-results', ...asked)).results,
    fields: async (...asked) => (await ask<{ fields: { id: string }[] }>('resource-mapper-fields', ...asked)).fields,
    choices: (...asked) => ask('options', ...asked),
    publish: async (nodes, webhook) => {
      const url = await publish(n8n.url, editor, nodes, webhook);
      return { url, run: (body = {}) => run(editor, url, body) };
    },
    stop: async () => {
      await n8n.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** n8n wants to know the field that asks, and does not look at it. */
const request = (methodName: string, { node, credentials, parameters = {}, filter }: Asked): Values => ({
  path: 'parameters.any',
  methodName,
  nodeTypeAndVersion: { name: `${PACKAGE}.${node}`, version: 1 },
  credentials,
  currentNodeParameters: parameters,
  ...(filter !== undefined && { filter }),
});

const publish = async (n8nUrl: string, editor: N8nClient, nodes: RowNode[], webhook?: Values): Promise<string> => {
  const id = randomUUID();
  const start = { httpMethod: 'POST', path: id, responseMode: 'lastNode', responseData: 'allEntries', ...webhook };
  const { active: _active, ...content } = inARow(id, [
    { name: 'Webhook', type: 'n8n-nodes-base.webhook', parameters: start },
    ...nodes,
  ]);
  await editor.post('/workflows', content);
  const { versionId } = await editor.get<{ versionId: string }>(`/workflows/${id}`);
  await editor.post(`/workflows/${id}/activate`, { versionId });
  return `${n8nUrl}/webhook/${id}`;
};

/** Nodes in a row; what fails in one that is told to continue goes on to the next, too. */
const inARow = (id: string, nodes: RowNode[]): WorkflowFile => ({
  id,
  name: id,
  active: false,
  settings: { executionOrder: 'v1' },
  nodes: nodes.map((node, index) => ({
    id: `${id}-${index}`,
    typeVersion: node.name === 'Webhook' ? 2 : 1,
    position: [index * 220, 0],
    ...(node.name === 'Webhook' && { webhookId: id }),
    ...node,
  })),
  connections: Object.fromEntries(
    nodes.slice(0, -1).map(({ name: from }, index) => {
      const next = [{ node: nodes[index + 1]?.name ?? '', type: 'main', index: 0 }];
      return [from, { main: [next, next] }];
    }),
  ),
});

const run = async (editor: N8nClient, url: string, body: Values): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}\n${await lastFailure(editor)}`);
  return JSON.parse(text);
};

/** The error of the last execution: the webhook itself only says that there was one. */
const lastFailure = async (editor: N8nClient): Promise<string> => {
  const { results } = await editor.get<{ results: { id: string }[] }>('/executions?limit=1');
  const { data } = await editor.get<{ data: string }>(`/executions/${results[0]?.id}`);
  const texts = (JSON.parse(data) as unknown[]).filter((one): one is string => typeof one === 'string');
  return texts.join('\n');
};
