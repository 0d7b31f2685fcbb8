import { types } from 'cassandra-driver';
import { StoreError } from '../datastore/error.ts';
import type { RunSettings, Session } from './session.ts';
import type { Table } from './statements.ts';

export interface Column {
  name: string;
  /** As CQL writes it, "frozen<map<text, int>>". */
  type: string;
  kind: 'partition_key' | 'clustering' | 'static' | 'regular';
  /** Within its part of the key; -1 for the others. */
  position: number;
  /** How clustering columns are stored. */
  order: 'asc' | 'desc' | 'none';
}

export interface TableDefinition extends Table {
  columns: Column[];
}

const SCHEMA: RunSettings = {
  consistency: types.consistencies.one,
  serialConsistency: types.consistencies.localSerial,
  timeoutMs: 10_000,
  zone: 'UTC',
  fetchSize: 5_000,
};

const read = async (session: Session, cql: string, values: unknown[]): Promise<types.Row[]> => {
  const rows: types.Row[] = [];
  const answer = await session.run({ cql, values, idempotent: true }, SCHEMA);
  for await (const row of answer.rows) rows.push(row);
  return rows;
};

const texts = (rows: types.Row[], column: string): string[] =>
  rows.map((row) => String(row.get(column))).toSorted((left, right) => left.localeCompare(right, 'en'));

/** Keyspaces that people made; those of the database itself are left out. */
export const keyspaces = async (session: Session): Promise<string[]> =>
  texts(await read(session, 'SELECT keyspace_name FROM system_schema.keyspaces', []), 'keyspace_name').filter(
    (name) => !/^system($|_)/.test(name),
  );

export const tables = async (session: Session, keyspace: string): Promise<string[]> =>
  texts(
    await read(session, 'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?', [keyspace]),
    'table_name',
  );

const KINDS: Column['kind'][] = ['partition_key', 'clustering', 'static', 'regular'];

/**
 * The table with its columns: partition key, clustering columns, then the others by name. Throws StoreError
 * (TABLE_NOT_FOUND, KEYSPACE_NOT_FOUND).
 */
export const tableDefinition = async (session: Session, table: Table): Promise<TableDefinition> => {
  const rows = await read(
    session,
    'SELECT column_name, kind, position, type, clustering_order FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
    [table.keyspace, table.name],
  );
  if (rows.length === 0) throw await notFound(session, table);
  const columns = rows.map((row): Column => ({
    name: String(row.get('column_name')),
    type: String(row.get('type')),
    // system_schema holds only these.
    kind: String(row.get('kind')) as Column['kind'],
    position: Number(row.get('position')),
    order: String(row.get('clustering_order')) as Column['order'],
  }));
  return { ...table, columns: columns.toSorted(byPlace) };
};

const byPlace = (left: Column, right: Column): number =>
  KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind) ||
  left.position - right.position ||
  left.name.localeCompare(right.name, 'en');

const notFound = async (session: Session, { keyspace, name }: Table): Promise<StoreError> => {
  const spaces = await keyspaces(session);
  if (!spaces.includes(keyspace) && !/^system/.test(keyspace))
    return new StoreError(
      'KEYSPACE_NOT_FOUND',
      `There is no keyspace "${keyspace}".`,
      `Choose one of the list: ${spaces.join(', ') || 'there is none yet'}.`,
    );
  const names = await tables(session, keyspace);
  return new StoreError(
    'TABLE_NOT_FOUND',
    `The keyspace "${keyspace}" has no table "${name}".`,
    `Choose one of the list: ${names.join(', ') || 'there is none yet'}.`,
  );
};

export const partitionKey = ({ columns }: TableDefinition): Column[] =>
  columns.filter(({ kind }) => kind === 'partition_key');

export const clusteringKey = ({ columns }: TableDefinition): Column[] =>
  columns.filter(({ kind }) => kind === 'clustering');

/** Clustering columns against the order in which they are stored. */
export const reversedOrder = (table: TableDefinition): { column: string; direction: 'ASC' | 'DESC' }[] =>
  clusteringKey(table).map(({ name, order }) => ({ column: name, direction: order === 'asc' ? 'DESC' : 'ASC' }));

/** Who answers. */
export const clusterOf = async (session: Session): Promise<{ name: string; version: string; dataCenter: string }> => {
  const [row] = await read(session, 'SELECT cluster_name, release_version, data_center FROM system.local', []);
  return {
    name: String(row?.get('cluster_name')),
    version: String(row?.get('release_version')),
    dataCenter: String(row?.get('data_center')),
  };
};
