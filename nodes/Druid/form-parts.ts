import type { INodeProperties } from 'n8n-workflow';
import { largeNumbers, optionsOf, shownAt, timeout } from '../datastore/form.ts';

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

export const at = shownAt<OperationName>;

const context: INodeProperties = {
  displayName: 'Context',
  name: 'context',
  type: 'json',
  default: '{}',
  description: 'Druid’s query context, for example {"sqlTimeZone": "Europe/Berlin"}',
};

const wholeNumbers = largeNumbers(
  'How whole numbers beyond 9007199254740991 come out',
  'Every digit is kept; smaller numbers stay numbers',
);

const queryTimeout = timeout({ description: 'How long the query may take', default: 60, maxValue: 3600 });

const from: INodeProperties = {
  displayName: 'From',
  name: 'from',
  type: 'dateTime',
  default: '',
  description: 'The earliest __time of the rows',
};

const until: INodeProperties = {
  displayName: 'Until',
  name: 'until',
  type: 'dateTime',
  default: '',
  description: 'Only rows whose __time is before this',
};

const includeSpecification: INodeProperties = {
  displayName: 'Include Specification',
  name: 'includeSpecification',
  type: 'boolean',
  default: false,
  description: 'Whether to return each supervisor with its full specification',
};

export const options: INodeProperties[] = [
  optionsOf(at('dataSource.getRows'), [context, from, wholeNumbers, queryTimeout, until]),
  optionsOf(at('query.execute'), [context, wholeNumbers, queryTimeout]),
  optionsOf(at('supervisor.getMany'), [includeSpecification]),
];
