import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Everything of the package is found by where it lies and how it is called; package.json lists the same files. */
export const root = join(import.meta.dirname, '../..');

export interface NodeSource {
  /** `nodes/Order/FusionCommerceOrder.node.ts`, from the root. */
  file: string;
  folder: string;
  className: string;
}

const found = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();

const sources = (files: string[], ending: string): NodeSource[] =>
  files.map((file) => ({ file, folder: dirname(file), className: basename(file, ending) }));

export const nodeSources = (): NodeSource[] => sources(found('nodes/*/*.node.ts'), '.node.ts');

export const credentialSources = (): NodeSource[] => sources(found('credentials/*.credentials.ts'), '.credentials.ts');

/** Icons and codex files, which lie in `dist` as they lie in the sources. */
export const plainFiles = (): string[] => [
  ...found('nodes/*/*.svg'),
  ...found('nodes/*/*.node.json'),
  ...found('credentials/*.svg'),
];

/** Where n8n finds the bundle of a source. */
export const bundleOf = (source: string): string => join('dist', source.replace(/\.ts$/, '.js'));
