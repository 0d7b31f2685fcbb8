import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Face } from '../form/face.ts';

const nodes = dirname(import.meta.dirname);

const isFace = (exported: object): exported is Face => 'contract' in exported && 'resources' in exported;

/** Every face that a node's face.ts exports. */
export const faces = (
  await Promise.all(
    globSync('*/face.ts', { cwd: nodes }).map(
      (file) => import(pathToFileURL(join(nodes, file)).href) as Promise<Record<string, object>>,
    ),
  )
)
  .flatMap((module) => Object.values(module).filter(isFace))
  .toSorted((left, right) => left.contract.domain.localeCompare(right.contract.domain, 'en'));
