/** The parts of a form that mean the same in every datastore node. Their names are what saved workflows hold. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>;

/** A resource and an operation of it, as parameters name them: "row.get". */
export type Place = `${string}.${string}`;

/**
 * Where a parameter is shown. n8n shows it where every name of `show` matches, so of two resources that are named, each
 * operation named for one is shown for the other as well, where that has it.
 */
export const shownAt = <Name extends Place>(...places: Name[]) => {
  const pairs = places.map((place) => place.split('.') as [string, string]);
  return {
    show: {
      resource: [...new Set(pairs.map(([resource]) => resource))],
      operation: [...new Set(pairs.map(([, operation]) => operation))],
    },
  };
};

/** A choice that decides which other fields there are; an expression could not. */
const decisive = { type: 'options', noDataExpression: true } as const;

export const resourceOf = (options: INodePropertyOptions[], first: string): INodeProperties => ({
  displayName: 'Resource',
  name: 'resource',
  ...decisive,
  description: 'The kind of thing to work with',
  options,
  default: first,
});

export const operationOf = (resource: string, options: INodePropertyOptions[], first: string): INodeProperties => ({
  displayName: 'Operation',
  name: 'operation',
  ...decisive,
  description: 'The action to take',
  displayOptions: { show: { resource: [resource] } },
  options,
  default: first,
});

/** How many results: Return All, or a Limit. `limitOf` (read.ts) reads it. */
export const limits = (displayOptions: Shown): INodeProperties[] => [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
    displayOptions,
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { ...displayOptions, show: { ...displayOptions.show, returnAll: [false] } },
  },
];

/** The collection of an operation's options, in the order that n8n wants. */
export const optionsOf = (displayOptions: Shown, inside: INodeProperties[]): INodeProperties => ({
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  description: 'Settings that may be left as they are',
  displayOptions,
  options: inside.toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en')),
});

/** How to output numbers that JavaScript cannot hold exactly. */
export const largeNumbers = (description: string, text = 'Every digit is kept'): INodeProperties => ({
  displayName: 'Output Large Numbers As',
  name: 'largeNumbers',
  type: 'options',
  options: [
    { name: 'Numbers', value: 'number', description: 'Digits beyond 9007199254740991 are lost' },
    { name: 'Text', value: 'text', description: text },
  ],
  default: 'text',
  description,
});

/** In seconds. */
export const timeout = ({
  maxValue,
  ...words
}: {
  displayName?: string;
  description: string;
  default?: number;
  maxValue: number;
}): INodeProperties => ({
  displayName: 'Timeout (Seconds)',
  name: 'timeout',
  type: 'number',
  typeOptions: { minValue: 1, maxValue },
  default: 60,
  ...words,
});

type Located = Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'displayOptions' | 'required'>;

/** Something of the store, from a list that asks it, or by its name. */
export const locator = (
  property: Located & { initial?: string },
  searchListMethod: string,
  placeholder: string,
): INodeProperties => {
  const { initial = '', ...rest } = property;
  return {
    ...rest,
    type: 'resourceLocator',
    default: { mode: 'list', value: initial },
    modes: [
      { displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod, searchable: true } },
      { displayName: 'By Name', name: 'name', type: 'string', placeholder },
    ],
  };
};
