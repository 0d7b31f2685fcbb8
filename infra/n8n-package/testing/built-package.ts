import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { builtPackage } from '../built.ts';
import { bundleOf, nodeSources, type NodeSource } from '../files.ts';

export interface TestedPackage {
  /** Every node of it. Loads all bundles. */
  readonly nodes: INodeType[];
  /** The built node of a published type name. Loads its bundle only. */
  node: (type: string) => INodeType;
}

const PACKAGE = 'n8n-nodes-fusioncommerce';

/** n8n's rule: a node is called as its class, with a small first letter. */
const typeOf = ({ className }: NodeSource): string =>
  `${PACKAGE}.${className.charAt(0).toLowerCase()}${className.slice(1)}`;

/** The package as `npm run build:n8n` makes it. */
export const loadPackage = async (): Promise<TestedPackage> => {
  const { sources: folder } = await builtPackage();
  const require = createRequire(import.meta.url);
  const loaded = new Map<string, INodeType>();
  const load = (source: NodeSource): INodeType => {
    const { file, className } = source;
    const module = require(join(folder, bundleOf(file))) as Record<string, new () => INodeType>;
    const Node = module[className];
    if (!Node) throw new Error(`${file} exports no ${className}`);
    const node = new Node();
    if (`${PACKAGE}.${node.description.name}` !== typeOf(source))
      throw new Error(`${file} calls its node ${node.description.name}; n8n expects ${typeOf(source)}`);
    loaded.set(typeOf(source), node);
    return node;
  };
  const sources = nodeSources();
  return {
    get nodes() {
      return sources.map((source) => loaded.get(typeOf(source)) ?? load(source));
    },
    node: (type) => {
      const source = sources.find((one) => typeOf(one) === type);
      if (!source) throw new Error(`The package has no node ${type}`);
      return loaded.get(type) ?? load(source);
    },
  };
};
