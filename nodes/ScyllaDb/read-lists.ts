/** Lists in the form: conditions, counters. */
import { StoreError } from '../datastore/error.ts';
import { rowsIn } from '../datastore/read.ts';
import type { Form } from './read-form.ts';
import type { Columns, Condition, Operator } from './statements.ts';
import type { TableDefinition } from './table.ts';

/** Conditions on columns that must all hold. */
export const conditionsOf = (form: Form, table: TableDefinition): Condition[] => {
  const conditions = rowsIn(form.parameter, 'conditions', 'condition').map(
    ({ column, operator, value }): Condition => ({
      column: columnOf(column, table),
      ...comparison(operator, value),
    }),
  );
  if (conditions.length > 0) return conditions;
  throw new StoreError('INVALID_INPUT', 'There is no condition.', 'Add at least one column and what it has to hold.');
};

const columnOf = (column: unknown, table: TableDefinition): string => {
  const found = table.columns.find(({ name }) => name === column);
  if (found) return found.name;
  throw new StoreError(
    'COLUMN_NOT_FOUND',
    `The table "${table.keyspace}.${table.name}" has no column ${JSON.stringify(column ?? '')} to compare.`,
    `Choose one of the list: ${table.columns.map(({ name }) => name).join(', ')}.`,
  );
};

/** By name, because n8n takes a value that begins with = for an expression. */
const OPERATORS: Record<string, Operator> = {
  equal: '=',
  notEqual: '!=',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
};

const comparison = (operator: unknown, value: unknown): Pick<Condition, 'operator' | 'value'> => {
  if (operator === 'empty') return { operator: '=', value: null };
  if (operator === 'notEmpty') return { operator: '!=', value: null };
  // It becomes part of the statement's text: only what is on the list may.
  const known = typeof operator === 'string' && Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (known) return { operator: known, value };
  throw new StoreError(
    'INVALID_INPUT',
    `There is no comparison ${JSON.stringify(operator)}.`,
    `Choose one of ${Object.keys(OPERATORS).join(', ')}.`,
  );
};

/** How much to add to which counter. */
export const countersOf = (form: Form): Columns => {
  const by: Columns = {};
  for (const { column, by: amount } of rowsIn(form.parameter, 'counters', 'counter')) {
    if (typeof column !== 'string' || column === '')
      throw new StoreError('INVALID_INPUT', 'A counter has no column.', 'Choose the column to add to.');
    if (Object.hasOwn(by, column))
      throw new StoreError('INVALID_INPUT', `The counter "${column}" is there twice.`, 'Name each counter once.');
    by[column] = amount;
  }
  if (Object.keys(by).length > 0) return by;
  throw new StoreError('INVALID_INPUT', 'There is no counter.', 'Add at least one counter.');
};
