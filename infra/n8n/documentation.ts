import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Face } from '../../nodes/form/face.ts';

const nodes = new URL('../../nodes/', import.meta.url).pathname;

interface Codex {
  resources: { primaryDocumentation: { url: string }[] };
}

/**
 * Lets "Docs" in the editor lead to the reference of the platform that runs beside it: the operations of a node's
 * domain, the one operation of a step of journeys, for the triggers the events. Nodes of datastores keep their page in
 * the repository.
 */
export const pointToReference = async (packageFolder: string, platformUrl: string): Promise<void> => {
  for await (const file of glob('dist/nodes/*/*.node.json', { cwd: packageFolder })) {
    const page = await pageOf(basename(dirname(file)));
    if (page === undefined) continue;
    const path = join(packageFolder, file);
    const codex = JSON.parse(await readFile(path, 'utf8')) as Codex;
    codex.resources.primaryDocumentation = [{ url: new URL(page, platformUrl).href }];
    await writeFile(path, JSON.stringify(codex, undefined, 2));
  }
};

/** Nodes that are one operation each. */
export const SINGLE_OPERATIONS: Readonly<Record<string, string>> = {
  Limit: 'events.useLimit',
  Split: 'events.assignSplit',
  WaitForEvent: 'events.createWait',
};

const pageOf = async (folder: string): Promise<string | undefined> => {
  if (folder.endsWith('Trigger')) return '/reference/events';
  const operation = SINGLE_OPERATIONS[folder];
  if (operation !== undefined) return `/reference/events#${operation}`;
  const file = join(nodes, folder, 'face.ts');
  if (!existsSync(file)) return undefined;
  const faces = Object.values((await import(pathToFileURL(file).href)) as Record<string, Face>);
  const domain = faces.find((one) => 'contract' in one)?.contract.domain;
  return domain && `/reference/${domain}`;
};
