/** The lists of the form: they ask the database, as the analyst types. */
import type {
  FieldType,
  ILoadOptionsFunctions,
  INodeListSearchResult,
  INodePropertyOptions,
  ResourceMapperField,
  ResourceMapperFields,
} from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { inWords, listed } from '../datastore/methods.ts';
import type { ScyllaDbCredential } from './connection.ts';
import { whereOf } from './credential-test.ts';
import { explain } from './error-messages.ts';
import { nameOf } from './read-form.ts';
import { withSession } from './session.ts';
import { keyspaces, tableDefinition, tables, type Column } from './table.ts';

/** Hands the node's credential to `ask`; what fails is said in words. */
const asked = async <Answer>(
  context: ILoadOptionsFunctions,
  ask: (credential: ScyllaDbCredential) => Promise<Answer>,
): Promise<Answer> => {
  const credential = await context.getCredentials<ScyllaDbCredential>('scyllaDb');
  return inWords(
    context,
    (error) => explain(error, whereOf(credential)),
    () => ask(credential),
  );
};

const chosen = (context: ILoadOptionsFunctions, name: 'keyspace' | 'table'): string =>
  nameOf(context.getCurrentNodeParameter(name, { extractValue: true }));

const keyspaceOf = (context: ILoadOptionsFunctions, { keyspace }: ScyllaDbCredential): string => {
  const name = chosen(context, 'keyspace') || (keyspace?.trim() ?? '');
  if (name === '')
    throw new StoreError('INVALID_INPUT', 'Choose the keyspace first.', 'This list depends on the keyspace.');
  return name;
};

export const searchKeyspaces = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  asked(context, async (credential) => listed(await withSession(credential, keyspaces), filter));

export const searchTables = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  asked(context, async (credential) => {
    const keyspace = keyspaceOf(context, credential);
    return listed(await withSession(credential, (session) => tables(session, keyspace)), filter);
  });

const columnsOf = (context: ILoadOptionsFunctions): Promise<Column[]> =>
  asked(context, async (credential) => {
    const name = chosen(context, 'table');
    if (name === '') return [];
    const keyspace = keyspaceOf(context, credential);
    return (await withSession(credential, (session) => tableDefinition(session, { keyspace, name }))).columns;
  });

/** Columns to choose from, those that `wanted` keeps. */
export const columnOptions = async (
  context: ILoadOptionsFunctions,
  wanted: (column: Column) => boolean = () => true,
): Promise<INodePropertyOptions[]> =>
  (await columnsOf(context))
    .filter(wanted)
    .map(({ name, type }) => ({ name, value: name, description: `A column of the type ${type}` }));

export const isCounter = ({ type }: Column): boolean => type === 'counter';

/** A column that may be compared with before a row is written. */
export const isValue = ({ kind }: Column): boolean => kind === 'regular' || kind === 'static';

/** The columns that a mapper shows, and those that are required. */
const MAPPERS = {
  /** The whole primary key. */
  key: { wanted: isKey, required: isKey },
  /** The partition key, and clustering columns to narrow it down. */
  partition: { wanted: isKey, required: isPartition },
  /** Every column that can be written; a row without clustering columns holds what the partition shares. */
  row: { wanted: (column: Column) => !isCounter(column), required: isPartition },
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
  mapper: keyof typeof MAPPERS,
): Promise<ResourceMapperFields> => {
  const { wanted, required } = MAPPERS[mapper];
  const columns = await columnsOf(context);
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

/** The kind of field for a type: numbers that JavaScript holds exactly as numbers, larger ones as text. */
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
