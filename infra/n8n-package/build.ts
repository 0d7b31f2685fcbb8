/**
 * `npm run build:n8n`: the package that n8n installs, in `dist`. One CommonJS file a node and a credential, everything
 * they need inside, `n8n-workflow` left to n8n; icons, codex files and output schemas beside them, where n8n looks for
 * them.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { EDITIONS } from '../../nodes/form/field/made.ts';
import { derivedData } from './derived-data.ts';
import { leftOut } from './left-out.ts';
import { searchNames, type Searchable } from './search-names.ts';
import { bundleOf, credentialSources, nodeSources, plainFiles, root, type NodeSource } from './files.ts';

/** `--out` builds elsewhere, as tests do. */
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
const { out } = values;

const isZod = (file: string): boolean => file.includes('node_modules/zod/');

const bundle = async (sources: NodeSource[]): Promise<void> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: sources.map(({ file }) => ({ in: file, out: file.replace(/\.ts$/, '') })),
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['n8n-workflow'],
    legalComments: 'linked',
    plugins: [derivedData, leftOut],
    logLevel: 'warning',
    metafile: true,
  });
  const withZod = Object.entries(metafile.outputs).filter(([, { inputs }]) => Object.keys(inputs).some(isZod));
  if (withZod.length > 0)
    throw new Error(
      `Zod is for build time (nodes/form, derived.ts), and is in ${withZod.map(([file]) => file).join(', ')}`,
    );
};

/**
 * `__schema__/v1.0.0/order/get.json` beside the node, for each version of it: n8n-core's output-schema-resolver reads
 * exactly this.
 */
const writeAnswerSchemas = async ({ folder }: NodeSource): Promise<number> => {
  const derived = join(root, folder, 'derived.ts');
  if (!existsSync(derived)) return 0;
  const { answers } = (await import(pathToFileURL(derived).href)) as { answers?: Record<string, unknown> };
  const entries = Object.entries(answers ?? {});
  for (const edition of EDITIONS) {
    for (const [place, schema] of entries) {
      const file = join(out, folder, `__schema__/v${edition}.0.0`, `${place}.json`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify(schema));
    }
  }
  return entries.length;
};

/** The node panel finds a node by the names of its operations and events too, beside the words of its codex file. */
const addAliases = async ({ folder, file }: NodeSource): Promise<void> => {
  const derived = join(root, folder, 'derived.ts');
  if (!existsSync(derived)) return;
  const codexFile = join(out, file.replace(/\.ts$/, '.json'));
  const codex = JSON.parse(await readFile(codexFile, 'utf8')) as { alias: string[] };
  const names = searchNames((await import(pathToFileURL(derived).href)) as Searchable);
  await writeFile(codexFile, JSON.stringify({ ...codex, alias: [...new Set([...codex.alias, ...names])] }));
};

const listed = async (kind: 'nodes' | 'credentials'): Promise<string[]> => {
  const { n8n } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    n8n: Record<typeof kind, string[]>;
  };
  return n8n[kind];
};

/**
 * n8n loads what package.json lists: a node that is not listed does not exist, and a listed one that is not there
 * breaks the package.
 */
const checkListed = async (kind: 'nodes' | 'credentials', sources: NodeSource[]): Promise<void> => {
  const there = sources.map(({ file }) => bundleOf(file));
  const named = await listed(kind);
  const wrong = [...there.filter((file) => !named.includes(file)), ...named.filter((file) => !there.includes(file))];
  if (wrong.length > 0)
    throw new Error(`package.json → n8n.${kind} must list exactly the sources; it differs in ${wrong.join(', ')}`);
};

const nodes = nodeSources();
const credentials = credentialSources();
await checkListed('nodes', nodes);
await checkListed('credentials', credentials);
await rm(out, { recursive: true, force: true });
await bundle([...nodes, ...credentials]);
// The sources are ES modules, the bundles are not.
await writeFile(join(out, 'package.json'), JSON.stringify({ type: 'commonjs' }));
let schemas = 0;
for (const node of nodes) schemas += await writeAnswerSchemas(node);
for (const file of plainFiles()) await cp(join(root, file), join(out, file));
for (const node of nodes) await addAliases(node);
console.log(`${out}: ${nodes.length} nodes, ${credentials.length} credentials, ${schemas} output schemas`);
