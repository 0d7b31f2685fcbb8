import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { readAccess } from '../local/access.ts';
import { signIn, type N8nClient } from './client.ts';
import { openEditor, showCanvas } from './editor.ts';
import { readJourneys, workflowsFolder } from './journeys.ts';

const USAGE = `Usage: npm run pictures -- [--data FOLDER]

Takes the pictures of the documentation from the editor of a running platform: the canvas of every journey, the node panel, an open Order node with its
picker. Fails when the editor's console has errors. Needs a Chromium (CHROMIUM names one).`;

const pictures = new URL('../../nodes/pictures/', import.meta.url).pathname;

const { values } = parseArgs({
  options: { data: { type: 'string', default: '.fusioncommerce' }, help: { type: 'boolean', short: 'h' } },
});

const main = async (): Promise<boolean> => {
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const access = await readAccess(values.data);
  if (!access.n8nUrl) throw new Error(`The platform of ${values.data} was not started with n8n: npm start.`);
  const { browser, page, complaints } = await openEditor(access.n8nUrl, access.n8n);
  try {
    // The first sign-in may answer 401 to the question who is there; that is how the editor asks.
    complaints.length = 0;
    for (const { name, workflow } of await readJourneys()) {
      await showCanvas(page, access.n8nUrl, workflow.id);
      await shoot(page, join(workflowsFolder, name, 'canvas.png'));
    }
    await showCanvas(page, access.n8nUrl, 'order-to-confirmation');
    await showNodePanel(page);
    await shoot(page, join(pictures, 'node-panel.png'));
    const n8n = await signIn(access.n8nUrl, access.n8n);
    try {
      await showPicker(page, access.n8nUrl, n8n);
      await shoot(page, join(pictures, 'order-node.png'));
    } finally {
      await forgetPicker(n8n);
    }
  } finally {
    await browser.close();
  }
  for (const complaint of complaints) console.log(`the editor complains: ${complaint}`);
  return complaints.length === 0;
};

const shoot = async (page: Page, path: string): Promise<void> => {
  await page.screenshot({ path });
  console.log(path);
};

/** The panel of nodes, searched for ours. */
const showNodePanel = async (page: Page): Promise<void> => {
  await page.click('[data-test-id="node-creator-plus-button"]');
  await page.waitForSelector('[data-test-id="node-creator-search-bar"]');
  await page.type('[data-test-id="node-creator-search-bar"]', 'FusionCommerce');
  await sleep(1_500);
};

const PICKER = 'picture-of-a-picker';

/** An Order node, open, with the list of orders to choose from: in a workflow made for the picture, so that no journey is touched. */
const showPicker = async (page: Page, url: string, n8n: N8nClient): Promise<void> => {
  const { id, name } = (await n8n.get<{ id: string; name: string; type: string }[]>('/credentials')).find(
    ({ type }) => type === 'fusionCommerceApi',
  ) ?? { id: '', name: '' };
  await n8n.post('/workflows', {
    id: PICKER,
    name: 'Look at an order',
    settings: {},
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
        id: 'order',
        name: 'Get Order',
        type: 'n8n-nodes-fusioncommerce.fusionCommerceOrder',
        typeVersion: 1,
        position: [220, 0],
        parameters: { resource: 'order', operation: 'get', orderId: { __rl: true, mode: 'list', value: '' } },
        credentials: { fusionCommerceApi: { id, name } },
      },
    ],
    connections: { Start: { main: [[{ node: 'Get Order', type: 'main', index: 0 }]] } },
  });
  await showCanvas(page, url, PICKER);
  for (const node of await page.$$('[data-test-id="canvas-node"]')) {
    const words = await node.evaluate((element: { textContent: string | null }) => element.textContent ?? '');
    if (words.includes('Get Order')) await node.click({ count: 2 });
  }
  await page.waitForSelector('[data-test-id="rlc-input"]', { timeout: 10_000 });
  await page.click('[data-test-id="rlc-input"]');
  await page.waitForSelector('[data-test-id="rlc-item"]', { timeout: 10_000 });
  await sleep(1_000);
};

const forgetPicker = async (n8n: N8nClient): Promise<void> => {
  await n8n.post(`/workflows/${PICKER}/archive`, {});
  await n8n.delete(`/workflows/${PICKER}`);
};

main().then(
  (clean) => {
    process.exitCode = clean ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
