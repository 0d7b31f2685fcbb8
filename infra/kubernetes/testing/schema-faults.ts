import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { valueFaults } from '../../../microservices/chassis/testing/documents.ts';
import type { Manifest } from '../helm.ts';

/** Where JSON schemas of Kubernetes and custom resources are; a clone alone has none. */
export const schemasFolder =
  process.env['SCHEMAS_DIR'] ?? fileURLToPath(new URL('../../../../shared/schemas', import.meta.url));

export const hasSchemas = existsSync(join(schemasFolder, 'kubernetes'));

/** What the schemas of their kinds refuse in objects; a kind without a schema is a fault too. */
export const schemaFaults = async (manifests: readonly Manifest[]): Promise<string[]> => {
  const byFile = Map.groupBy(manifests, fileOf);
  const faults = await Promise.all(
    [...byFile].map(async ([file, ofKind]) => {
      if (!file) return ofKind.map(({ apiVersion, kind }) => `${kind}: no schema of ${apiVersion}`);
      // As one list: compiling a schema takes a hundred times as long as checking an object.
      const items = withoutFormats(JSON.parse(await readFile(file, 'utf8'))) as object;
      return valueFaults({ type: 'array', items }, ofKind).map((fault) => named(ofKind, fault));
    }),
  );
  return faults.flat();
};

/** A fault with the object's kind and name instead of its place in the list. */
const named = (manifests: readonly Manifest[], fault: string): string =>
  fault.replace(/^\/(\d+)/, (_all, index) => {
    const found = manifests[Number(index)];
    return found ? `${found.kind} ${found.metadata.name}: ` : '';
  });

const fileOf = ({ apiVersion, kind }: Manifest): string | undefined => {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const name = kind.toLowerCase();
  const label = group ? `-${group.split('.')[0]}` : '';
  return [
    join(schemasFolder, 'kubernetes/v1.36.0-standalone-strict', `${name}${label}-${version}.json`),
    join(schemasFolder, 'crds', group, `${name}_${version}.json`),
  ].find((file) => existsSync(file));
};

/** Formats are Kubernetes' own ("int-or-string"), and the dialect that the schemas name is an older one. */
const withoutFormats = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutFormats);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => name !== '$schema' && !(name === 'format' && typeof value === 'string'))
      .map(([name, value]) => [name, withoutFormats(value)]),
  );
};
