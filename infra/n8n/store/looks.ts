import { glob, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { spaced } from './template.ts';

const nodesFolder = new URL('../../../nodes/', import.meta.url).pathname;

/** How a node looks in lists. */
export interface NodeLook {
  title: string;
  /** An SVG as a data URL, for light and for dark pages; undefined for icons that only n8n has. */
  icon: { light: string; dark: string } | undefined;
  /** The name of an icon that n8n's editor draws itself. */
  symbol: string | undefined;
}

/** n8n's own nodes by their titles, with the names of the icons that its editor draws for them. */
const OF_N8N: Record<string, { title: string; symbol: string }> = {
  aggregate: { title: 'Aggregate', symbol: 'layer-group' },
  errorTrigger: { title: 'Error Trigger', symbol: 'bug' },
  httpRequest: { title: 'HTTP Request', symbol: 'globe' },
  if: { title: 'If', symbol: 'map-signs' },
  merge: { title: 'Merge', symbol: 'code-branch' },
  noOp: { title: 'No Operation', symbol: 'arrow-right' },
  scheduleTrigger: { title: 'Schedule Trigger', symbol: 'clock' },
  set: { title: 'Edit Fields', symbol: 'pen' },
  stopAndError: { title: 'Stop and Error', symbol: 'exclamation-triangle' },
  switch: { title: 'Switch', symbol: 'map-signs' },
  wait: { title: 'Wait', symbol: 'pause-circle' },
};

export type LookOf = (type: string) => NodeLook;

/** Reads the icons of our nodes; the looks of any node type, n8n's own ones included. */
export const readLooks = async (): Promise<LookOf> => {
  const ours = new Map<string, NodeLook>();
  for await (const file of glob('*/*.node.ts', { cwd: nodesFolder })) {
    const folder = dirname(file);
    const className = basename(file, '.node.ts');
    ours.set(className.toLowerCase(), {
      title: spaced(className)
        .replace('Fusion Commerce', 'FusionCommerce')
        .replace(/^(FusionCommerce)(?=[A-Z])/, '$1 '),
      icon: await iconsIn(join(nodesFolder, folder)),
      symbol: undefined,
    });
  }
  return (type) => {
    const name = type.replace(/^.*\./, '');
    const known = ours.get(name.toLowerCase());
    if (known && type.startsWith('n8n-nodes-fusioncommerce.')) return known;
    const { title, symbol } = OF_N8N[name] ?? { title: spaced(name.replace(/^./, (first) => first.toUpperCase())) };
    return { title, icon: undefined, symbol };
  };
};

const iconsIn = async (folder: string): Promise<NodeLook['icon']> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.svg')).toSorted();
  const light = files.find((file) => !file.endsWith('.dark.svg'));
  const dark = files.find((file) => file.endsWith('.dark.svg'));
  if (light === undefined) return undefined;
  return { light: await dataUrl(join(folder, light)), dark: await dataUrl(join(folder, dark ?? light)) };
};

const dataUrl = async (file: string): Promise<string> =>
  `data:image/svg+xml;base64,${(await readFile(file)).toString('base64')}`;
