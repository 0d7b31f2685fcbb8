import type { INodeProperties, ResourceMapperTypeOptions } from 'n8n-workflow';
import { conditionFields } from './condition-form.ts';
import { at, columnChoice } from './form-parts.ts';

const onTables = { show: { resource: ['row'] } };

const locator = (
  property: Pick<INodeProperties, 'displayName' | 'name' | 'default' | 'description'>,
  searchListMethod: string,
  placeholder: string,
): INodeProperties => ({
  ...property,
  type: 'resourceLocator',
  required: true,
  displayOptions: onTables,
  modes: [
    { displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod, searchable: true } },
    { displayName: 'By Name', name: 'name', type: 'string', placeholder },
  ],
});

const schema = locator(
  {
    displayName: 'Schema',
    name: 'schema',
    default: { mode: 'list', value: 'public' },
    description: 'The schema in which the table is',
  },
  'searchSchemas',
  'e.g. public',
);

const table = locator(
  {
    displayName: 'Table',
    name: 'table',
    default: { mode: 'list', value: '' },
    description: 'The table or view, in upper and lower case as the database has it',
  },
  'searchTables',
  'e.g. orders',
);

const mapper = (
  displayOptions: INodeProperties['displayOptions'],
  resourceMapper: Pick<NonNullable<ResourceMapperTypeOptions>, 'mode'> & { valuesLabel: string },
  method: string,
): INodeProperties => ({
  displayName: 'Columns',
  name: 'columns',
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  required: true,
  displayOptions,
  typeOptions: {
    loadOptionsDependsOn: ['schema.value', 'table.value'],
    resourceMapper: {
      ...resourceMapper,
      resourceMapperMethod: method,
      fieldWords: { singular: 'column', plural: 'columns' },
      noFieldsError: 'Choose a table first.',
      addAllFields: true,
      multiKeyMatch: true,
      supportAutoMap: true,
    },
  },
});

const sort: INodeProperties = {
  displayName: 'Sort',
  name: 'sort',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  placeholder: 'Add sort rule',
  default: {},
  description: 'In which order the rows come; none: as the database finds them',
  displayOptions: at('row.getMany'),
  options: [
    {
      displayName: 'Rule',
      name: 'rule',
      values: [
        columnChoice,
        {
          displayName: 'Direction',
          name: 'direction',
          type: 'options',
          options: [
            { name: 'Ascending', value: 'asc' },
            { name: 'Descending', value: 'desc' },
          ],
          default: 'asc',
        },
      ],
    },
  ],
};

const limits: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
    displayOptions: at('row.getMany'),
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { ...at('row.getMany').show, returnAll: [false] } },
  },
];

/** The fields of the operations on rows. */
export const rowFields: INodeProperties[] = [
  schema,
  table,
  mapper(at('row.insert'), { mode: 'add', valuesLabel: 'Values to Insert' }, 'columnsToInsert'),
  mapper(at('row.update'), { mode: 'update', valuesLabel: 'Values to Update' }, 'columnsToUpdate'),
  mapper(at('row.upsert'), { mode: 'upsert', valuesLabel: 'Values to Write' }, 'columnsToUpsert'),
  ...conditionFields,
  sort,
  ...limits,
];
