/** Execute Query: the text takes no expressions, so that values can reach it as parameters only. */
import type { INodeProperties } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>;

/** The parts of the form that differ between query languages. */
export interface QueryWords {
  dialect: 'PostgreSQL' | 'StandardSQL';
  placeholder: string;
  /** One SQL statement, with $1, $2 … for the values */
  statement: string;
}

export const queryText = (displayOptions: Shown, words: QueryWords): INodeProperties => ({
  displayName: 'Query',
  name: 'query',
  type: 'string',
  typeOptions: { editor: 'sqlEditor', sqlDialect: words.dialect, rows: 5 },
  default: '',
  required: true,
  noDataExpression: true,
  placeholder: words.placeholder,
  description: `${words.statement}. Values never become part of its text.`,
  displayOptions,
});

/** The values of a query, a row for each: `values` are the fields of one. */
export const parameterRows = (
  displayOptions: Shown,
  description: string,
  values: INodeProperties[] = [
    { displayName: 'Value', name: 'value', type: 'string', default: '', description: 'The value of one parameter' },
  ],
): INodeProperties => ({
  displayName: 'Parameters',
  name: 'parameters',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  placeholder: 'Add parameter',
  default: {},
  description,
  displayOptions,
  options: [{ displayName: 'Parameter', name: 'parameter', values }],
});

/**
 * The values of a query whose types the database knows: row by row, or as one list. `parametersOf` (read.ts) reads
 * them.
 */
export const queryParameters = (
  displayOptions: Shown,
  words: { each: string; rows: string; list: string },
): INodeProperties[] => {
  const chosen = (parametersInput: string): Shown => ({
    show: { ...displayOptions.show, parametersInput: [parametersInput] },
  });
  return [
    {
      displayName: 'Query Parameters',
      name: 'parametersInput',
      type: 'options',
      options: [
        { name: 'Using Fields Below', value: 'fields', description: words.each },
        { name: 'Using JSON', value: 'json', description: 'A list, for example from another node' },
      ],
      default: 'fields',
      description: 'How to give the values',
      displayOptions,
    },
    parameterRows(chosen('fields'), words.rows),
    {
      displayName: 'Parameters (JSON)',
      name: 'parametersJson',
      type: 'json',
      default: '[]',
      description: words.list,
      displayOptions: chosen('json'),
    },
  ];
};
