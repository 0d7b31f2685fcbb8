import type { INodeProperties } from 'n8n-workflow';
import { at } from './form-parts.ts';

const withConditions = { show: { ...at('row.compareAndSet').show, when: ['columns'] } };

/** When Compare and Set writes. */
export const conditionFields: INodeProperties[] = [
  {
    displayName: 'Write When',
    name: 'when',
    type: 'options',
    options: [
      {
        name: 'Columns Hold What I Expect',
        value: 'columns',
        description: 'The row is there, and its columns compare as below',
      },
      { name: 'There Is No Such Row', value: 'absent', description: 'No row has this primary key yet' },
    ],
    default: 'absent',
    description: 'The condition, which is looked at and acted on as one step',
    displayOptions: at('row.compareAndSet'),
  },
  {
    displayName: 'Conditions',
    name: 'conditions',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    placeholder: 'Add condition',
    default: { condition: [{ column: '', operator: 'equal', value: '' }] },
    required: true,
    description: 'All of them have to hold',
    displayOptions: withConditions,
    options: [
      {
        displayName: 'Condition',
        name: 'condition',
        values: [
          {
            displayName: 'Column Name or ID',
            name: 'column',
            type: 'options',
            typeOptions: { loadOptionsMethod: 'valueColumns', loadOptionsDependsOn: ['keyspace.value', 'table.value'] },
            default: '',
            description:
              'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
          },
          {
            displayName: 'Comparison',
            name: 'operator',
            type: 'options',
            options: [
              { name: 'Equal', value: 'equal' },
              { name: 'Greater Than', value: 'greater' },
              { name: 'Greater Than or Equal', value: 'greaterOrEqual' },
              { name: 'Is Empty', value: 'empty' },
              { name: 'Is Not Empty', value: 'notEmpty' },
              { name: 'Less Than', value: 'less' },
              { name: 'Less Than or Equal', value: 'lessOrEqual' },
              { name: 'Not Equal', value: 'notEqual' },
            ],
            default: 'equal',
            description: 'How the column has to compare to the value',
          },
          {
            displayName: 'Value',
            name: 'value',
            type: 'string',
            default: '',
            displayOptions: { hide: { operator: ['empty', 'notEmpty'] } },
          },
        ],
      },
    ],
  },
];
