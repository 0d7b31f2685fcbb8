import type { INodeProperties } from 'n8n-workflow';

/** Resources and operations, as parameters name them. */
export type OperationName =
  | 'dataSource.getMany'
  | 'dataSource.getRows'
  | 'query.execute'
  | 'supervisor.get'
  | 'supervisor.getMany'
  | 'supervisor.resume'
  | 'supervisor.submit'
  | 'supervisor.suspend'
  | 'supervisor.terminate';

/** Where a parameter is shown: n8n shows it where every name of `show` matches. */
export const at = (...places: OperationName[]) => {
  const pairs = places.map((place) => place.split('.') as [string, string]);
  return {
    show: {
      resource: [...new Set(pairs.map(([resource]) => resource))],
      operation: [...new Set(pairs.map(([, operation]) => operation))],
    },
  };
};

export const limits = (...places: OperationName[]): INodeProperties[] => [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
    displayOptions: at(...places),
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { ...at(...places).show, returnAll: [false] } },
  },
];

const context: INodeProperties = {
  displayName: 'Context',
  name: 'context',
  type: 'json',
  default: '{}',
  description: 'Druid’s query context, for example {"sqlTimeZone": "Europe/Berlin"}',
};

const largeNumbers: INodeProperties = {
  displayName: 'Output Large Numbers As',
  name: 'largeNumbers',
  type: 'options',
  options: [
    { name: 'Numbers', value: 'number', description: 'Digits beyond 9007199254740991 get lost' },
    { name: 'Text', value: 'text', description: 'Every digit is kept; smaller numbers stay numbers' },
  ],
  default: 'text',
  description: 'How whole numbers beyond 9007199254740991 come out',
};

const timeout: INodeProperties = {
  displayName: 'Timeout (Seconds)',
  name: 'timeout',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 3600 },
  default: 60,
  description: 'How long the query may take',
};

const from: INodeProperties = {
  displayName: 'From',
  name: 'from',
  type: 'dateTime',
  default: '',
  description: 'The first moment of the rows, by their __time',
};

const until: INodeProperties = {
  displayName: 'Until',
  name: 'until',
  type: 'dateTime',
  default: '',
  description: 'The moment before which the rows are, by their __time',
};

const includeSpecification: INodeProperties = {
  displayName: 'Include Specification',
  name: 'includeSpecification',
  type: 'boolean',
  default: false,
  description: 'Whether to return each supervisor with the whole specification that it runs by',
};

const optionsOf = (operation: OperationName, inside: INodeProperties[]): INodeProperties => ({
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  displayOptions: at(operation),
  options: inside,
});

export const options: INodeProperties[] = [
  optionsOf('dataSource.getRows', [context, from, largeNumbers, timeout, until]),
  optionsOf('query.execute', [context, largeNumbers, timeout]),
  optionsOf('supervisor.getMany', [includeSpecification]),
];
