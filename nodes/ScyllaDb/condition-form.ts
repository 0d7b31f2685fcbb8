import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { columnChoice, conditionList } from '../datastore/table-form.ts';
import { at, tableChosen } from './form-parts.ts';

const COMPARISONS: INodePropertyOptions[] = [
  { name: 'Equal', value: 'equal', description: 'The column holds the value' },
  { name: 'Greater Than', value: 'greater', description: 'The column is above the value' },
  { name: 'Greater Than or Equal', value: 'greaterOrEqual', description: 'The column is the value or above it' },
  { name: 'Is Empty', value: 'empty', description: 'The column holds nothing' },
  { name: 'Is Not Empty', value: 'notEmpty', description: 'The column holds something' },
  { name: 'Less Than', value: 'less', description: 'The column is below the value' },
  { name: 'Less Than or Equal', value: 'lessOrEqual', description: 'The column is the value or below it' },
  { name: 'Not Equal', value: 'notEqual', description: 'The column holds something else' },
];

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
    description: 'The condition. Checking and writing are one atomic step.',
    displayOptions: at('row.compareAndSet'),
  },
  conditionList(
    {
      default: { condition: [{ column: '', operator: 'equal', value: '' }] },
      required: true,
      description: 'All of them must hold',
      displayOptions: withConditions,
    },
    {
      column: columnChoice({ loadOptionsMethod: 'valueColumns', loadOptionsDependsOn: tableChosen }),
      comparisons: COMPARISONS,
      alone: ['empty', 'notEmpty'],
      description: 'How the column compares with the value',
    },
  ),
];
