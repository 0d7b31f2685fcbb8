import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { largeNumbers, shownAt, timeout } from '../datastore/form.ts';

/** Resources and operations, as parameters name them. */
export type OperationName =
  'counter.increment' | 'query.execute' | 'row.compareAndSet' | 'row.delete' | 'row.get' | 'row.getMany' | 'row.put';

export const at = shownAt<OperationName>;

/** The parameters on which the table's columns depend. */
export const tableChosen = ['keyspace.value', 'table.value'];

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
  description: 'How many replicas must agree',
});

export const serialConsistency: INodeProperties = {
  displayName: 'Serial Consistency',
  name: 'serialConsistency',
  type: 'options',
  options: READ_LEVELS,
  default: 'localSerial',
  description: 'Among which replicas the comparison is decided',
};

export const bigNumbers = largeNumbers('How bigint, counter, varint and decimal columns come out');

export const answerTimeout = timeout({
  description: 'How long to wait for a response of the database',
  default: 12,
  maxValue: 600,
});

export const ttl: INodeProperties = {
  displayName: 'Time to Live (Seconds)',
  name: 'ttl',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 630720000 },
  default: 3600,
  description: 'How long until the written values expire. 0: never.',
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
