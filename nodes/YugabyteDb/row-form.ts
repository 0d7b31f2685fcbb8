import type { INodeProperties } from 'n8n-workflow';
import { limits, locator } from '../datastore/form.ts';
import { mapper } from '../datastore/table-form.ts';
import { conditionFields } from './condition-form.ts';
import { at, column, tableChosen, type OperationName } from './form-parts.ts';

const onTables = { show: { resource: ['row'] } };

const schema = locator(
  {
    displayName: 'Schema',
    name: 'schema',
    initial: 'public',
    required: true,
    description: 'The schema of the table',
    displayOptions: onTables,
  },
  'searchSchemas',
  'e.g. public',
);

const table = locator(
  {
    displayName: 'Table',
    name: 'table',
    required: true,
    description: 'The table or view; upper and lower case matter',
    displayOptions: onTables,
  },
  'searchTables',
  'e.g. orders',
);

const columnsFor = (
  operation: OperationName,
  shown: { mode: 'add' | 'update' | 'upsert'; valuesLabel: string; resourceMapperMethod: string },
): INodeProperties =>
  mapper(
    { displayName: 'Columns', name: 'columns', description: 'The values to write', displayOptions: at(operation) },
    shown,
    tableChosen,
  );

const sort: INodeProperties = {
  displayName: 'Sort',
  name: 'sort',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  placeholder: 'Add sort rule',
  default: {},
  description: 'The order of the rows. Empty: the order in which the database finds them.',
  displayOptions: at('row.getMany'),
  options: [
    {
      displayName: 'Rule',
      name: 'rule',
      values: [
        column,
        {
          displayName: 'Direction',
          name: 'direction',
          type: 'options',
          options: [
            { name: 'Ascending', value: 'asc', description: 'Smallest first, A to Z' },
            { name: 'Descending', value: 'desc', description: 'Largest first, Z to A' },
          ],
          default: 'asc',
          description: 'Which come first',
        },
      ],
    },
  ],
};

/** The fields of the operations on rows. */
export const rowFields: INodeProperties[] = [
  schema,
  table,
  columnsFor('row.insert', {
    mode: 'add',
    valuesLabel: 'Values to Insert',
    resourceMapperMethod: 'columnsToInsert',
  }),
  columnsFor('row.update', {
    mode: 'update',
    valuesLabel: 'Values to Update',
    resourceMapperMethod: 'columnsToUpdate',
  }),
  columnsFor('row.upsert', {
    mode: 'upsert',
    valuesLabel: 'Values to Write',
    resourceMapperMethod: 'columnsToUpsert',
  }),
  ...conditionFields,
  sort,
  ...limits(at('row.getMany')),
];
