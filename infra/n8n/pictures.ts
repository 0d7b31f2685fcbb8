import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { readAccess } from '../platform/access.ts';
import { signIn } from './client.ts';
import { openEditor, showCanvas } from './editor.ts';
import { readJourneys, workflowsFolder } from './journeys.ts';
import { DATASTORES, openNode, type PicturedNode } from './node-pictures.ts';

const USAGE = `Usage: npm run pictures -- [--data FOLDER]

Takes the pictures of the documentation from the editor of a running platform: the canvas of every journey, the node panel, an open Order node with its
picker, the nodes for datastores. Fails when the editor's console has errors. Needs a Chromium (CHROMIUM names one).`;

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
  const takeAway: (() => Promise<void>)[] = [];
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
    const editor = { page, url: access.n8nUrl, n8n };
    takeAway.push(await openNode(editor, ORDER));
    await openPicker(page);
    await shoot(page, join(pictures, `${ORDER.file}.png`));
    for (const node of DATASTORES) {
      takeAway.push(await openNode(editor, node));
      await shoot(page, join(pictures, `${node.file}.png`));
    }
  } finally {
    await browser.close();
    for (const remove of takeAway) await remove();
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

const ORDER: PicturedNode = {
  file: 'order-node',
  name: 'Get Order',
  type: 'fusionCommerceOrder',
  parameters: { resource: 'order', operation: 'get', orderId: { __rl: true, mode: 'list', value: '' } },
  credential: { type: 'fusionCommerceApi' },
};

/** The list of orders to choose from. */
const openPicker = async (page: Page): Promise<void> => {
  await page.waitForSelector('[data-test-id="rlc-input"]', { timeout: 10_000 });
  await page.click('[data-test-id="rlc-input"]');
  await page.waitForSelector('[data-test-id="rlc-item"]', { timeout: 10_000 });
  await sleep(1_000);
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
