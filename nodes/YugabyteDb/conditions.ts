/** Conditions on rows, compared as the column's own type. */
import { StoreError } from '../datastore/error.ts';
import { quoted, type Binder } from './statements.ts';
import { columnNamed, type Column, type TableDefinition } from './table.ts';

export interface Condition {
  column: Column;
  operator: Operator;
  value: unknown;
}

export type Operator =
  | 'contains'
  | 'endsWith'
  | 'equal'
  | 'greater'
  | 'greaterOrEqual'
  | 'isEmpty'
  | 'isNotEmpty'
  | 'less'
  | 'lessOrEqual'
  | 'like'
  | 'notEqual'
  | 'notOneOf'
  | 'oneOf'
  | 'startsWith';

type Write = (condition: Condition, binder: Binder) => string;

const comparison =
  (sign: string): Write =>
  ({ column, value }, { bind }) =>
    `${quoted(column.name)} ${sign} ${bind(column, value)}`;

/** Looks at any type as text, in any case; what the value holds of % and _ stands for itself. */
const pattern =
  (before: string, after: string): Write =>
  ({ column, value }, { bindPlain }) =>
    `${quoted(column.name)}::text ILIKE ${bindPlain(`${before}${String(value).replace(/[\\%_]/g, '\\$&')}${after}`)}`;

const among =
  (sign: string): Write =>
  ({ column, value }, { bind }) =>
    `${quoted(column.name)} ${sign}(${bind(listTyped(column), valuesOf(value))})`;

const listTyped = (column: Column): Column => ({ ...column, base: `_${column.base}` });

/** A list; its JSON; or texts with commas between them. */
const valuesOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'string') return [value];
  if (value.trim().startsWith('[')) {
    try {
      return JSON.parse(value) as unknown[];
    } catch {
      // A text that only begins like a list.
    }
  }
  return value.split(',').map((one) => one.trim());
};

const WRITERS: Record<Operator, Write> = {
  contains: pattern('%', '%'),
  endsWith: pattern('%', ''),
  equal: comparison('='),
  greater: comparison('>'),
  greaterOrEqual: comparison('>='),
  isEmpty: ({ column }) => `${quoted(column.name)} IS NULL`,
  isNotEmpty: ({ column }) => `${quoted(column.name)} IS NOT NULL`,
  less: comparison('<'),
  lessOrEqual: comparison('<='),
  like: ({ column, value }, { bindPlain }) => `${quoted(column.name)}::text LIKE ${bindPlain(String(value))}`,
  // Unlike <>, this holds for rows without a value as well, as people expect.
  notEqual: comparison('IS DISTINCT FROM'),
  notOneOf: among('<> ALL'),
  oneOf: among('= ANY'),
  startsWith: pattern('', '%'),
};

/** Writes conditions, joined as the form says. */
export const whereOf =
  (conditions: Condition[], combine: 'AND' | 'OR') =>
  (binder: Binder): string =>
    conditions.map((condition) => WRITERS[condition.operator](condition, binder)).join(` ${combine} `);

const TEXT = /^(?:text|varchar|bpchar|citext|name)$/;
/** Empty text is a value only for a column of text. */
export const isNoValue = (value: unknown, { base }: Column): boolean =>
  value === null || value === undefined || (value === '' && !TEXT.test(base));

/** Every text begins with, ends with and contains the empty one, so such a condition would mean all rows. */
const PARTS: ReadonlySet<string> = new Set<Operator>(['contains', 'endsWith', 'startsWith']);

/**
 * The conditions of the form. Throws StoreError for a column that is not there and for a comparison without a value.
 */
export const conditionsOf = (rows: unknown[], table: TableDefinition): Condition[] =>
  rows.map((row) => {
    const { column: name, operator = 'equal', value } = row as Record<string, unknown>;
    if (typeof name !== 'string' || name === '')
      throw new StoreError('INVALID_INPUT', 'A condition names no column.', 'Choose the column, or remove it.');
    const column = columnNamed(table, name);
    if (typeof operator !== 'string' || !Object.hasOwn(WRITERS, operator))
      throw new StoreError('INVALID_INPUT', `There is no comparison "${String(operator)}".`, 'Choose one of the list.');
    const condition: Condition = { column, operator: operator as Operator, value };
    const empty = isNoValue(value, column) || (value === '' && PARTS.has(operator));
    if (!/Empty$/.test(operator) && empty) throw valueMissing(name);
    return condition;
  });

const valueMissing = (name: string): StoreError =>
  new StoreError(
    'VALUE_MISSING',
    `The condition on the column "${name}" has no value.`,
    'Check the expression that gives it. To look for rows without a value, use Is Empty.',
  );
