import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { openBrowser, type Watched } from './browser.ts';

/** Opens n8n's editor, signed in as its owner, by the form that a person uses. */
export const openEditor = async (
  url: string,
  owner: { email: string; password: string },
  size = { width: 1600, height: 900 },
): Promise<Watched> => {
  const watched = await openBrowser(size);
  const { page } = watched;
  await page.goto(`${url}/signin`, { waitUntil: 'networkidle2' });
  await page.waitForSelector('input[name="emailOrLdapLoginId"]');
  await page.type('input[name="emailOrLdapLoginId"]', owner.email);
  await page.type('input[name="password"]', owner.password);
  await Promise.all([page.waitForNavigation({ waitUntil: 'networkidle2' }), page.keyboard.press('Enter')]);
  return watched;
};

/** Shows one workflow as a whole on the canvas, with nothing of the editor's panels over it. */
export const showCanvas = async (page: Page, url: string, workflowId: string): Promise<void> => {
  await page.goto(`${url}/workflow/${workflowId}`, { waitUntil: 'networkidle2' });
  await page.waitForSelector('[data-test-id="canvas-node"]');
  await page.keyboard.press('1'); // fit to view
  await sleep(1_500);
};
