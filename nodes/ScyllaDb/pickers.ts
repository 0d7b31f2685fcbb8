/** The lists of the form: they ask the database, as the analyst types. */
import type {
  FieldType,
  ILoadOptionsFunctions,
  INodeListSearchResult,
  INodePropertyOptions,
  ResourceMapperField,
  ResourceMapperFields,
} from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import { storeNodeError } from '../shared/store-items.ts';
import type { ScyllaDbCredential } from './connection.ts';
import { whereOf } from './credential-test.ts';
import { explain } from './failure-words.ts';
import { nameOf } from './read-form.ts';
import { withSession } from './session.ts';
import { keyspaces, tableDefinition, tables, type Column } from './table.ts';

/** Opens a picker with the node's credential; what fails is said in words. */
export const inWords = async <Answer>(
  context: ILoadOptionsFunctions,
  ask: (credential: ScyllaDbCredential) => Promise<Answer>,
): Promise<Answer> => {
  const credential = await context.getCredentials<ScyllaDbCredential>('scyllaDb');
  try {
    return await ask(credential);
  } catch (error) {
    throw storeNodeError(context.getNode(), error, (thrown) => explain(thrown, whereOf(credential)));
  }
};

const contains = (name: string, part: string | undefined): boolean =>
  name.toLowerCase().includes((part ?? '').trim().toLowerCase());

const listed = (names: string[], filter: string | undefined): INodeListSearchResult => ({
  results: names.filter((name) => contains(name, filter)).map((name) => ({ name, value: name })),
});

const chosen = (context: ILoadOptionsFunctions, name: 'keyspace' | 'table'): string =>
  nameOf(context.getCurrentNodeParameter(name, { extractValue: true }));

const keyspaceOf = (context: ILoadOptionsFunctions, { keyspace }: ScyllaDbCredential): string => {
  const name = chosen(context, 'keyspace') || (keyspace?.trim() ?? '');
  if (name === '')
    throw new StoreError('INVALID_INPUT', 'Choose the keyspace first.', 'This list depends on the keyspace.');
  return name;
};

export const searchKeyspaces = async (
  credential: ScyllaDbCredential,
  filter?: string,
): Promise<INodeListSearchResult> => listed(await withSession(credential, keyspaces), filter);

export const searchTables = async (
  context: ILoadOptionsFunctions,
  credential: ScyllaDbCredential,
  filter?: string,
): Promise<INodeListSearchResult> => {
  const keyspace = keyspaceOf(context, credential);
  return listed(await withSession(credential, (session) => tables(session, keyspace)), filter);
};

const columnsOf = async (context: ILoadOptionsFunctions, credential: ScyllaDbCredential): Promise<Column[]> => {
  const name = chosen(context, 'table');
  if (name === '') return [];
  const keyspace = keyspaceOf(context, credential);
  return (await withSession(credential, (session) => tableDefinition(session, { keyspace, name }))).columns;
};

/** Columns to choose from, those that `wanted` keeps. */
export const columnOptions = async (
  context: ILoadOptionsFunctions,
  credential: ScyllaDbCredential,
  wanted: (column: Column) => boolean,
): Promise<INodePropertyOptions[]> =>
  (await columnsOf(context, credential))
    .filter(wanted)
    .map(({ name, type }) => ({ name, value: name, description: `A column of the type ${type}` }));

/** What a mapper shows, and which of it may not be left out. */
const MAPPERS = {
  /** The whole primary key. */
  key: { wanted: isKey, required: isKey },
  /** The partition key, and clustering columns to narrow it down. */
  partition: { wanted: isKey, required: isPartition },
  /** Every column that can be written; a row without clustering columns holds what the partition shares. */
  row: { wanted: ({ type }: Column) => type !== 'counter', required: isPartition },
};

function isPartition({ kind }: Column): boolean {
  return kind === 'partition_key';
}

function isKey({ kind }: Column): boolean {
  return kind === 'partition_key' || kind === 'clustering';
}

/** Columns as fields of a mapper. */
export const columnFields = async (
  context: ILoadOptionsFunctions,
  credential: ScyllaDbCredential,
  mapper: keyof typeof MAPPERS,
): Promise<ResourceMapperFields> => {
  const { wanted, required } = MAPPERS[mapper];
  const columns = await columnsOf(context, credential);
  return { fields: columns.filter(wanted).map((column) => field(column, required(column))) };
};

const field = (column: Column, required: boolean): ResourceMapperField => ({
  id: column.name,
  displayName: `${column.name} (${column.type})`,
  required,
  defaultMatch: false,
  canBeUsedToMatch: false,
  display: true,
  type: fieldType(column.type),
});

/** What the form shows for a type: numbers that JavaScript holds exactly as numbers, larger ones as text. */
const fieldType = (type: string): FieldType => {
  const plain = type.replace(/^frozen<(.*)>$/, '$1');
  if (/^(?:int|smallint|tinyint|float|double)$/.test(plain)) return 'number';
  if (plain === 'boolean') return 'boolean';
  if (plain === 'timestamp') return 'dateTime';
  if (/^(?:list|set|tuple|vector)</.test(plain)) return 'array';
  if (/^map</.test(plain)) return 'object';
  return isNative(plain) ? 'string' : 'object';
};

/** Everything else is a type that somebody defined. */
const isNative = (type: string): boolean =>
  /^(?:ascii|bigint|blob|counter|date|decimal|duration|inet|text|time|timeuuid|uuid|varchar|varint)$/.test(type) ||
  type.startsWith("'");
