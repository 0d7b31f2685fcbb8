/** Where the fields of an operation stand: on the first level of a form, or in its collection. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../microservices/chassis/contract/index.ts';
import { description } from './labels.ts';
import type { FormField } from './field/made.ts';
import { followedBy } from './field/made.ts';
import type { Route, Shape } from '../run/route.ts';
import { inCollectionOfWay } from './ways.ts';
import type { Either } from './face.ts';

/**
 * Required inputs say so; rows get the choice between fields and JSON. A currency is not demanded: the amount beside it
 * may be a whole one, and n8n runs no node with an empty field that it demands.
 */
export const firstLevel = ({ field, properties }: FormField): INodeProperties[] => {
  const [main, ...beside] = properties;
  if (!main) return [];
  const demand = field.required && main.type !== 'boolean' ? { required: true } : {};
  if (!hasJsonBeside(field.shape, beside)) return [{ ...main, ...demand }, ...beside];
  const choice = `${field.name}Input`;
  const words = field.shape.as === 'mapped' ? OF_VALUES : OF_ROWS;
  return [
    {
      displayName: `Specify ${main.displayName}`,
      name: choice,
      type: 'options',
      options: [
        { name: 'Using Fields Below', value: 'fields', description: words.fields },
        { name: 'Using JSON', value: 'json', description: words.json },
      ],
      default: 'fields',
      description: description(followedBy(main.description, words.both)),
    },
    { ...main, ...demand, displayOptions: { show: { [choice]: ['fields'] } } },
    ...beside.map((one) => ({
      ...one,
      ...demand,
      displayName: main.displayName,
      displayOptions: { show: { [choice]: ['json'] } },
    })),
  ];
};

/** Version 1 has no fields for the values of a mapped object. */
const hasJsonBeside = ({ as }: Shape, beside: readonly INodeProperties[]): boolean =>
  as === 'rows' || ((as === 'mapped' || as === 'texts') && beside.length > 0);

const OF_ROWS = {
  fields: 'Rows with a field for each value',
  json: 'An array from an expression, for example the lines of an event',
  both: 'Rows of fields, or an array',
};
const OF_VALUES = {
  fields: 'A field for each value',
  json: 'An object, for example from an expression',
  both: 'A field for each value, or an object',
};

const COLLECTIONS = {
  filters: ['Filters', 'Add Filter', 'Which ones to return: all filters that are added must fit'],
  updateFields: ['Update Fields', 'Add Field', 'The values to change; what is not added stays as it is'],
  additionalFields: ['Additional Fields', 'Add Field', 'Values that may be left out'],
} as const;

/** The collection of what may be left out. */
export const collectionOf = (
  declared: Operation,
  answer: Route['answer'],
  fields: FormField[],
  either: Either | undefined,
): INodeProperties => {
  const name = answer !== 'one' ? 'filters' : declared.method === 'PATCH' ? 'updateFields' : 'additionalFields';
  const [displayName, placeholder, about] = COLLECTIONS[name];
  return {
    displayName,
    name,
    type: 'collection',
    placeholder,
    default: {},
    description: about,
    options: fields
      .flatMap((field) => inCollectionOfWay(inCollection(field), either))
      .toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en')),
  };
};

/** Two fields that belong together are one entry of a collection. */
const inCollection = ({ field: { name, label, shape }, properties }: FormField): INodeProperties[] => {
  const [main] = properties;
  if (shape.as !== 'money' || !main) return properties;
  return [
    {
      displayName: label,
      name,
      type: 'fixedCollection',
      placeholder: `Add ${label}`,
      default: {},
      ...(main.description && { description: main.description }),
      options: [{ displayName: label, name: 'money', values: properties }],
    },
  ];
};

export const paging: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { returnAll: [false] } },
  },
];

/** The options of every command. */
export const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  description: 'How the platform recognizes repeats; right for most workflows as it is',
  options: [
    {
      displayName: 'Idempotency Key',
      name: 'idempotencyKey',
      type: 'string',
      default: '',
      description:
        'Repeats with the same key return the first response and change nothing. Made from the event, the workflow, this node and what the item is about unless given. A key of your own counts for all events: put something of the event into it, such as its ID.',
    },
    {
      displayName: 'When Refused for Good',
      name: 'whenRefused',
      type: 'options',
      options: [
        {
          name: 'End Here Quietly',
          value: 'end',
          description:
            'The item goes no further and the workflow does not fail, for example when an order had moved on',
        },
        {
          name: 'Fail',
          value: 'fail',
          description: 'The workflow stops, or the item leaves by the error output where the node has one',
        },
      ],
      default: 'fail',
      description:
        'What happens when trying again cannot help. A failure that may pass (a service is down, too many requests) and a form with mistakes always fail.',
    },
  ],
};
