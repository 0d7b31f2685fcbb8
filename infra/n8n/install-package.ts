import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pointToReference } from './documentation.ts';

/** The name of the package, as package.json says it. */
const NAME = 'n8n-nodes-fusioncommerce';

const root = new URL('../../', import.meta.url).pathname;

/**
 * Packs the community package as npm would publish it and installs the tarball where n8n keeps community packages, the
 * way n8n's own installer does: no scripts, no peers. So templates carry the published type names, and what is tested
 * is what merchants get.
 */
export const installPackage = async (userFolder: string, platformUrl: string): Promise<void> => {
  const target = join(userFolder, '.n8n', 'nodes');
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), `${JSON.stringify({ name: 'installed-nodes', private: true })}\n`);
  const tarball = await packed();
  try {
    await npm(
      [
        ...['install', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-package-lock'],
        ...['--no-audit', '--no-fund', '--offline', '--loglevel=error', tarball],
      ],
      target,
    );
  } finally {
    await rm(dirname(tarball), { recursive: true, force: true });
  }
  await pointToReference(join(target, 'node_modules', NAME), platformUrl);
};

/** The package as a tarball in a temporary folder; `prepack` builds it first, with `infra/n8n-package/build.ts`. */
export const packed = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-package-'));
  await npm(['pack', '--silent', '--pack-destination', folder], root);
  const [name] = await readdir(folder);
  if (!name) throw new Error('npm pack made no tarball.');
  return join(folder, name);
};

const npm = async (args: readonly string[], cwd: string): Promise<void> => {
  const child = spawn('npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
  });
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errorOutput = (errorOutput + chunk).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Error(`npm ${args[0]} ended with code ${code}: ${errorOutput.trim()}`);
};
