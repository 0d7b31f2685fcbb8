import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/**
 * The exports of a `derived.ts` are computed here and put into the bundle as plain data: a node ships its form and its
 * routes, and neither the contracts nor Zod.
 */
export const derivedData: Plugin = {
  name: 'derived-data',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]derived\.ts$/ }, async ({ path }) => {
      const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
      const lines = Object.entries(module).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};
