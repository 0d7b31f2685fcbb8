import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** Resources and operations, as parameters name them. */
export type OperationName =
  'counter.increment' | 'query.execute' | 'row.compareAndSet' | 'row.delete' | 'row.get' | 'row.getMany' | 'row.put';

/** Where a parameter is shown. n8n shows it where every name of `show` matches, so the operations of two resources may not share names. */
export const at = (...places: OperationName[]) => {
  const pairs = places.map((place) => place.split('.') as [string, string]);
  return {
    show: {
      resource: [...new Set(pairs.map(([resource]) => resource))],
      operation: pairs.map(([, operation]) => operation),
    },
  };
};

/** A mapper of columns; the methods say which of the table's columns it shows. */
export const mapper = (
  property: Pick<INodeProperties, 'displayName' | 'name' | 'displayOptions'> & { description?: string },
  method: 'keyColumns' | 'partitionColumns' | 'rowColumns',
  words: { label: string; none: string },
): INodeProperties => ({
  ...property,
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  required: true,
  typeOptions: {
    loadOptionsDependsOn: ['keyspace.value', 'table.value'],
    resourceMapper: {
      resourceMapperMethod: method,
      mode: 'add',
      valuesLabel: words.label,
      fieldWords: { singular: 'column', plural: 'columns' },
      noFieldsError: words.none,
      addAllFields: true,
      multiKeyMatch: true,
      supportAutoMap: true,
    },
  },
});

/** Consistency levels that both reads and writes take. */
const LEVELS: INodePropertyOptions[] = [
  { name: 'All', value: 'all', description: 'Every replica answers' },
  { name: 'Each Quorum', value: 'eachQuorum', description: 'Most replicas of every data centre answer; writes only' },
  { name: 'Local One', value: 'localOne', description: 'One replica of the data centre answers' },
  { name: 'Local Quorum', value: 'localQuorum', description: 'Most replicas of the data centre answer' },
  { name: 'One', value: 'one', description: 'One replica answers' },
  { name: 'Quorum', value: 'quorum', description: 'Most replicas of all data centres answer' },
  { name: 'Two', value: 'two', description: 'Two replicas answer' },
];

const READ_LEVELS: INodePropertyOptions[] = [
  {
    name: 'Local Serial',
    value: 'localSerial',
    description: 'The outcome of comparing and setting in the data centre',
  },
  { name: 'Serial', value: 'serial', description: 'The outcome of comparing and setting in all data centres' },
];

const sorted = (options: INodePropertyOptions[]): INodePropertyOptions[] =>
  options.toSorted((left, right) => left.name.localeCompare(right.name, 'en'));

export const consistency = (reads: boolean): INodeProperties => ({
  displayName: 'Consistency',
  name: 'consistency',
  type: 'options',
  options: sorted([...LEVELS.filter(({ value }) => !reads || value !== 'eachQuorum'), ...(reads ? READ_LEVELS : [])]),
  default: 'localQuorum',
  description: 'How many replicas have to agree',
});

export const serialConsistency: INodeProperties = {
  displayName: 'Serial Consistency',
  name: 'serialConsistency',
  type: 'options',
  options: READ_LEVELS,
  default: 'localSerial',
  description: 'Among which replicas the comparison is decided',
};

export const bigNumbers: INodeProperties = {
  displayName: 'Output Large Numbers As',
  name: 'largeNumbers',
  type: 'options',
  options: [
    { name: 'Numbers', value: 'number', description: 'Digits beyond 9007199254740991 get lost' },
    { name: 'Text', value: 'text', description: 'Every digit is kept' },
  ],
  default: 'text',
  description: 'How bigint, counter, varint and decimal columns come out',
};

export const timeout: INodeProperties = {
  displayName: 'Timeout (Seconds)',
  name: 'timeout',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 600 },
  default: 12,
  description: 'How long to wait for one answer of the database',
};

export const ttl: INodeProperties = {
  displayName: 'Time to Live (Seconds)',
  name: 'ttl',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 630720000 },
  default: 3600,
  description: 'After how long what is written disappears by itself. 0: never.',
};

export const emptyFields: INodeProperties = {
  displayName: 'Empty Fields',
  name: 'emptyFields',
  type: 'options',
  options: [
    { name: 'Erase', value: 'erase', description: 'Columns whose field is empty lose their value' },
    { name: 'Leave as They Are', value: 'leave', description: 'Columns whose field is empty are not written' },
  ],
  default: 'leave',
  description: 'What happens to columns whose field is empty',
};

export const options = (operation: OperationName, inside: INodeProperties[]): INodeProperties => ({
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  displayOptions: at(operation),
  options: inside.toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en')),
});
