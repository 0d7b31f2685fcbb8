import { access } from 'node:fs/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].filter((path) => path !== undefined);

/** The Chromium of this machine, or undefined where there is none. */
export const findChromium = async (): Promise<string | undefined> => {
  for (const path of CANDIDATES) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
};

/** A headless browser that collects what its pages complain about. */
export interface Watched {
  browser: Browser;
  page: Page;
  /** Errors of the console and of scripts so far. */
  complaints: string[];
}

/** Errors of the editor on every machine without the internet: help texts and pictures of n8n's own servers. */
const NOT_OURS = [/api\.n8n\.io/, /n8n\.io\//, /net::ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED)/, /favicon/];

/** Pages take long on a machine that is busy. */
const LONGEST_WAIT_MS = 150_000;

/** Opens a headless Chromium; throws where there is none. */
export const openBrowser = async (size: { width: number; height: number }): Promise<Watched> => {
  const executablePath = await findChromium();
  if (!executablePath)
    throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium), or name it in CHROMIUM.');
  const browser = await puppeteer.launch({
    executablePath,
    args: ['--no-sandbox', '--hide-scrollbars', '--force-device-scale-factor=1', '--lang=en-US'],
    defaultViewport: size,
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(LONGEST_WAIT_MS);
  const complaints: string[] = [];
  const complain = (words: string): void => {
    if (!NOT_OURS.some((pattern) => pattern.test(words))) complaints.push(words);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`${message.text()} ${message.location().url ?? ''}`);
  });
  page.on('pageerror', (error) => complain(error instanceof Error ? error.message : String(error)));
  return { browser, page, complaints };
};
