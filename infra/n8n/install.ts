import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { installOnce } from '../process/user-cache.ts';

const here = new URL('./', import.meta.url).pathname;
const REPORT_MS = 10_000;

/** An installed n8n: its folder with node_modules, and its version. */
export interface InstalledN8n {
  folder: string;
  version: string;
}

/** Installs the n8n of our lock file into the user's cache. Throws, with npm's words, when it cannot be installed. */
export const installN8n = async (progress: Progress): Promise<InstalledN8n> => {
  const lock = await readFile(join(here, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string }> };
  const version = packages['node_modules/n8n']?.version ?? 'unknown';
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const folder = await installOnce({
    name: `n8n-${version}-${hash}`,
    title: `n8n ${version}`,
    cost: 'about 3 GB and a few minutes',
    progress,
    build: (building) => npmInstall(building, Object.keys(packages).length, progress),
  });
  return { folder, version };
};

/**
 * Without install scripts: n8n keeps its state in PostgreSQL here, so sqlite3's native module is not needed
 * (without-sqlite.mjs), and isolated-vm brings its binaries.
 */
const npmInstall = async (folder: string, total: number, progress: Progress): Promise<void> => {
  for (const file of ['package.json', 'package-lock.json']) await cp(join(here, file), join(folder, file));
  const stopReporting = reportProgress(join(folder, 'node_modules'), total, progress);
  try {
    await runTool({
      file: 'npm',
      args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
      folder,
      failure:
        'n8n could not be installed. Check the network, the registry and 4 GB of free disk space; or start without it: npm start -- --without-n8n.',
    });
  } finally {
    stopReporting();
  }
};

const reportProgress = (modules: string, total: number, progress: Progress): (() => void) => {
  const timer = setInterval(() => {
    void readdir(modules).then(
      (names) => progress.say(`        n8n: ${names.length} folders of about ${Math.round(total * 0.6)} …`),
      () => progress.say('        n8n: asking the registry …'),
    );
  }, REPORT_MS);
  return () => clearInterval(timer);
};
