/**
 * The statements of the operations on rows. Names are quoted, values are bound; nothing else of an item reaches the
 * text.
 */
import type { Statement } from './session.ts';
import type { Column, Table, TableDefinition } from './table.ts';
import { toSql } from './to-sql.ts';

/** A name as SQL takes it, whatever is in it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const nameOf = ({ schema, name }: Table): string => `${quoted(schema)}.${quoted(name)}`;
const list = (columns: Column[]): string => columns.map(({ name }) => quoted(name)).join(', ');

/** A value for a column. */
export interface Assignment {
  column: Column;
  value: unknown;
}

/** Collects values and answers how the text names them: $1, $2 … */
export interface Binder {
  bind: (column: Column, value: unknown) => string;
  /** Binds what is no column's value, as it is. */
  bindPlain: (value: unknown) => string;
  statement: (text: string) => Statement;
}

export const binder = (): Binder => {
  const values: unknown[] = [];
  const about: Statement['about'] = [];
  const add = (value: unknown, column?: Column): string => {
    about.push(column && { column: column.name, type: column.type });
    return `$${values.push(value)}`;
  };
  return {
    bind: (column, value) => add(toSql(column, value), column),
    bindPlain: (value) => add(value),
    statement: (text) => ({ text, values, about }),
  };
};

/** Empty: every column. */
const returning = (columns: Column[]): string => `RETURNING ${columns.length > 0 ? list(columns) : '*'}`;

export interface Insertion {
  table: TableDefinition;
  assignments: Assignment[];
  output: Column[];
  /**
   * For a row that is there already: absent means an error, otherwise it is left alone, or changed where these columns
   * match.
   */
  conflict?: 'skip' | Column[];
}

export const insertion = ({ table, assignments, output, conflict }: Insertion): Statement => {
  const { bind, statement } = binder();
  const columns = assignments.map(({ column }) => column);
  const given = assignments.map(({ column, value }) => bind(column, value));
  const row = columns.length > 0 ? `(${list(columns)}) VALUES (${given.join(', ')})` : 'DEFAULT VALUES';
  return statement(
    [`INSERT INTO ${nameOf(table)} ${row}`, onConflict(columns, conflict), returning(output)].filter(Boolean).join(' '),
  );
};

const onConflict = (columns: Column[], conflict: Insertion['conflict']): string => {
  if (conflict === undefined) return '';
  if (conflict === 'skip') return 'ON CONFLICT DO NOTHING';
  const changed = columns.filter((column) => !conflict.includes(column));
  // Something is set in any case: otherwise a row that is there would not be returned.
  const set = (changed.length > 0 ? changed : conflict).map(({ name }) => `${quoted(name)} = EXCLUDED.${quoted(name)}`);
  return `ON CONFLICT (${list(conflict)}) DO UPDATE SET ${set.join(', ')}`;
};

export const change = (
  table: TableDefinition,
  assignments: Assignment[],
  matching: Assignment[],
  output: Column[],
): Statement => {
  const { bind, statement } = binder();
  const set = assignments.map(({ column, value }) => `${quoted(column.name)} = ${bind(column, value)}`);
  const match = matching.map(({ column, value }) => `${quoted(column.name)} = ${bind(column, value)}`);
  return statement(`UPDATE ${nameOf(table)} SET ${set.join(', ')} WHERE ${match.join(' AND ')} ${returning(output)}`);
};

/** `where` makes the condition with the binder; an empty one means every row. */
export const deletion = (table: Table, where: (binder: Binder) => string, withRows: boolean): Statement => {
  const bound = binder();
  const condition = where(bound);
  const text = `DELETE FROM ${nameOf(table)}${condition && ` WHERE ${condition}`}`;
  return bound.statement(withRows ? `${text} RETURNING *` : text);
};

export interface Selection {
  table: Table;
  output: Column[];
  where: (binder: Binder) => string;
  sort: { column: Column; descending: boolean }[];
  /** Undefined for all. */
  limit?: number | undefined;
}

export const selection = ({ table, output, where, sort, limit }: Selection): Statement => {
  const bound = binder();
  const condition = where(bound);
  const order = sort.map(({ column, descending }) => `${quoted(column.name)} ${descending ? 'DESC' : 'ASC'}`);
  return bound.statement(
    [
      `SELECT ${output.length > 0 ? list(output) : '*'} FROM ${nameOf(table)}`,
      condition && `WHERE ${condition}`,
      order.length > 0 && `ORDER BY ${order.join(', ')}`,
      limit !== undefined && `LIMIT ${bound.bindPlain(limit)}`,
    ]
      .filter(Boolean)
      .join(' '),
  );
};
