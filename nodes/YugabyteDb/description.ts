import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { operationOf, resourceOf } from '../datastore/form.ts';
import { queryParameters, queryText } from '../datastore/query-form.ts';
import { at, options } from './form-parts.ts';
import { rowFields } from './row-form.ts';

const resource = resourceOf(
  [
    { name: 'Query', value: 'query', description: 'SQL with parameters' },
    { name: 'Row', value: 'row', description: 'Rows of a table' },
  ],
  'row',
);

const queryOperations: INodePropertyOptions[] = [
  { name: 'Execute', value: 'execute', description: 'Execute an SQL query with parameters', action: 'Execute a query' },
];

const rowOperations: INodePropertyOptions[] = [
  {
    name: 'Create or Update',
    value: 'upsert',
    description: 'Create a new record, or update the current one if it already exists (upsert)',
    action: 'Create or update rows',
  },
  { name: 'Delete', value: 'delete', description: 'Delete rows that fit conditions', action: 'Delete rows' },
  {
    name: 'Get Many',
    value: 'getMany',
    description: 'Select many rows, filtered, sorted and limited',
    action: 'Get many rows',
  },
  { name: 'Insert', value: 'insert', description: 'Insert a row for each item', action: 'Insert rows' },
  {
    name: 'Update',
    value: 'update',
    description: 'Update the rows that match an item in columns that you choose',
    action: 'Update rows',
  },
];

const query = [
  queryText(at('query.execute'), {
    dialect: 'PostgreSQL',
    placeholder: 'e.g. SELECT * FROM orders WHERE status = $1 AND total > $2',
    statement: 'One SQL statement, with $1, $2 … for the values',
  }),
  ...queryParameters(at('query.execute'), {
    each: 'One field for each of $1, $2 …',
    rows: 'The values of $1, $2 …, in this order. The database knows what type each has.',
    list: 'A list with the values of $1, $2 … in their order. A list inside it becomes an SQL array, an object JSON.',
  }),
];

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  operationOf('query', queryOperations, 'execute'),
  operationOf('row', rowOperations, 'getMany'),
  ...query,
  ...rowFields,
  ...options,
];
