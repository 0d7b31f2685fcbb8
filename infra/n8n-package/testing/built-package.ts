import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { INodeType } from 'n8n-workflow';
import { nodeSources, root } from '../files.ts';

export interface BuiltPackage {
  folder: string;
  nodes: INodeType[];
  /** The built node of a published type name. */
  node: (type: string) => INodeType;
  remove: () => Promise<void>;
}

/**
 * Builds the package as `npm run build:n8n` does, into a folder of this test's own, from where `n8n-workflow` is found.
 */
export const buildPackage = async (): Promise<BuiltPackage> => {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'n8n-package-'));
  await promisify(execFile)(process.execPath, [join(root, 'infra/n8n-package/build.ts'), '--out', folder]);
  const require = createRequire(import.meta.url);
  const nodes = nodeSources().map(({ file, className }) => {
    const module = require(join(folder, file.replace(/\.ts$/, '.js'))) as Record<string, new () => INodeType>;
    const Node = module[className];
    if (!Node) throw new Error(`${file} exports no ${className}`);
    return new Node();
  });
  return {
    folder,
    nodes,
    node: (type) => {
      const found = nodes.find(({ description }) => `n8n-nodes-fusioncommerce.${description.name}` === type);
      if (!found) throw new Error(`The package has no node ${type}`);
      return found;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
