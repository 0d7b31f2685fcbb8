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
import { located } from '../datastore/read.ts';
import { whereOf, type YugabyteDbCredential } from './connection.ts';
import { explain } from './error-messages.ts';
import { withSession, type Session } from './session.ts';
import { schemas, tableDefinition, tables, type Column } from './table.ts';

const TIMEOUT_MS = 20_000;

/** Asks the database with the node's credential; what fails is said in words. */
const asked = async <Answer>(
  context: ILoadOptionsFunctions,
  ask: (session: Session) => Promise<Answer>,
): Promise<Answer> => {
  const credential = await context.getCredentials<YugabyteDbCredential>('yugabyteDb');
  const settings = { zone: 'UTC', timeoutMs: TIMEOUT_MS, largeNumbers: 'text', afterwards: 'reuse' } as const;
  return inWords(
    context,
    (error) => explain(error, whereOf(credential)),
    () => withSession(credential, settings, ask),
  );
};

const chosen = (context: ILoadOptionsFunctions, name: 'schema' | 'table'): string =>
  located(context.getCurrentNodeParameter(name, { extractValue: true }));

export const searchSchemas = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  asked(context, async (session) => listed(await schemas(session), filter));

export const searchTables = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  asked(context, async (session) => {
    const schema = chosen(context, 'schema');
    if (schema === '')
      throw new StoreError('INVALID_INPUT', 'Choose the schema first.', 'The list of tables depends on it.');
    return listed(await tables(session, schema), filter);
  });

const columnsOf = async (context: ILoadOptionsFunctions): Promise<Column[]> => {
  const table = { schema: chosen(context, 'schema'), name: chosen(context, 'table') };
  if (table.schema === '' || table.name === '') return [];
  return asked(context, async (session) => (await tableDefinition(session, table)).columns);
};

/** Columns to choose from. */
export const columnOptions = async (context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> =>
  (await columnsOf(context)).map(({ name, type }) => ({
    name,
    value: name,
    description: `A column of the type ${type}`,
  }));

/** Columns as fields of a mapper. */
export const columnFields = async (
  context: ILoadOptionsFunctions,
  operation: 'insert' | 'update' | 'upsert',
): Promise<ResourceMapperFields> => ({
  fields: (await columnsOf(context)).filter(({ generated }) => !generated).map((column) => field(column, operation)),
});

const field = (column: Column, operation: 'insert' | 'update' | 'upsert'): ResourceMapperField => ({
  id: column.name,
  displayName: `${column.name} (${column.type})`,
  required: operation !== 'update' && !column.nullable && !column.hasDefault,
  defaultMatch: column.primary,
  // ON CONFLICT needs a unique constraint; an update may match on anything.
  canBeUsedToMatch: operation === 'update' || (operation === 'upsert' && column.unique),
  display: true,
  ...shapeOf(column),
});

const shapeOf = ({ base, labels }: Column): Pick<ResourceMapperField, 'type' | 'options'> =>
  labels
    ? { type: 'options', options: labels.map((label) => ({ name: label, value: label })) }
    : { type: TYPES[base] ?? (base.startsWith('_') ? 'array' : 'string') };

/** The kind of field for a type. Numbers that JavaScript does not hold exactly are text, or n8n would round them. */
const TYPES: Record<string, FieldType> = {
  bool: 'boolean',
  date: 'dateTime',
  float4: 'number',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  json: 'object',
  jsonb: 'object',
  time: 'time',
  timestamp: 'dateTime',
  timestamptz: 'dateTime',
};
