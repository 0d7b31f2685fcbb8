import type { INodeProperties } from 'n8n-workflow';

/** Resources and operations, as parameters name them. */
export type OperationName = 'query.execute' | 'row.delete' | 'row.getMany' | 'row.insert' | 'row.update' | 'row.upsert';

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

/** One column of the chosen table. */
export const columnChoice: INodeProperties = {
  displayName: 'Column Name or ID',
  name: 'column',
  type: 'options',
  typeOptions: { loadOptionsMethod: 'columns', loadOptionsDependsOn: ['schema.value', 'table.value'] },
  default: '',
  description:
    'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const batching: INodeProperties = {
  displayName: 'Batching',
  name: 'batching',
  type: 'options',
  options: [
    { name: 'Each Item', value: 'each', description: 'Each item by itself; those before one that fails stay written' },
    {
      name: 'One Transaction over All Items',
      value: 'transaction',
      description: 'All items are written, or none',
    },
  ],
  default: 'each',
  description: 'How items are written together',
};

const isolation: INodeProperties = {
  displayName: 'Isolation Level',
  name: 'isolation',
  type: 'options',
  options: [
    { name: 'Database Default', value: 'default' },
    { name: 'Read Committed', value: 'read committed' },
    { name: 'Repeatable Read', value: 'repeatable read' },
    { name: 'Serializable', value: 'serializable' },
  ],
  default: 'default',
  description: 'How strictly one transaction over all items is kept apart from others',
};

const attempts: INodeProperties = {
  displayName: 'Attempts',
  name: 'attempts',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 50 },
  default: 5,
  description:
    'How often in all the database is asked when it answers that others were in the way (serialization failure, deadlock)',
};

const timeout: INodeProperties = {
  displayName: 'Statement Timeout (Seconds)',
  name: 'timeout',
  type: 'number',
  typeOptions: { minValue: 1, maxValue: 3600 },
  default: 60,
  description: 'How long one statement may take',
};

const largeNumbers: INodeProperties = {
  displayName: 'Output Large Numbers As',
  name: 'largeNumbers',
  type: 'options',
  options: [
    { name: 'Numbers', value: 'number', description: 'Digits beyond 9007199254740991 get lost' },
    { name: 'Text', value: 'text', description: 'Every digit is kept' },
  ],
  default: 'text',
  description: 'How bigint and numeric columns come out',
};

const outputColumns: INodeProperties = {
  displayName: 'Output Column Names or IDs',
  name: 'outputColumns',
  type: 'multiOptions',
  typeOptions: { loadOptionsMethod: 'columns', loadOptionsDependsOn: ['schema.value', 'table.value'] },
  default: [],
  description:
    'The columns that come out; all when none is chosen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const emptyFields: INodeProperties = {
  displayName: 'Empty Fields',
  name: 'emptyFields',
  type: 'options',
  options: [
    { name: 'Leave Out', value: 'leave', description: 'The column gets its default, or stays as it is' },
    { name: 'Write NULL', value: 'null', description: 'The column loses its value' },
  ],
  default: 'leave',
  description: 'What happens to columns whose field in this node is empty',
};

const skipOnConflict: INodeProperties = {
  displayName: 'Skip on Conflict',
  name: 'skipOnConflict',
  type: 'boolean',
  default: false,
  description: 'Whether to leave a row alone that is there already, instead of failing',
};

const returnRows: INodeProperties = {
  displayName: 'Return Deleted Rows',
  name: 'returnRows',
  type: 'boolean',
  default: false,
  description: 'Whether to return each row that was deleted, instead of how many there were',
};

const optionsOf = (operation: OperationName, inside: INodeProperties[]): INodeProperties => ({
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  displayOptions: at(operation),
  options: inside.toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en')),
});

const always = [attempts, largeNumbers, timeout];
const writes = [...always, batching, isolation];

export const options: INodeProperties[] = [
  optionsOf('query.execute', writes),
  optionsOf('row.delete', [...writes, returnRows]),
  optionsOf('row.getMany', [...always, outputColumns]),
  optionsOf('row.insert', [...writes, emptyFields, outputColumns, skipOnConflict]),
  optionsOf('row.update', [...writes, emptyFields, outputColumns]),
  optionsOf('row.upsert', [...writes, emptyFields, outputColumns]),
];
