/** Reads the form of an item for the operations. Throws StoreError for input that cannot be used. */
import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { asObject, located, optionOf, type Parameter } from '../datastore/read.ts';
import { isNoValue } from './conditions.ts';
import type { Assignment } from './statements.ts';
import { columnNamed, type Column, type Table, type TableDefinition } from './table.ts';

export interface Form {
  parameter: Parameter;
  /** The item itself, for columns that map themselves. */
  json: IDataObject;
}

export const option = (form: Form, name: string): unknown => optionOf(form.parameter, name);

export const tableOf = (form: Form): Table => {
  const schema = located(form.parameter('schema')) || 'public';
  const name = located(form.parameter('table'));
  if (name === '') throw new StoreError('INVALID_INPUT', 'No table is chosen.', 'Choose a table.');
  return { schema, name };
};

/** Columns of an option that lists names; none for all. */
export const columnsIn = (form: Form, table: TableDefinition): Column[] => {
  const names = option(form, 'outputColumns');
  return Array.isArray(names) ? names.map((name) => columnNamed(table, String(name))) : [];
};

/** The value that the mapper gives for each column. */
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

/**
 * The columns that rows are matched on, each with a value: without one, an update would reach rows that nobody meant.
 */
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
