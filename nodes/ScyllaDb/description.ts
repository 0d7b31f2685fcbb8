import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import {
  at,
  bigNumbers,
  consistency,
  emptyFields,
  mapper,
  options,
  serialConsistency,
  timeout,
  ttl,
} from './form-parts.ts';
import { conditionFields } from './condition-form.ts';
import { queryFields } from './query-form.ts';

const resource: INodeProperties = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Counter', value: 'counter' },
    { name: 'Query', value: 'query' },
    { name: 'Row', value: 'row' },
  ],
  default: 'row',
};

const operationOf = (
  resourceName: 'counter' | 'query' | 'row',
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

const operations: INodeProperties[] = [
  operationOf(
    'counter',
    [
      {
        name: 'Increment',
        value: 'increment',
        description: 'Add to counters and return what they are now',
        action: 'Increment a counter',
      },
    ],
    'increment',
  ),
  operationOf(
    'query',
    [
      {
        name: 'Execute',
        value: 'execute',
        description: 'Execute a CQL query with parameters',
        action: 'Execute a query',
      },
    ],
    'execute',
  ),
  operationOf(
    'row',
    [
      {
        name: 'Compare and Set',
        value: 'compareAndSet',
        description: 'Write a row only when it is not there yet, or holds what you expect',
        action: 'Compare and set a row',
      },
      { name: 'Delete', value: 'delete', description: 'Delete a row, or a whole partition', action: 'Delete a row' },
      { name: 'Get', value: 'get', description: 'Get a row by its primary key', action: 'Get a row' },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'Get many rows of a partition or a table',
        action: 'Get many rows',
      },
      {
        name: 'Put',
        value: 'put',
        description: 'Write a row over whatever is there, for ever or for a while',
        action: 'Put a row',
      },
    ],
    'get',
  ),
];

const onTables = { show: { resource: ['counter', 'row'] } };

const keyspace: INodeProperties = {
  displayName: 'Keyspace',
  name: 'keyspace',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  description: 'Where the table is. Empty: the keyspace of the credential.',
  displayOptions: onTables,
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchKeyspaces', searchable: true },
    },
    { displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. shop' },
  ],
};

const table: INodeProperties = {
  displayName: 'Table',
  name: 'table',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'The table, as it is written in the keyspace',
  displayOptions: onTables,
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchTables', searchable: true },
    },
    { displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. sessions' },
  ],
};

const key = mapper(
  {
    displayName: 'Primary Key',
    name: 'key',
    displayOptions: at('counter.increment', 'row.delete', 'row.get'),
  },
  'keyColumns',
  { label: 'Key', none: 'Choose a table first.' },
);

const rows: INodeProperties[] = [
  {
    displayName: 'Rows',
    name: 'rows',
    type: 'options',
    options: [
      { name: 'Of a Partition', value: 'partition', description: 'The rows that share a partition key; fast' },
      { name: 'Of the Whole Table', value: 'table', description: 'Every row; slow when the table is large' },
    ],
    default: 'partition',
    description: 'Which rows to get',
    displayOptions: at('row.getMany'),
  },
  {
    ...mapper({ displayName: 'Partition Key', name: 'partition' }, 'partitionColumns', {
      label: 'Key',
      none: 'Choose a table first.',
    }),
    displayOptions: { show: { ...at('row.getMany').show, rows: ['partition'] } },
  },
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
    displayOptions: at('row.getMany'),
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { ...at('row.getMany').show, returnAll: [false] } },
  },
];

const columns = mapper(
  { displayName: 'Columns', name: 'columns', displayOptions: at('row.compareAndSet', 'row.put') },
  'rowColumns',
  { label: 'Values', none: 'Choose a table first.' },
);

const counters: INodeProperties = {
  displayName: 'Counters',
  name: 'counters',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add counter',
  default: { counter: [{ column: '', by: 1 }] },
  required: true,
  displayOptions: at('counter.increment'),
  options: [
    {
      displayName: 'Counter',
      name: 'counter',
      values: [
        {
          displayName: 'Column Name or ID',
          name: 'column',
          type: 'options',
          typeOptions: { loadOptionsMethod: 'counterColumns', loadOptionsDependsOn: ['keyspace.value', 'table.value'] },
          default: '',
          description:
            'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
        },
        {
          displayName: 'By',
          name: 'by',
          type: 'number',
          default: 1,
          description: 'How much to add. Less than 0 takes away.',
        },
      ],
    },
  ],
};

const columnsToReturn: INodeProperties = {
  displayName: 'Column Names or IDs',
  name: 'only',
  type: 'multiOptions',
  typeOptions: { loadOptionsMethod: 'allColumns', loadOptionsDependsOn: ['keyspace.value', 'table.value'] },
  default: [],
  description:
    'Which columns to return; all when empty. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const onlyIfThere: INodeProperties = {
  displayName: 'Only If It Exists',
  name: 'onlyIfThere',
  type: 'boolean',
  default: false,
  description: 'Whether to look first, as one step, and answer whether there was a row',
};

const wholePartition: INodeProperties = {
  displayName: 'Whole Partition',
  name: 'wholePartition',
  type: 'boolean',
  default: false,
  description: 'Whether every row that shares the partition key is deleted; the other key columns are left empty then',
};

const notFound: INodeProperties = {
  displayName: 'When There Is No Row',
  name: 'notFound',
  type: 'options',
  options: [
    { name: 'Fail', value: 'fail', description: 'The item fails with the code ROW_NOT_FOUND' },
    { name: 'Return Nothing', value: 'nothing', description: 'The item ends here' },
  ],
  default: 'nothing',
  description: 'What to do when no row has this key',
};

const reverse: INodeProperties = {
  displayName: 'Reverse Order',
  name: 'reverse',
  type: 'boolean',
  default: false,
  description: 'Whether rows come in the opposite of the order in which the table keeps them',
};

const pageSize: INodeProperties = {
  displayName: 'Rows per Page',
  name: 'pageSize',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 10000 },
  default: 1000,
  description: 'How many rows to fetch at once. Take fewer when rows are large.',
};

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  ...operations,
  ...queryFields,
  keyspace,
  table,
  key,
  ...rows,
  ...conditionFields,
  columns,
  counters,
  options('row.compareAndSet', [bigNumbers, consistency(false), emptyFields, serialConsistency, timeout, ttl]),
  options('row.delete', [consistency(false), onlyIfThere, serialConsistency, timeout, wholePartition]),
  options('query.execute', [bigNumbers, consistency(true), pageSize, serialConsistency, timeout]),
  options('row.get', [bigNumbers, columnsToReturn, consistency(true), notFound, timeout]),
  options('row.getMany', [bigNumbers, columnsToReturn, consistency(true), reverse, pageSize, timeout]),
  options('counter.increment', [bigNumbers, consistency(false), timeout]),
  options('row.put', [consistency(false), emptyFields, timeout, ttl]),
];
