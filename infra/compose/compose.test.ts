import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { valueFaults } from '../../microservices/chassis/testing/documents.ts';
import { hasSchemas, schemasFolder } from '../kubernetes/testing/schema-faults.ts';
import { readArguments } from '../serve/arguments.ts';

interface Compose {
  services: Record<string, { command?: string[]; environment?: Record<string, string | number>; ports?: string[] }>;
}

const text = await readFile(new URL('compose.yaml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const ours = ['migrate', 'topics', 'platform'];

/** As Compose fills in variables. */
const filled = (value: string | number): string => String(value).replace(/\$\{\w+:[?-][^}]*\}/g, 'secret');

test('the file is what Compose allows', async () => {
  if (!hasSchemas) return console.warn(`Not checked: there are no schemas in ${schemasFolder} (SCHEMAS_DIR).`);
  const { $schema: _older, ...schema } = JSON.parse(
    await readFile(join(schemasFolder, 'ci/compose-spec.json'), 'utf8'),
  ) as Record<string, unknown>;
  expect(valueFaults(schema, compose)).toEqual([]);
});

test.each(ours)('the command and the environment of %s are taken by fusioncommerce', (name) => {
  const { command = [], environment = {} } = compose.services[name] ?? {};
  const variables = Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [variable, variable === 'TRUST_PROXY' ? '' : filled(value)]),
  );
  expect(readArguments(command, variables)).toMatchObject({ command: name === 'platform' ? 'serve' : name });
});

test('nothing is reached from other machines but through a proxy on this one, and no password stands in the file', () => {
  const ports = Object.values(compose.services).flatMap(({ ports: some = [] }) => some);
  expect(ports).toEqual(['127.0.0.1:3000:3000']);
  const passwords = [...text.matchAll(/(?:PASSWORD|SECRET|ACCESS|_KEY)[A-Z_]*: ["']?([^"',}\n]+)/g)].map(
    ([, held]) => held,
  );
  expect(passwords.length).toBeGreaterThan(2);
  expect(passwords.filter((held) => !held?.startsWith('${'))).toEqual([]);
});
