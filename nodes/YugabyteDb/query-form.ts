import type { INodeProperties } from 'n8n-workflow';
import { at } from './form-parts.ts';

/** Execute Query: the text takes no expressions, so that values can reach it as parameters only. */
export const queryFields: INodeProperties[] = [
  {
    displayName: 'Query',
    name: 'query',
    type: 'string',
    typeOptions: { editor: 'sqlEditor', sqlDialect: 'PostgreSQL', rows: 5 },
    default: '',
    required: true,
    noDataExpression: true,
    placeholder: 'e.g. SELECT * FROM orders WHERE status = $1 AND total > $2',
    description: 'One SQL statement, with $1, $2 … for the values. Values never become part of its text.',
    displayOptions: at('query.execute'),
  },
  {
    displayName: 'Query Parameters',
    name: 'parametersInput',
    type: 'options',
    options: [
      { name: 'Using Fields Below', value: 'fields', description: 'One field for each of $1, $2 …' },
      { name: 'Using JSON', value: 'json', description: 'A list, for example from another node' },
    ],
    default: 'fields',
    description: 'How to give the values',
    displayOptions: at('query.execute'),
  },
  {
    displayName: 'Parameters',
    name: 'parameters',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true },
    placeholder: 'Add parameter',
    default: {},
    description: 'The values of $1, $2 …, in this order. The database knows what type each has.',
    displayOptions: { show: { ...at('query.execute').show, parametersInput: ['fields'] } },
    options: [
      {
        displayName: 'Parameter',
        name: 'parameter',
        values: [{ displayName: 'Value', name: 'value', type: 'string', default: '' }],
      },
    ],
  },
  {
    displayName: 'Parameters (JSON)',
    name: 'parametersJson',
    type: 'json',
    default: '[]',
    description:
      'A list with the values of $1, $2 … in their order. A list inside it becomes an SQL array, an object JSON.',
    displayOptions: { show: { ...at('query.execute').show, parametersInput: ['json'] } },
  },
];
