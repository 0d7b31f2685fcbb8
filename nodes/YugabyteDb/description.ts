import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { options } from './form-parts.ts';
import { queryFields } from './query-form.ts';
import { rowFields } from './row-form.ts';

const resource: INodeProperties = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Query', value: 'query' },
    { name: 'Row', value: 'row' },
  ],
  default: 'row',
};

const operationOf = (
  resourceName: 'query' | 'row',
  choices: INodePropertyOptions[],
  first: string,
): INodeProperties => ({
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  displayOptions: { show: { resource: [resourceName] } },
  options: choices,
  default: first,
});

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

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  operationOf('query', queryOperations, 'execute'),
  operationOf('row', rowOperations, 'getMany'),
  ...queryFields,
  ...rowFields,
  ...options,
];
