/** The parts of a form that are about the table which it names. */
import type { INodeProperties, INodePropertyOptions, ResourceMapperTypeOptions } from 'n8n-workflow';

const EXPRESSION = '<a href="https://docs.n8n.io/code/expressions/">expression</a>';

/** Which method of the node lists columns, and the parameters that say of which table. */
export interface ColumnList {
  loadOptionsMethod: string;
  loadOptionsDependsOn: string[];
}

/** One column of the chosen table. */
export const columnChoice = (columns: ColumnList): INodeProperties => ({
  displayName: 'Column Name or ID',
  name: 'column',
  type: 'options',
  typeOptions: { ...columns },
  default: '',
  description: `Choose from the list, or specify an ID using an ${EXPRESSION}`,
});

/** Columns of the chosen table that come out. */
export const columnChoices = (
  property: Pick<INodeProperties, 'displayName' | 'name' | 'description'>,
  columns: ColumnList,
): INodeProperties => ({
  ...property,
  type: 'multiOptions',
  typeOptions: { ...columns },
  default: [],
  description: `${property.description}. Choose from the list, or specify IDs using an ${EXPRESSION}.`,
});

/** Conditions on columns, a row for each: column, comparison, value. */
export const conditionList = (
  property: Pick<INodeProperties, 'description' | 'displayOptions' | 'required'> & {
    default?: INodeProperties['default'];
  },
  row: {
    column: INodeProperties;
    comparisons: INodePropertyOptions[];
    /** Comparisons without a value. */
    alone: string[];
    /** Of the comparison. */
    description: string;
  },
): INodeProperties => ({
  displayName: 'Conditions',
  name: 'conditions',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add condition',
  default: {},
  ...property,
  options: [
    {
      displayName: 'Condition',
      name: 'condition',
      values: [
        row.column,
        {
          displayName: 'Comparison',
          name: 'operator',
          type: 'options',
          options: row.comparisons,
          default: 'equal',
          description: row.description,
        },
        {
          displayName: 'Value',
          name: 'value',
          type: 'string',
          default: '',
          description: 'The value to compare with',
          displayOptions: { hide: { operator: row.alone } },
        },
      ],
    },
  ],
});

/** A mapper of columns: `resourceMapperMethod` says which of the table's columns it shows. */
export const mapper = (
  property: Pick<INodeProperties, 'displayName' | 'name' | 'displayOptions' | 'description'>,
  columns: Pick<NonNullable<ResourceMapperTypeOptions>, 'mode' | 'valuesLabel'> & { resourceMapperMethod: string },
  loadOptionsDependsOn: string[],
): INodeProperties => ({
  ...property,
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  required: true,
  typeOptions: {
    loadOptionsDependsOn,
    resourceMapper: {
      ...columns,
      fieldWords: { singular: 'column', plural: 'columns' },
      noFieldsError: 'Choose a table first.',
      addAllFields: true,
      multiKeyMatch: true,
      supportAutoMap: true,
    },
  },
});
