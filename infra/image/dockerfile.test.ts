import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { reachedFrom, workspaceFiles } from './reached-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const linesOf = async (file: string): Promise<string[]> =>
  (await readFile(new URL(file, import.meta.url), 'utf8')).split('\n');
const lines = await linesOf('Dockerfile');
const ignored = await linesOf('Dockerfile.dockerignore');
const n8n = await linesOf('n8n.Dockerfile');

/** The sources of the COPY lines of a stage, from the root of the repository. */
const copied = (stage: readonly string[]): string[] =>
  stage
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
const second = lines.findLastIndex((line) => line.startsWith('FROM '));
const dependencies = copied(lines.slice(0, second));
const final = copied(lines.slice(second));
const covers = (sources: readonly string[], path: string): boolean =>
  sources.some((source) => path === source || path.startsWith(`${source}/`));

test('the image holds every file that `fusioncommerce serve` reaches, and the data that those read', async () => {
  const { files, data } = await reachedFrom(root, 'infra/serve/main.ts');
  expect(files.size).toBeGreaterThan(300);
  expect([...files, ...data].filter((path) => !covers(final, path))).toEqual([]);
});

test('what is left out of the build is nothing that is reached', async () => {
  const { files } = await reachedFrom(root, 'infra/serve/main.ts');
  expect([...files].filter((path) => /\.test\.ts$|(^|\/)testing\/|README\.md$/.test(path))).toEqual([]);
  const sent = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect([...dependencies, ...final].filter((path) => !covers(sent, path))).toEqual([]);
});

test('npm ci finds the package.json of every workspace', async () => {
  expect((await workspaceFiles(root)).filter((path) => !covers(dependencies, path))).toEqual([]);
});

test('the image runs as a user without rights, and no secret is an argument or a layer', () => {
  expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER 10001:10001']);
  expect(lines.filter((line) => /^(ARG|ENV).*(KEY|PASSWORD|SECRET|TOKEN)/.test(line))).toEqual([]);
  expect(lines.join('\n')).toContain('--mount=type=secret,id=npmrc');
  expect(n8n.filter((line) => line.startsWith('USER ')).at(-1)).toBe('USER node');
});

test('argon2 needs its optional package, so none is left out', () => {
  expect(lines.filter((line) => line.includes('--omit=optional'))).toEqual([]);
});

test('the n8n of the image is the one that the nodes are tested with', async () => {
  const tested = JSON.parse(await readFile(new URL('../n8n/package.json', import.meta.url), 'utf8')) as {
    dependencies: { n8n: string };
  };
  expect(n8n).toContain(`ARG N8N_VERSION=${tested.dependencies.n8n}`);
});
