import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allContracts } from '../../ai/contracts.ts';
import { segmentsOf } from '../../microservices/chassis/contract/index.ts';
import { withoutNames, type Files } from './example.ts';
import type { Names } from './names.ts';
import { Refusal } from './refusal.ts';
import { RESERVED_WORDS } from './reserved-words.ts';
import { spellings } from './spelling.ts';

const PARENTS = ['microservices', 'ai'];

/** Throws a Refusal when something of the platform has one of the names already, or a language keeps it for itself. */
export const refuseTaken = async (root: string, names: Omit<Names, 'prefix'>): Promise<void> => {
  const [one, many] = [spellings(names.thing), spellings(names.things)];
  const folders = [...PARENTS.map((parent) => `${parent}/${names.domain}`), `nodes/${names.node}`];
  const folder = folders.find((path) => existsSync(join(root, path)));
  if (folder) throw new Refusal(`${folder} exists already. Choose another domain.`);
  const word = [names.domain, one.camel, many.camel].find((name) => RESERVED_WORDS.has(name));
  if (word) throw new Refusal(`"${word}" is a word of TypeScript or SQL. ${advice(names)}`);
  const owner = allContracts.find(
    (contract) =>
      segmentsOf(contract).includes(many.kebab) ||
      Object.keys(contract.events).some((type) => type.startsWith(`${one.snake}.`)),
  );
  if (owner) throw new Refusal(`${owner.domain} has ${many.spaced} already. ${advice(names)}`);
  const schemas = await matchesIn(root, CONTRACT_FILES, SCHEMA);
  if (schemas.has(one.pascal)) throw new Refusal(`Another contract has a schema ${one.pascal}. ${advice(names)}`);
  const tables = await matchesIn(root, ['microservices/chassis/migrations/*.sql'], TABLE);
  if (tables.has(one.snake)) throw new Refusal(`Every schema has a table ${one.snake}. ${advice(names)}`);
};

/** Throws a Refusal when the sources of every new domain need one of the names for something else. */
export const refuseClash = (example: Files, names: Omit<Names, 'prefix'>): void => {
  const used = new Set(
    [...example].flatMap(([path, content]) =>
      path.endsWith('.ts') ? (withoutNames(withoutWords(content.toString())).match(/[A-Za-z]\w*/g) ?? []) : [],
    ),
  );
  const [one, many] = [spellings(names.thing), spellings(names.things)];
  const clash = [names.domain, one.camel, many.camel, one.pascal].find((name) => used.has(name));
  if (clash) throw new Refusal(`The sources of a new domain use "${clash}" for something else. ${advice(names)}`);
};

const advice = ({ domain, thing }: Pick<Names, 'domain' | 'thing'>): string =>
  `Choose another name, or give it a second word: npm run new:domain ${domain} ${thing.at(-1)}-record.`;

/** A source without its comments and strings. */
const withoutWords = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, '');

const CONTRACT_FILES = PARENTS.map((parent) => `${parent}/*/contract{.ts,/**/*.ts}`);
const SCHEMA = /\bid: '(\w+)'/g;
const TABLE = /CREATE TABLE IF NOT EXISTS (\w+)/g;
const PREFIX = /\bid\('(\w+)'\)/g;

const matchesIn = async (root: string, globs: string[], pattern: RegExp): Promise<Set<string>> => {
  const sources = await Promise.all(globSync(globs, { cwd: root }).map((file) => readFile(join(root, file), 'utf8')));
  return new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name = '']) => name)));
};

/** Three letters of the thing's name, in their order, that no other identifiers begin with. */
export const freePrefix = async (root: string, thing: readonly string[]): Promise<string> => {
  const taken = await matchesIn(root, CONTRACT_FILES, PREFIX);
  const [first = '', ...rest] = thing.join('');
  for (const [index, second] of rest.entries())
    for (const third of rest.slice(index + 1))
      if (!taken.has(`${first}${second}${third}`)) return `${first}${second}${third}`;
  throw new Refusal(`Every prefix of three letters of "${thing.join(' ')}" is taken. Choose a longer name.`);
};
