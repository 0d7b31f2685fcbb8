/** Where the fields of an operation stand: on the first level of a form, or in its collection. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../microservices/chassis/contract/index.ts';
import { description } from './labels.ts';
import type { FormField } from './field/made.ts';
import { followedBy } from './field/made.ts';
import type { Route } from '../run/route.ts';

/**
 * Required inputs say so; rows get the choice between fields and JSON. A currency is not demanded: the amount beside it
 * may be a whole one, and n8n runs no node with an empty field that it demands.
 */
export const firstLevel = ({ field, properties }: FormField): INodeProperties[] => {
  const [main, ...beside] = properties;
  if (!main) return [];
  const demand = field.required && main.type !== 'boolean' ? { required: true } : {};
  if (field.shape.as !== 'rows') return [{ ...main, ...demand }, ...beside];
  const choice = `${field.name}Input`;
  return [
    {
      displayName: `Specify ${main.displayName}`,
      name: choice,
      type: 'options',
      options: [
        { name: 'Using Fields Below', value: 'fields', description: 'Rows with a field for each value' },
        {
          name: 'Using JSON',
          value: 'json',
          description: 'An array from an expression, for example the lines of an event',
        },
      ],
      default: 'fields',
      description: description(followedBy(main.description, 'Rows of fields, or an array')),
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

const COLLECTIONS = {
  filters: ['Filters', 'Add Filter', 'Which ones to return: all filters that are added must fit'],
  updateFields: ['Update Fields', 'Add Field', 'The values to change; what is not added stays as it is'],
  additionalFields: ['Additional Fields', 'Add Field', 'Values that may be left out'],
} as const;

/** The collection of what may be left out. */
export const collectionOf = (declared: Operation, answer: Route['answer'], fields: FormField[]): INodeProperties => {
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
      .flatMap(inCollection)
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
  ],
};
