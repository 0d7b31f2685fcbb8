import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { N8nClient } from './client.ts';
import { showCanvas } from './editor.ts';

/** A node with its form filled in, for a picture. */
export interface PicturedNode {
  /** Of the picture's file. */
  file: string;
  name: string;
  type: string;
  parameters: Record<string, unknown>;
  /** The credential it shows: the platform's own, or one of the picture's, which leads nowhere. */
  credential: { type: string; data?: Record<string, unknown> };
}

const named = (value: string) => ({ __rl: true, mode: 'name', value });
const parameters = (...values: string[]) => ({ parameter: values.map((value) => ({ value })) });

/** One typical use of each datastore node. */
export const DATASTORES: readonly PicturedNode[] = [
  {
    file: 'yugabytedb-node',
    name: 'Orders of a Customer',
    type: 'yugabyteDb',
    parameters: {
      resource: 'query',
      operation: 'execute',
      query: 'SELECT id, total, placed_at\nFROM orders\nWHERE customer_id = $1\nORDER BY placed_at DESC',
      parameters: parameters('={{ $json.data.customerId }}'),
    },
    credential: { type: 'yugabyteDb', data: { host: '127.0.0.1', port: 5433, database: 'shop', user: 'shop' } },
  },
  {
    file: 'scylladb-node',
    name: 'Session of a Customer',
    type: 'scyllaDb',
    parameters: {
      resource: 'query',
      operation: 'execute',
      query: 'SELECT cart, seen FROM shop.sessions WHERE customer = ?',
      parameters: parameters('={{ $json.data.customerId }}'),
    },
    credential: { type: 'scyllaDb', data: { contactPoints: '127.0.0.1:9042', localDataCenter: 'datacenter1' } },
  },
  {
    file: 'minio-node',
    name: 'Keep the Invoice',
    type: 'minIo',
    parameters: {
      resource: 'object',
      operation: 'upload',
      bucket: named('invoices'),
      key: '={{ $json.data.orderId }}.pdf',
    },
    credential: { type: 'minIo', data: { endpoint: 'http://127.0.0.1:9000', accessKey: 'shop', secretKey: 'shop' } },
  },
  {
    file: 'druid-node',
    name: 'Revenue by Hour',
    type: 'druid',
    parameters: {
      resource: 'query',
      operation: 'execute',
      query:
        "SELECT TIME_FLOOR(__time, 'PT1H') AS hour, SUM(total) AS revenue\nFROM orders\nWHERE __time > ?\nGROUP BY 1",
      parameters: { parameter: [{ type: 'TIMESTAMP', value: '={{ $today.toISO() }}' }] },
    },
    credential: { type: 'druidApi', data: { baseUrl: 'http://127.0.0.1:8888' } },
  },
];

/**
 * Opens the node in a workflow made for the picture, so that no journey is touched. Returns what takes it away again,
 * once no editor looks at it any more.
 */
export const openNode = async (
  { page, url, n8n }: { page: Page; url: string; n8n: N8nClient },
  node: PicturedNode,
): Promise<() => Promise<void>> => {
  const credential = await credentialFor(n8n, node);
  const workflow = `picture-${node.file}`;
  await n8n.post('/workflows', { id: workflow, name: node.name, settings: {}, ...drawn(node, credential) });
  await showCanvas(page, url, workflow);
  for (const shown of await page.$$('[data-test-id="canvas-node"]')) {
    const words = await shown.evaluate((element: { textContent: string | null }) => element.textContent ?? '');
    if (words.includes(node.name)) await shown.click({ count: 2 });
  }
  await page.waitForSelector('[data-test-id="parameter-item"]', { timeout: 20_000 });
  await sleep(1_500);
  return async () => {
    await n8n.post(`/workflows/${workflow}/archive`, {});
    await n8n.delete(`/workflows/${workflow}`);
    if (node.credential.data) await n8n.delete(`/credentials/${credential.id}`);
  };
};

interface Named {
  id: string;
  name: string;
}

const credentialFor = async (n8n: N8nClient, { credential: { type, data } }: PicturedNode): Promise<Named> => {
  if (data) return n8n.post<Named>('/credentials', { name: 'Shop’s own', type, data });
  const known = await n8n.get<(Named & { type: string })[]>('/credentials');
  return known.find((one) => one.type === type) ?? { id: '', name: '' };
};

const drawn = (node: PicturedNode, { id, name }: Named) => ({
  nodes: [
    {
      id: 'start',
      name: 'Start',
      type: 'n8n-nodes-base.manualTrigger',
      typeVersion: 1,
      position: [0, 0],
      parameters: {},
    },
    {
      id: 'node',
      name: node.name,
      type: `n8n-nodes-fusioncommerce.${node.type}`,
      typeVersion: 1,
      position: [220, 0],
      parameters: node.parameters,
      credentials: { [node.credential.type]: { id, name } },
    },
  ],
  connections: { Start: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
});
