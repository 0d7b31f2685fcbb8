import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { silentProgress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { installOnce } from '../process/user-cache.ts';
import { root } from './files.ts';

/** All that decides what the package is; a change of any of these files makes a new one. */
const FOLDERS = ['nodes', 'credentials', 'microservices', 'ai', 'infra/n8n-package'];
const FILES = ['README.md', 'LICENSE', 'package.json', 'package-lock.json'];
/** Inside the repository: bundles find `n8n-workflow` in the node_modules around them. */
const CACHE = join(root, 'node_modules/.cache/fusioncommerce');
const PREFIX = 'n8n-package-';
const DAY_MS = 24 * 60 * 60_000;

/** The community package, built from the sources as they are. Others use the same folders: read them or copy them. */
export interface BuiltPackage {
  /** What `npm pack` packs: package.json, and `dist` with the bundles. */
  sources: string;
  /** A folder in which the packed package is installed, as n8n's own installer does it. */
  installed: string;
}

/**
 * Builds, packs and installs the package once for each state of its sources. Processes that ask at the same time wait
 * for the first. Throws with the words of the build or of npm when one fails.
 */
export const builtPackage = async (): Promise<BuiltPackage> => {
  const folder = await installOnce({
    parent: CACHE,
    name: `${PREFIX}${await stateOfSources()}`,
    title: 'the n8n package',
    cost: 'a few seconds',
    progress: silentProgress,
    build: async (building) => {
      await build(join(building, 'package'));
      await install(join(building, 'installed'), await pack(building));
      await removeOld();
    },
  });
  return { sources: join(folder, 'package'), installed: join(folder, 'installed') };
};

const isAside = (name: string): boolean => name === 'node_modules' || name.endsWith('.test.ts');

const stateOfSources = async (): Promise<string> => {
  const patterns = [...FOLDERS.map((folder) => `${folder}/**/*.{ts,json,svg}`), ...FILES];
  const files = globSync(patterns, { cwd: root, exclude: isAside });
  const contents = await Promise.all(files.sort().map((file) => readFile(join(root, file))));
  const hash = createHash('sha256').update(process.version);
  for (const [index, file] of files.entries()) hash.update(`\n${file}\n`).update(contents[index] ?? '');
  return hash.digest('hex').slice(0, 16);
};

const build = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const file of ['package.json', 'README.md', 'LICENSE']) await cp(join(root, file), join(folder, file));
  await runTool({
    file: process.execPath,
    args: [join(root, 'infra/n8n-package/build.ts'), '--out', join(folder, 'dist')],
    folder: root,
    failure: 'The n8n package could not be built.',
  });
};

/** Packs `package` as npm would publish it. Returns the tarball. */
const pack = async (folder: string): Promise<string> => {
  // Without scripts: `prepack` would build again, into the `dist` of the repository.
  await npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], join(folder, 'package'));
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error('npm pack made no tarball.');
  return join(folder, name);
};

/** The way n8n installs a community package: no scripts, no peers. */
const install = async (folder: string, tarball: string): Promise<void> => {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name: 'installed-nodes', private: true })}\n`);
  await npm(
    [
      ...['install', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-package-lock'],
      ...['--no-audit', '--no-fund', '--offline', '--loglevel=error', tarball],
    ],
    folder,
  );
};

const npm = (args: readonly string[], folder: string): Promise<string> =>
  runTool({
    ...{ file: 'npm', args, folder },
    environment: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    failure: `npm ${args[0]} of the n8n package failed.`,
  });

/** Packages of earlier sources; one that a running test may still use is younger than a day. */
const removeOld = async (): Promise<void> => {
  for (const name of (await readdir(CACHE)).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(CACHE, name);
    const madeAt = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Infinity;
    if (Date.now() - madeAt > DAY_MS) await rm(folder, { recursive: true, force: true });
  }
};
