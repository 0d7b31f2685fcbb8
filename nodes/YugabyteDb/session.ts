import type { IDataObject } from 'n8n-workflow';
import type pg from 'pg';
import type { YugabyteDbCredential } from './connection.ts';
import { withClient, type Afterwards } from './pools.ts';
import { readArray, typeParsers, type LargeNumbers } from './to-json.ts';

/** One statement with its values. `about` says which column a value is meant for, so that a refusal can name it. */
export interface Statement {
  text: string;
  values: unknown[];
  about?: ({ column: string; type: string } | undefined)[];
}

export interface Rows {
  rows: IDataObject[];
  /** True for a statement that returns rows. */
  hasColumns: boolean;
  /** INSERT, SELECT … */
  command: string;
  /** How many rows it touched; null where that means nothing. */
  count: number | null;
}

export interface SessionSettings {
  /** The workflow's time zone (IANA): what times without one are meant in. */
  zone: string;
  timeoutMs: number;
  largeNumbers: LargeNumbers;
  afterwards: Afterwards;
}

export interface Session {
  run: (statement: Statement) => Promise<Rows>;
  begin: (isolation: Isolation) => Promise<void>;
  commit: () => Promise<void>;
  rollback: () => Promise<void>;
  /** True while the transaction that `begin` opened is open. */
  isInTransaction: () => boolean;
}

export const ISOLATIONS = ['default', 'read committed', 'repeatable read', 'serializable'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** How much longer than the database itself the client waits for an answer: then the connection is dead. */
const GRACE_MS = 5_000;

/** Lends a connection whose session is set up, whatever it was used for before. */
export const withSession = async <Answer>(
  credential: YugabyteDbCredential,
  settings: SessionSettings,
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> =>
  withClient(credential, settings.afterwards, async (client) => {
    await setUp(client, settings);
    return use(sessionOf(client, settings));
  });

/** Output formats are fixed as well, because the values are read in them. */
const setUp = async (client: pg.PoolClient, { zone, timeoutMs }: SessionSettings): Promise<void> => {
  await client.query(
    `SELECT set_config('TimeZone', $1, false), set_config('statement_timeout', $2, false), set_config('DateStyle', 'ISO, MDY', false),
      set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '3', false), set_config('IntervalStyle', 'postgres', false)`,
    [zone, String(timeoutMs)],
  );
};

const sessionOf = (client: pg.PoolClient, settings: SessionSettings): Session => {
  const types = typeParsers(settings.largeNumbers);
  const wait = { query_timeout: settings.timeoutMs + GRACE_MS };
  const isInTransaction = (): boolean => client.getTransactionStatus() === 'T';
  const order = async (text: string): Promise<string> =>
    (await client.query({ text, ...wait } as pg.QueryConfig)).command;
  return {
    isInTransaction,
    run: async (statement) => {
      const { text, values } = statement;
      // "extended": the database itself refuses a text with several statements.
      const config = { text, values, types, rowMode: 'array', queryMode: 'extended', ...wait };
      const result = await client.query(config as pg.QueryArrayConfig).catch((error: unknown) => {
        throw error instanceof Error ? Object.assign(error, { statement }) : error;
      });
      return rowsOf(result, await ownArrays(client, result));
    },
    begin: async (isolation) => {
      await order(isolation === 'default' ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`);
    },
    commit: async () => {
      // PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement had failed.
      if ((await order('COMMIT')) !== 'COMMIT') throw new Error('The transaction was rolled back, not committed.');
    },
    rollback: async () => {
      if (client.getTransactionStatus() === 'T' || client.getTransactionStatus() === 'E') await order('ROLLBACK');
    },
  };
};

/** Types from here on are made by users: their arrays have no numbers that are known beforehand. */
const FIRST_OWN_TYPE = 16_384;

/** Positions of the columns that are arrays of types that somebody defined (enumerations, mostly). */
const ownArrays = async (client: pg.PoolClient, { fields, rows }: pg.QueryArrayResult): Promise<Set<number>> => {
  const own = fields.map(({ dataTypeID }) => dataTypeID).filter((type) => type >= FIRST_OWN_TYPE);
  if (own.length === 0 || rows.length === 0 || client.getTransactionStatus() === 'E') return new Set();
  const { rows: arrays } = await client.query<{ oid: number }>(
    `SELECT oid::int AS oid FROM pg_catalog.pg_type WHERE typcategory = 'A' AND oid = ANY($1::int[]::oid[])`,
    [own],
  );
  const known = new Set(arrays.map(({ oid }) => oid));
  return new Set(fields.flatMap(({ dataTypeID }, position) => (known.has(dataTypeID) ? [position] : [])));
};

const rowsOf = ({ fields, rows, command, rowCount }: pg.QueryArrayResult, arrays: Set<number>): Rows => {
  const names = distinct((fields ?? []).map(({ name }) => name));
  const read = (value: unknown, position: number): unknown =>
    arrays.has(position) && typeof value === 'string' ? readArray(value) : value;
  return {
    rows: rows.map(
      (row) => Object.fromEntries(names.map((name, position) => [name, read(row[position], position)])) as IDataObject,
    ),
    hasColumns: names.length > 0,
    command,
    count: rowCount,
  };
};

/** A column of a row that holds text. */
export const textIn = (row: Record<string, unknown> | undefined, column: string): string => {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
};

/** Two columns of one name (a join) both come out: the second as `id_2`. */
const distinct = (names: string[]): string[] => {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let next = 2; taken.has(free); next += 1) free = `${name}_${next}`;
    taken.add(free);
    return free;
  });
};
