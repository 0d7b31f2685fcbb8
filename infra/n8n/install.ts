import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { access, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../local/progress.ts';

const here = new URL('./', import.meta.url).pathname;
const REPORT_MS = 10_000;
const STALE_LOCK_MS = 30 * 60_000;

/** An installed n8n: its folder with node_modules, and its version. */
export interface InstalledN8n {
  folder: string;
  version: string;
}

/**
 * Installs the n8n of our lock file, once, into the user's cache (about 3 GB): a second clone and the next run find it there. Several that
 * start at once wait for the first. Throws, with npm's words, when it cannot be installed.
 */
export const installN8n = async (progress: Progress): Promise<InstalledN8n> => {
  const lock = await readFile(join(here, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string }> };
  const version = packages['node_modules/n8n']?.version ?? 'unknown';
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `n8n-${version}-${hash}`);
  const installed = { folder, version };
  if (await isThere(join(folder, 'complete'))) return installed;
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = await takeTurn(`${folder}.lock`, progress);
  try {
    if (await isThere(join(folder, 'complete'))) return installed;
    progress.say(`Installing n8n ${version} into ${folder} (once; about 3 GB and a few minutes) …`);
    await installInto(folder, Object.keys(packages).length, progress);
  } finally {
    await unlock();
  }
  progress.done('n8n installed', version);
  return installed;
};

/** Where caches of this user live: the XDG folder on Linux, Library/Caches on macOS. */
const cacheFolder = (): string =>
  join(
    process.env['XDG_CACHE_HOME'] ??
      (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')),
    'fusioncommerce',
  );

const installInto = async (folder: string, total: number, progress: Progress): Promise<void> => {
  const building = `${folder}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) await cp(join(here, file), join(building, file));
  const stopReporting = reportProgress(join(building, 'node_modules'), total, progress);
  try {
    await npmInstall(building);
  } finally {
    stopReporting();
  }
  await writeFile(join(building, 'complete'), '');
  await rm(folder, { recursive: true, force: true });
  await rename(building, folder);
};

/** Without install scripts: n8n keeps its state in PostgreSQL here, so sqlite3's native module is not needed, and isolated-vm brings its binaries. */
const npmInstall = async (folder: string): Promise<void> => {
  const child = spawn(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code === 0) return;
  throw new Error(
    `n8n could not be installed (npm ended with code ${code}): ${said.trim() || 'it said nothing'}. Check the network, the registry and 4 GB of free disk space; or start without it: npm start -- --without-n8n.`,
  );
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

/** One installation at a time; a lock whose owner died half an hour ago is taken over. Answers how to give the turn back. */
const takeTurn = async (lock: string, progress: Progress): Promise<() => Promise<void>> => {
  for (let waited = 0; ; waited += 1_000) {
    try {
      await mkdir(lock);
      return () => rm(lock, { recursive: true, force: true });
    } catch {
      if (waited === 0) progress.say('Another process is installing n8n; waiting for it …');
      if (await isStale(lock)) await rm(lock, { recursive: true, force: true });
      await sleep(1_000);
    }
  }
};

const isStale = async (lock: string): Promise<boolean> =>
  stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > STALE_LOCK_MS,
    () => false,
  );

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
