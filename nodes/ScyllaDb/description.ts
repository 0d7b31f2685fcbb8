import type { INodeProperties } from 'n8n-workflow';
import { limits, locator, operationOf, optionsOf, resourceOf } from '../datastore/form.ts';
import { queryParameters, queryText } from '../datastore/query-form.ts';
import { columnChoice, columnChoices, mapper } from '../datastore/table-form.ts';
import { conditionFields } from './condition-form.ts';
import {
  answerTimeout,
  at,
  bigNumbers,
  consistency,
  emptyFields,
  serialConsistency,
  tableChosen,
  ttl,
} from './form-parts.ts';

const resource = resourceOf(
  [
    { name: 'Counter', value: 'counter', description: 'Numbers that many writers add to' },
    { name: 'Query', value: 'query', description: 'CQL with parameters' },
    { name: 'Row', value: 'row', description: 'Rows of a table, by their primary key' },
  ],
  'row',
);

const operations: INodeProperties[] = [
  operationOf(
    'counter',
    [
      {
        name: 'Increment',
        value: 'increment',
        description: 'Add to counters and return their new values',
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
        description: 'Write a row only if it does not exist yet or holds the values that you expect',
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
        description: 'Write a row in place of an existing one, with or without a time to live',
        action: 'Put a row',
      },
    ],
    'get',
  ),
];

const onTables = { show: { resource: ['counter', 'row'] } };

const keyspace = locator(
  {
    displayName: 'Keyspace',
    name: 'keyspace',
    description: 'Where the table is. Empty: the keyspace of the credential.',
    displayOptions: onTables,
  },
  'searchKeyspaces',
  'e.g. shop',
);

const table = locator(
  {
    displayName: 'Table',
    name: 'table',
    required: true,
    description: 'The table, as it is written in the keyspace',
    displayOptions: onTables,
  },
  'searchTables',
  'e.g. sessions',
);

const mapped = (
  property: Pick<INodeProperties, 'displayName' | 'name' | 'displayOptions' | 'description'>,
  resourceMapperMethod: 'keyColumns' | 'partitionColumns' | 'rowColumns',
  valuesLabel: string,
): INodeProperties => mapper(property, { mode: 'add', valuesLabel, resourceMapperMethod }, tableChosen);

const query = [
  queryText(at('query.execute'), {
    dialect: 'StandardSQL',
    placeholder: 'e.g. SELECT * FROM shop.sessions WHERE id = ?',
    statement: 'One CQL statement, with a ? for each value',
  }),
  ...queryParameters(at('query.execute'), {
    each: 'One field for each ?',
    rows: 'The values, in the order of the question marks. The database knows what type each has.',
    list: 'A list with the values, in the order of the question marks',
  }),
];

const key = mapped(
  {
    displayName: 'Primary Key',
    name: 'key',
    description: 'The columns that name the row',
    displayOptions: at('counter.increment', 'row.delete', 'row.get'),
  },
  'keyColumns',
  'Key',
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
  mapped(
    {
      displayName: 'Partition Key',
      name: 'partition',
      description: 'The columns that say which partition',
      displayOptions: { show: { ...at('row.getMany').show, rows: ['partition'] } },
    },
    'partitionColumns',
    'Key',
  ),
  ...limits(at('row.getMany')),
];

const columns = mapped(
  {
    displayName: 'Columns',
    name: 'columns',
    description: 'The values to write',
    displayOptions: at('row.compareAndSet', 'row.put'),
  },
  'rowColumns',
  'Values',
);

const counters: INodeProperties = {
  displayName: 'Counters',
  name: 'counters',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add counter',
  default: { counter: [{ column: '', by: 1 }] },
  required: true,
  description: 'Which counters change, and by how much',
  displayOptions: at('counter.increment'),
  options: [
    {
      displayName: 'Counter',
      name: 'counter',
      values: [
        columnChoice({ loadOptionsMethod: 'counterColumns', loadOptionsDependsOn: tableChosen }),
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

const columnsToReturn = columnChoices(
  { displayName: 'Column Names or IDs', name: 'only', description: 'Which columns to return; all when empty' },
  { loadOptionsMethod: 'allColumns', loadOptionsDependsOn: tableChosen },
);

const onlyIfThere: INodeProperties = {
  displayName: 'Only If It Exists',
  name: 'onlyIfThere',
  type: 'boolean',
  default: false,
  description: 'Whether to check first, in one atomic step, and return whether there was a row',
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
  description: 'Whether to return rows in reverse of the order in which the table keeps them',
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
  ...query,
  keyspace,
  table,
  key,
  ...rows,
  ...conditionFields,
  columns,
  counters,
  optionsOf(at('row.compareAndSet'), [
    bigNumbers,
    consistency(false),
    emptyFields,
    serialConsistency,
    answerTimeout,
    ttl,
  ]),
  optionsOf(at('row.delete'), [consistency(false), onlyIfThere, serialConsistency, answerTimeout, wholePartition]),
  optionsOf(at('query.execute'), [bigNumbers, consistency(true), pageSize, serialConsistency, answerTimeout]),
  optionsOf(at('row.get'), [bigNumbers, columnsToReturn, consistency(true), notFound, answerTimeout]),
  optionsOf(at('row.getMany'), [bigNumbers, columnsToReturn, consistency(true), reverse, pageSize, answerTimeout]),
  optionsOf(at('counter.increment'), [bigNumbers, consistency(false), answerTimeout]),
  optionsOf(at('row.put'), [consistency(false), emptyFields, answerTimeout, ttl]),
];
