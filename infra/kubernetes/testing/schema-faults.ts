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

/** What the schema of its kind refuses in an object; a kind without a schema is a fault too. */
export const schemaFaults = async (manifest: Manifest): Promise<string[]> => {
  const named = `${manifest.kind} ${manifest.metadata.name}`;
  const file = fileOf(manifest);
  if (!file) return [`${named}: no schema of ${manifest.apiVersion}`];
  const schema = withoutFormats(JSON.parse(await readFile(file, 'utf8'))) as object;
  return valueFaults(schema, manifest).map((fault) => `${named}: ${fault}`);
};

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
