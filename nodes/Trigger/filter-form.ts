import type { INodeProperties } from 'n8n-workflow';
import { textOf } from '../run/given.ts';

/** Asks the form for a parameter. */
export type Parameters = (name: string, fallback: unknown) => unknown;

const WITHOUT_VALUE = ['exists', 'notExists'];

const typedField: INodeProperties = {
  displayName: 'Field',
  name: 'field',
  type: 'string',
  default: '',
  required: true,
  placeholder: 'e.g. data.lines.*.sku',
  description:
    'Where in the event to look: type, subject, source, or a path below data. * stands for every item of a list, as in data.lines.*.sku.',
};

const listedField: INodeProperties = {
  displayName: 'Field',
  name: 'field',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description:
    'A field of the chosen events. Where in the event to look: type, subject, source, or a path below data. * stands for every item of a list, as in data.lines.*.sku.',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchFields', searchable: true },
    },
    { displayName: 'By Path', name: 'id', type: 'string', placeholder: 'data.lines.*.sku' },
  ],
};

/** The conditions as a version of the triggers has them: version 1 takes the field as text. */
const conditions = (field: INodeProperties, version: unknown[]): INodeProperties => ({
  displayName: 'Conditions',
  name: 'conditions',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add condition',
  default: {},
  displayOptions: { show: { '@version': version as number[] } },
  description: 'Which of these events start the workflow. Without a condition all do.',
  options: [
    {
      displayName: 'Condition',
      name: 'condition',
      values: [
        field,
        {
          displayName: 'Operator',
          name: 'operator',
          type: 'options',
          default: 'equals',
          description: 'How the field compares with the value',
          options: [
            { name: 'Contains', value: 'contains', description: 'The text has the value in it, or the list has it' },
            { name: 'Does Not Contain', value: 'notContains', description: 'The text or the list does not have it' },
            {
              name: 'Does Not Equal',
              value: 'notEquals',
              description: 'The field is something else, or is not there',
            },
            {
              name: 'Does Not Exist',
              value: 'notExists',
              description: 'The event does not have the field, or it is null',
            },
            { name: 'Ends With', value: 'endsWith', description: 'The text ends with the value' },
            { name: 'Equals', value: 'equals', description: 'The field is exactly the value' },
            { name: 'Exists', value: 'exists', description: 'The event has the field' },
            { name: 'Is at Least', value: 'greaterOrEqual', description: 'The field is the value or more' },
            { name: 'Is at Most', value: 'lessOrEqual', description: 'The field is the value or less' },
            { name: 'Is Greater Than', value: 'greaterThan', description: 'The field is more than the value' },
            { name: 'Is Less Than', value: 'lessThan', description: 'The field is less than the value' },
            { name: 'Is None Of', value: 'notIn', description: 'The field is none of several values' },
            { name: 'Is One Of', value: 'in', description: 'The field is one of several values' },
            { name: 'Starts With', value: 'startsWith', description: 'The text begins with the value' },
          ],
        },
        {
          displayName: 'Kind of Value',
          name: 'kind',
          type: 'options',
          default: 'text',
          description: 'Text and numbers are never converted into one another',
          displayOptions: { hide: { operator: WITHOUT_VALUE } },
          options: [
            { name: 'Number', value: 'number', description: 'Such as 5000 or 19.5' },
            { name: 'Text', value: 'text', description: 'Letters, IDs, moments' },
            { name: 'True or False', value: 'boolean', description: 'Write true or false' },
          ],
        },
        {
          displayName: 'Value',
          name: 'value',
          type: 'string',
          default: '',
          description: 'What to compare with. For Is One Of and Is None Of, several values separated by commas.',
          displayOptions: { hide: { operator: WITHOUT_VALUE } },
        },
      ],
    },
  ],
});

/** The fields of a filter. */
export const conditionFields: INodeProperties[] = [
  conditions(typedField, [1]),
  conditions(listedField, [{ _cnd: { gte: 2 } }]),
  {
    displayName: 'Conditions That Must Hold',
    name: 'combine',
    type: 'options',
    default: 'all',
    description: 'Whether all conditions must hold or any one of them',
    options: [
      { name: 'All', value: 'all', description: 'Every condition has to hold' },
      { name: 'Any', value: 'any', description: 'One condition is enough' },
    ],
  },
];

/** A row of the form. */
interface Row {
  field: unknown;
  operator: string;
  kind?: string;
  value?: string | number | boolean;
}

/** A condition as the form states it, not yet checked. */
export interface StatedCondition {
  field: string;
  operator: string;
  value: unknown;
}

/**
 * The filter that the fields state, not yet checked; null without conditions. Throws an Error in plain words for a
 * value of the wrong kind.
 */
export const statedFilter = (parameter: Parameters): { combine: unknown; conditions: StatedCondition[] } | null => {
  const { condition: rows = [] } = parameter('conditions', {}) as { condition?: Row[] };
  return rows.length === 0 ? null : { combine: parameter('combine', 'all'), conditions: rows.map(conditionOf) };
};

const conditionOf = ({ field, operator, kind, value }: Row): StatedCondition => {
  const name = textOf(field);
  if (WITHOUT_VALUE.includes(operator)) return { field: name, operator: 'exists', value: operator === 'exists' };
  const several = operator === 'in' || operator === 'notIn';
  const given = String(value ?? '');
  const values = several ? given.split(',').map((one) => one.trim()) : [given];
  const typed = values.map((one) => typedValue(name, kind ?? 'text', one));
  return { field: name, operator, value: several ? typed : typed[0] };
};

const typedValue = (field: string, kind: string, given: string): string | number | boolean => {
  if (kind === 'number') {
    const number = Number(given);
    if (given.trim() !== '' && Number.isFinite(number)) return number;
    throw new Error(
      `The condition on ${field} compares with "${given}", which is not a number. Enter one such as 5000.`,
    );
  }
  if (kind === 'boolean') {
    if (given === 'true' || given === 'false') return given === 'true';
    throw new Error(`The condition on ${field} compares with "${given}". Enter true or false.`);
  }
  return given;
};
