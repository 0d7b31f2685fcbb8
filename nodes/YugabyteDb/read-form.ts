/** What an item's form says, as the operations want it. Throws StoreError where it cannot be acted on. */
import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import { isNoValue } from './conditions.ts';
import type { Assignment } from './statements.ts';
import { columnNamed, type Column, type Table, type TableDefinition } from './table.ts';
import { toParameter } from './to-sql.ts';

export interface Form {
  /** A parameter of the item, resolved; null where the form does not show it. */
  parameter: (name: string) => unknown;
  /** The item itself, for columns that map themselves. */
  json: IDataObject;
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const option = (form: Form, name: string): unknown => asObject(form.parameter('options'))[name];

/** The value of a resource locator, or a plain text from an expression. */
export const locatedName = (value: unknown): string => {
  const inside = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value;
  return typeof inside === 'string' ? inside : '';
};

export const tableOf = (form: Form): Table => {
  const schema = locatedName(form.parameter('schema')) || 'public';
  const name = locatedName(form.parameter('table'));
  if (name === '') throw new StoreError('INVALID_INPUT', 'No table is chosen.', 'Choose a table.');
  return { schema, name };
};

/** The rows of a fixed collection. */
export const rowsIn = (form: Form, name: string, row: string): unknown[] => {
  const rows = asObject(form.parameter(name))[row];
  return Array.isArray(rows) ? (rows as unknown[]) : [];
};

/** Columns of an option that lists names; none for all. */
export const columnsIn = (form: Form, table: TableDefinition): Column[] => {
  const names = option(form, 'outputColumns');
  return Array.isArray(names) ? names.map((name) => columnNamed(table, String(name))) : [];
};

/** What the mapper says for each column. */
export const assignmentsOf = (form: Form, table: TableDefinition): Assignment[] => {
  const isAutomatic = form.parameter('columns.mappingMode') === 'autoMapInputData';
  const given = asObject(isAutomatic ? form.json : form.parameter('columns.value'));
  if (!isAutomatic) for (const name of Object.keys(given)) columnNamed(table, name);
  const setsNull = option(form, 'emptyFields') === 'null';
  const assignments = table.columns
    .filter(({ name, generated }) => Object.hasOwn(given, name) && !generated)
    .flatMap((column): Assignment[] => {
      const value = given[column.name];
      if (!isNoValue(value, column)) return [{ column, value }];
      // A null in an item was put there; a field of the form that is empty was perhaps only left so.
      return setsNull || (isAutomatic && value === null) ? [{ column, value: null }] : [];
    });
  if (isAutomatic && assignments.length === 0) throw nothingMapped(table, Object.keys(given));
  return assignments;
};

const nothingMapped = ({ schema, name, columns }: TableDefinition, fields: string[]): StoreError =>
  new StoreError(
    'NOTHING_TO_WRITE',
    `The item holds no field with the name of a column of "${schema}"."${name}": its fields are ${fields.join(', ') || 'none'}.`,
    `The columns are ${columns.map((column) => column.name).join(', ')}. Rename fields with an Edit Fields node, or map each column by hand.`,
  );

/** The columns that rows are matched on, each with a value: without one, an update would reach rows that nobody meant. */
export const matchingOf = (form: Form, table: TableDefinition, assignments: Assignment[]): Assignment[] => {
  const names = form.parameter('columns.matchingColumns');
  const wanted = Array.isArray(names) ? names.map((name) => columnNamed(table, String(name))) : [];
  if (wanted.length === 0)
    throw new StoreError(
      'INVALID_INPUT',
      'No column to match on is chosen.',
      'Choose the columns that tell which row is meant, for example the primary key.',
    );
  return wanted.map((column) => {
    const found = assignments.find((assignment) => assignment.column === column);
    if (found && found.value !== null) return found;
    throw new StoreError(
      'VALUE_MISSING',
      `The column to match on, "${column.name}", has no value in this item.`,
      'Check the expression that gives it, or the field of that name in the item.',
    );
  });
};

/** Limit and Return All; undefined for all. */
export const limitOf = (form: Form): number | undefined =>
  form.parameter('returnAll') === true
    ? undefined
    : Math.max(1, Math.trunc(Number(form.parameter('limit') ?? 50)) || 50);

/** The text of a statement. n8n leaves expressions in it as they are, because the field takes none. */
export const queryOf = (form: Form): string => {
  const text = form.parameter('query');
  if (typeof text === 'string' && text.trim() !== '') return text;
  throw new StoreError(
    'INVALID_INPUT',
    'The query is empty.',
    'Write one SQL statement, with $1, $2 … for the values.',
  );
};

/** The values for $1, $2 … */
export const parametersOf = (form: Form): unknown[] => {
  const values =
    form.parameter('parametersInput') === 'json'
      ? jsonList(form.parameter('parametersJson'))
      : rowsIn(form, 'parameters', 'parameter').map((row) => asObject(row)['value']);
  return values.map((value, index) => toParameter(value, index + 1));
};

const jsonList = (given: unknown): unknown[] => {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (Array.isArray(value)) return value as unknown[];
  if (value === null || value === undefined || value === '') return [];
  throw new StoreError(
    'INVALID_INPUT',
    `The query parameters are no list: ${JSON.stringify(value).slice(0, 100)}.`,
    'Give a list in the order of $1, $2 …, for example ["paid", 100].',
  );
};

const parsed = (text: string): unknown => {
  if (text.trim() === '') return [];
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StoreError(
      'INVALID_INPUT',
      `The query parameters cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`,
      'Give a list in the order of $1, $2 …, for example ["paid", 100].',
    );
  }
};
