/** Each operation as a CQL statement. Only names of columns stand in its text, quoted; every value has its `?`. */
import type { Statement } from './session.ts';

export interface Table {
  keyspace: string;
  name: string;
}

/** Values by column. */
export type Columns = Record<string, unknown>;

export interface Condition {
  column: string;
  operator: Operator;
  value: unknown;
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A name as CQL takes any: in quotes, quotes inside doubled. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const of = ({ keyspace, name }: Table): string => `${quoted(keyspace)}.${quoted(name)}`;

const list = (names: string[]): string => names.map(quoted).join(', ');

const where = (key: Columns): string =>
  Object.keys(key)
    .map((name) => `${quoted(name)} = ?`)
    .join(' AND ');

/** Parts that may be missing, with the values of their markers. */
interface Clause {
  text: string;
  values: unknown[];
}

const usingTtl = (seconds: number | undefined): Clause =>
  seconds === undefined ? { text: '', values: [] } : { text: ' USING TTL ?', values: [seconds] };

export interface Selection {
  key: Columns;
  /** All when empty. */
  columns: string[];
  /** Clustering columns with their directions; as they are stored when empty. */
  order: { column: string; direction: 'ASC' | 'DESC' }[];
  limit: number | undefined;
}

/** Rows of a partition, or of the whole table when no key is given. */
export const select = (table: Table, { key, columns, order, limit }: Selection): Statement => {
  const filter = Object.keys(key).length > 0 ? ` WHERE ${where(key)}` : '';
  const ordered = order.map(({ column, direction }) => `${quoted(column)} ${direction}`).join(', ');
  const end = limit === undefined ? '' : ' LIMIT ?';
  return {
    cql: `SELECT ${columns.length > 0 ? list(columns) : '*'} FROM ${of(table)}${filter}${ordered && ` ORDER BY ${ordered}`}${end}`,
    values: [...Object.values(key), ...(limit === undefined ? [] : [limit])],
    idempotent: true,
  };
};

/** Writes a row, over whatever is there. The driver gives it its time, so that sending it twice changes nothing. */
export const insert = (table: Table, columns: Columns, ttl: number | undefined): Statement => {
  const until = usingTtl(ttl);
  return {
    cql: `INSERT INTO ${of(table)} (${list(Object.keys(columns))}) VALUES (${marks(columns)})${until.text}`,
    values: [...Object.values(columns), ...until.values],
    idempotent: true,
  };
};

const marks = (columns: Columns): string =>
  Object.keys(columns)
    .map(() => '?')
    .join(', ');

/**
 * Writes a row only when there is none with its key. Never sent twice by itself: the second time would say that it was
 * not applied.
 */
export const insertIfAbsent = (table: Table, columns: Columns, ttl: number | undefined): Statement => {
  const until = usingTtl(ttl);
  return {
    cql: `INSERT INTO ${of(table)} (${list(Object.keys(columns))}) VALUES (${marks(columns)}) IF NOT EXISTS${until.text}`,
    values: [...Object.values(columns), ...until.values],
    idempotent: false,
  };
};

/** Changes a row only when its columns hold what is expected. */
export const updateIf = (
  table: Table,
  {
    key,
    changes,
    conditions,
    ttl,
  }: { key: Columns; changes: Columns; conditions: Condition[]; ttl: number | undefined },
): Statement => {
  const until = usingTtl(ttl);
  const set = Object.keys(changes).map((name) => `${quoted(name)} = ?`);
  const expected = conditions.map(({ column, operator }) => `${quoted(column)} ${operator} ?`);
  return {
    cql: `UPDATE ${of(table)}${until.text} SET ${set.join(', ')} WHERE ${where(key)} IF ${expected.join(' AND ')}`,
    values: [
      ...until.values,
      ...Object.values(changes),
      ...Object.values(key),
      ...conditions.map(({ value }) => value),
    ],
    idempotent: false,
  };
};

/** Adds to counters. Never sent twice by itself: it would count twice. */
export const increment = (table: Table, key: Columns, by: Columns): Statement => ({
  cql: `UPDATE ${of(table)} SET ${Object.keys(by)
    .map((name) => `${quoted(name)} = ${quoted(name)} + ?`)
    .join(', ')} WHERE ${where(key)}`,
  values: [...Object.values(by), ...Object.values(key)],
  idempotent: false,
});

/** Removes a row, or every row of a partition when only its key is given. */
export const remove = (table: Table, key: Columns, onlyIfThere: boolean): Statement => ({
  cql: `DELETE FROM ${of(table)} WHERE ${where(key)}${onlyIfThere ? ' IF EXISTS' : ''}`,
  values: Object.values(key),
  idempotent: !onlyIfThere,
});
