import type { INodeProperties } from 'n8n-workflow';
import { largeNumbers, optionsOf, shownAt, timeout } from '../datastore/form.ts';
import { columnChoice, columnChoices, type ColumnList } from '../datastore/table-form.ts';

/** Resources and operations, as parameters name them. */
export type OperationName = 'query.execute' | 'row.delete' | 'row.getMany' | 'row.insert' | 'row.update' | 'row.upsert';

export const at = shownAt<OperationName>;

/** The parameters on which the table's columns depend. */
export const tableChosen = ['schema.value', 'table.value'];

const columns: ColumnList = { loadOptionsMethod: 'columns', loadOptionsDependsOn: tableChosen };

/** One column of the chosen table. */
export const column = columnChoice(columns);

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
    { name: 'Database Default', value: 'default', description: 'As the database is set up' },
    {
      name: 'Read Committed',
      value: 'read committed',
      description: 'Each statement sees what was committed before it',
    },
    { name: 'Repeatable Read', value: 'repeatable read', description: 'All statements see the same state' },
    { name: 'Serializable', value: 'serializable', description: 'As if transactions ran one after the other' },
  ],
  default: 'default',
  description: 'The isolation level of one transaction over all items',
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
  description: 'Whether to keep a row that already exists instead of failing',
};

const returnRows: INodeProperties = {
  displayName: 'Return Deleted Rows',
  name: 'returnRows',
  type: 'boolean',
  default: false,
  description: 'Whether to return each deleted row instead of the number of deleted rows',
};

const outputColumns = columnChoices(
  {
    displayName: 'Output Column Names or IDs',
    name: 'outputColumns',
    description: 'The columns to return; all when none is chosen',
  },
  columns,
);

const always = [
  attempts,
  largeNumbers('How bigint and numeric columns come out'),
  timeout({
    displayName: 'Statement Timeout (Seconds)',
    description: 'How long one statement may take',
    default: 60,
    maxValue: 3600,
  }),
];
const writes = [...always, batching, isolation];

export const options: INodeProperties[] = [
  optionsOf(at('query.execute'), writes),
  optionsOf(at('row.delete'), [...writes, returnRows]),
  optionsOf(at('row.getMany'), [...always, outputColumns]),
  optionsOf(at('row.insert'), [...writes, emptyFields, outputColumns, skipOnConflict]),
  optionsOf(at('row.update'), [...writes, emptyFields, outputColumns]),
  optionsOf(at('row.upsert'), [...writes, emptyFields, outputColumns]),
];
