import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { allContracts } from '../../ai/contracts.ts';

const root = join(import.meta.dirname, '../..');
const folders = globSync(
  ['microservices/*/migrations', 'ai/*/migrations', 'infra/new-domain/example/microservices/*/migrations'],
  { cwd: root },
).toSorted();

/**
 * Every column that can hold text, in one of three lists: what an erasure empties, what it leaves and why, and what
 * tells nothing of persons.
 */
const declaration = z.strictObject({
  erased: z.array(z.string()),
  kept: z.record(z.string(), z.string().min(10)),
  other: z.array(z.string()),
});

/** Ids, states and currencies are made by the platform or one of a few words. */
const isPlain = (column: string): boolean => /^(id|state|currency|kind)$|_id$|_state$/.test(column);
const TEXT = 'text\\[\\]|text|varchar|char|jsonb|json';

const textColumnsIn = (folder: string): string[] =>
  globSync('*.sql', { cwd: join(root, folder) })
    .toSorted()
    .map((file) => readFileSync(join(root, folder, file), 'utf8').replaceAll(/--.*$/gm, ''))
    .flatMap((sql) => [...inNewTables(sql), ...inNewColumns(sql)])
    .filter(([, column]) => !isPlain(column))
    .map(([table, column]) => `${table}.${column}`);

const inNewTables = (sql: string): [string, string][] =>
  [...sql.matchAll(/CREATE TABLE IF NOT EXISTS (\w+) \(([\s\S]*?)\n\);/gi)].flatMap(([, table = '', body = '']) =>
    [...body.matchAll(new RegExp(`^\\s+(\\w+) (?:${TEXT})\\b`, 'gim'))].map(([, column = '']): [string, string] => [
      table,
      column,
    ]),
  );

const inNewColumns = (sql: string): [string, string][] =>
  [...sql.matchAll(new RegExp(`ALTER TABLE (\\w+) ADD COLUMN IF NOT EXISTS (\\w+) (?:${TEXT})(?![\\w])`, 'gi'))].map(
    ([, table = '', column = '']): [string, string] => [table, column],
  );

const declaredIn = (folder: string) =>
  declaration.parse(JSON.parse(readFileSync(join(root, folder, 'text-columns.json'), 'utf8')));

test('the columns are found', () => {
  expect(textColumnsIn('microservices/orders/migrations')).toEqual(
    expect.arrayContaining(['orders.note', 'orders.metadata', 'quote.redeemers', 'timeline.reason']),
  );
  expect(folders).toHaveLength(new Set(folders).size);
  expect(folders.length).toBeGreaterThan(9);
});

test.each(folders)('%s/text-columns.json says of each text whether an erasure empties it', (folder) => {
  const { erased, kept, other } = declaredIn(folder);
  const declared = [...erased, ...Object.keys(kept), ...other];
  expect(declared.toSorted()).toEqual(textColumnsIn(folder).toSorted());
});

test('a domain with texts to erase says personalData, so that customers wait for it', () => {
  const erasing = folders
    .filter((folder) => !folder.startsWith('infra') && declaredIn(folder).erased.length > 0)
    .map((folder) => folder.split('/')[1] ?? dirname(folder));
  const keepers = allContracts.filter(({ personalData }) => personalData).map(({ domain }) => domain);
  expect(erasing.filter((domain) => domain !== 'customers' && !keepers.includes(domain))).toEqual([]);
});
