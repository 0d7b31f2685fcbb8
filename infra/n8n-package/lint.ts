/**
 * `npm run lint:n8n`: n8n's two linters on the sources and on the derived forms written out, then the scanner that n8n
 * runs on published packages, on the sources and on what `npm pack` would publish. All offline.
 */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { bundleOf, credentialSources, nodeSources, plainFiles, root, type NodeSource } from './files.ts';
import { idle, refused } from './findings.ts';
import { lintWithBoth } from './lint-rules.ts';
import { printedCredential, printedNode } from './print-node.ts';
import { scan } from './scan.ts';
import { unexplained } from './tooltips.ts';

const run = promisify(execFile);

const require = createRequire(import.meta.url);

/** The built node or credential, as n8n makes it. */
const instance = <Kind extends INodeType | ICredentialType>({ file, className }: NodeSource): Kind => {
  const module = require(join(root, bundleOf(file))) as Record<string, new () => Kind>;
  const Built = module[className];
  if (!Built) throw new Error(`${file} must export the class ${className}: n8n finds it by that name`);
  return new Built();
};

/** Fields and entries of a built node that say nothing about themselves. */
const untold = (source: NodeSource): string[] => {
  const { displayName, properties } = instance<INodeType>(source).description;
  return unexplained(displayName, properties);
};

const kindOf = (node: INodeType): 'execute' | 'trigger' | 'webhook' => {
  if (node.trigger) return 'trigger';
  return node.webhook ? 'webhook' : 'execute';
};

/** The package with every derived form written out, in a folder that looks like a package of n8n. */
const writeOut = async (folder: string): Promise<string> => {
  const out = join(folder, 'written-out');
  for (const source of nodeSources()) {
    const node = instance<INodeType>(source);
    const text = await printedNode(source.className, node.description, kindOf(node));
    await mkdir(join(out, source.folder), { recursive: true });
    await writeFile(join(out, source.file), text);
  }
  for (const file of plainFiles()) await cp(join(root, file), join(out, file));
  await cp(join(root, 'package.json'), join(out, 'package.json'));
  await mkdir(join(out, 'credentials'), { recursive: true });
  for (const source of credentialSources()) {
    const { properties } = instance<ICredentialType>(source);
    const text = await readFile(join(root, source.file), 'utf8');
    await writeFile(join(out, source.file), await printedCredential(text, properties));
  }
  return out;
};

/** The package as a user installs it, unpacked. */
const packed = async (folder: string): Promise<string> => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    maxBuffer: 2 ** 24,
  });
  const [{ filename } = { filename: '' }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  await run('tar', ['-xzf', join(folder, filename), '-C', folder]);
  return join(folder, 'package');
};

const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-lint-'));
try {
  // Packing builds, and the built nodes are what is written out.
  const shipped = await packed(folder);
  const forms = await writeOut(folder);
  const results = [
    await lintWithBoth('sources', root),
    await lintWithBoth('forms written out', forms),
    await scan('sources', root, ['package.json', '{nodes,credentials}/**/*.{js,ts,json}']),
    await scan('package', shipped, ['**/*.js', 'package.json']),
  ];
  const sources = globSync(['{nodes,credentials}/**/*.ts', 'dist/nodes/*/*.js'], { cwd: root });
  const checks = [
    ...results.map((report) => ({ title: report.title, lines: refused(report) })),
    { title: 'tooltips', lines: nodeSources().flatMap(untold) },
    { title: 'accepted findings', lines: idle(results, sources) },
  ];
  for (const { title, lines } of checks)
    console.log(lines.length === 0 ? `ok      ${title}` : `FAILED  ${title}\n${lines.join('\n')}`);
  process.exitCode = checks.every(({ lines }) => lines.length === 0) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
