import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Operator } from './conditions.ts';
import { conditionList } from '../datastore/table-form.ts';
import { at, column } from './form-parts.ts';

const COMPARISONS: (INodePropertyOptions & { value: Operator })[] = [
  { name: 'Contains', value: 'contains', description: 'The text contains the value, in upper or lower case' },
  { name: 'Ends With', value: 'endsWith', description: 'The text ends with the value, in upper or lower case' },
  { name: 'Equal', value: 'equal', description: 'The column holds the value' },
  { name: 'Greater Than', value: 'greater', description: 'The column is above the value' },
  { name: 'Greater Than or Equal', value: 'greaterOrEqual', description: 'The column is the value or above it' },
  { name: 'Is Empty', value: 'isEmpty', description: 'The column is NULL' },
  { name: 'Is Not Empty', value: 'isNotEmpty', description: 'The column is not NULL' },
  { name: 'Is Not One Of', value: 'notOneOf', description: 'None of a list, or of texts with commas between them' },
  { name: 'Is One Of', value: 'oneOf', description: 'One of a list, or of texts with commas between them' },
  { name: 'Less Than', value: 'less', description: 'The column is below the value' },
  { name: 'Less Than or Equal', value: 'lessOrEqual', description: 'The column is the value or below it' },
  { name: 'Matches Pattern', value: 'like', description: 'SQL LIKE: % is any text, _ any character' },
  { name: 'Not Equal', value: 'notEqual', description: 'Also rows where the column is empty' },
  { name: 'Starts With', value: 'startsWith', description: 'The text starts with the value, in upper or lower case' },
];

const row = {
  column,
  comparisons: COMPARISONS,
  alone: ['isEmpty', 'isNotEmpty'],
  description: 'How the column compares with the value, by the rules of its type',
};

const whichRows: INodeProperties = {
  displayName: 'Rows',
  name: 'rows',
  type: 'options',
  options: [
    { name: 'All of the Table', value: 'all', description: 'Every row; the table stays' },
    { name: 'Those That Match', value: 'matching', description: 'Rows that fit the conditions' },
  ],
  default: 'matching',
  description: 'Which rows to delete',
  displayOptions: at('row.delete'),
};

const matchingDeletes = { show: { ...at('row.delete').show, rows: ['matching'] } };

const combine = (displayOptions: INodeProperties['displayOptions']): INodeProperties => ({
  displayName: 'Combine Conditions',
  name: 'combine',
  type: 'options',
  options: [
    { name: 'AND', value: 'and', description: 'All of them must hold' },
    { name: 'OR', value: 'or', description: 'At least one of them must hold' },
  ],
  default: 'and',
  description: 'How several conditions count',
  displayOptions,
});

/** Which rows are meant: to get, all unless something narrows them down; to delete, none without a condition. */
export const conditionFields: INodeProperties[] = [
  whichRows,
  conditionList(
    {
      displayOptions: matchingDeletes,
      required: true,
      default: { condition: [{ column: '', operator: 'equal', value: '' }] },
      description: 'Which rows to delete',
    },
    row,
  ),
  combine(matchingDeletes),
  conditionList(
    {
      displayOptions: at('row.getMany'),
      description: 'Which rows to get; all of them when there is no condition',
    },
    row,
  ),
  combine(at('row.getMany')),
];
