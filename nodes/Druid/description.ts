import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { limits, locator, operationOf, resourceOf } from '../datastore/form.ts';
import { parameterRows, queryText } from '../datastore/query-form.ts';
import { at, options } from './form-parts.ts';
import { TYPE_HINTS, TYPES } from './parameters.ts';

const resource = resourceOf(
  [
    { name: 'Data Source', value: 'dataSource', description: 'A table of Druid' },
    { name: 'Query', value: 'query', description: 'SQL with parameters' },
    { name: 'Supervisor', value: 'supervisor', description: 'A task that fills a data source from a stream' },
  ],
  'query',
);

const dataSourceOperations: INodePropertyOptions[] = [
  {
    name: 'Get Many',
    value: 'getMany',
    description: 'Get many data sources with their rows, bytes and times',
    action: 'Get many data sources',
  },
  {
    name: 'Get Rows',
    value: 'getRows',
    description: 'Get the newest rows of a data source',
    action: 'Get rows of a data source',
  },
];

const queryOperations: INodePropertyOptions[] = [
  { name: 'Execute', value: 'execute', description: 'Execute an SQL query with parameters', action: 'Execute a query' },
];

const supervisorOperations: INodePropertyOptions[] = [
  { name: 'Get Many', value: 'getMany', description: 'Get many supervisors', action: 'Get many supervisors' },
  {
    name: 'Get Status',
    value: 'get',
    description: 'Get the state of a supervisor, its tasks and its lag',
    action: 'Get the status of a supervisor',
  },
  { name: 'Resume', value: 'resume', description: 'Resume a suspended supervisor', action: 'Resume a supervisor' },
  {
    name: 'Submit',
    value: 'submit',
    description: 'Create a supervisor, or replace the one of the same data source',
    action: 'Submit a supervisor',
  },
  {
    name: 'Suspend',
    value: 'suspend',
    description: 'Pause reading until it is resumed; data that was read stays',
    action: 'Suspend a supervisor',
  },
  {
    name: 'Terminate',
    value: 'terminate',
    description: 'Remove a supervisor for good: its offsets are deleted, data that was read stays',
    action: 'Terminate a supervisor',
  },
];

const query: INodeProperties[] = [
  queryText(at('query.execute'), {
    dialect: 'StandardSQL',
    placeholder: 'e.g. SELECT COUNT(*) AS orders FROM orders WHERE __time >= ?',
    statement: 'One SQL query, with a ? for each value',
  }),
  parameterRows(at('query.execute'), 'The values, in the order of the question marks', [
    {
      displayName: 'Type',
      name: 'type',
      type: 'options',
      options: TYPES.map((type) => ({ name: type, value: type, description: TYPE_HINTS[type] })),
      default: 'VARCHAR',
      description: 'The SQL type of the value. A time without a zone is in the time zone of the workflow.',
    },
    { displayName: 'Value', name: 'value', type: 'string', default: '', description: 'The value of one parameter' },
  ]),
];

const dataSource = locator(
  {
    displayName: 'Data Source',
    name: 'dataSource',
    required: true,
    description: 'The data source, as Druid’s SQL knows it',
    displayOptions: at('dataSource.getRows'),
  },
  'searchDataSources',
  'e.g. orders',
);

const supervisor = locator(
  {
    displayName: 'Supervisor',
    name: 'supervisorId',
    required: true,
    description: 'The supervisor; it usually has the name of its data source',
    displayOptions: at('supervisor.get', 'supervisor.resume', 'supervisor.suspend', 'supervisor.terminate'),
  },
  'searchSupervisors',
  'e.g. orders',
);

const specification: INodeProperties = {
  displayName: 'Specification',
  name: 'specification',
  type: 'json',
  typeOptions: { rows: 12 },
  default: '{\n  "type": "kafka",\n  "spec": {}\n}',
  required: true,
  description: 'The supervisor’s specification, as Druid’s documentation describes it',
  displayOptions: at('supervisor.submit'),
};

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  operationOf('dataSource', dataSourceOperations, 'getMany'),
  operationOf('query', queryOperations, 'execute'),
  operationOf('supervisor', supervisorOperations, 'getMany'),
  ...query,
  dataSource,
  supervisor,
  specification,
  ...limits(at('dataSource.getMany', 'dataSource.getRows', 'query.execute', 'supervisor.getMany')),
  ...options,
];
