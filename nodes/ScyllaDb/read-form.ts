/** Reads the form of an item for the operations. Throws StoreError for input that cannot be used. */
import { types } from 'cassandra-driver';
import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { located, optionOf, type Parameter } from '../datastore/read.ts';
import type { RunSettings } from './session.ts';
import type { Column, TableDefinition } from './table.ts';
import type { Columns, Table } from './statements.ts';

export interface Form {
  parameter: Parameter;
  /** The item itself, for columns that map themselves. */
  json: IDataObject;
  /** The workflow's time zone (IANA). */
  zone: string;
  /** The keyspace of the credential, or nothing. */
  keyspace: string;
}

export const option = (form: Form, name: string): unknown => optionOf(form.parameter, name);

const { consistencies } = types;
const LEVELS: Record<string, number> = {
  all: consistencies.all,
  eachQuorum: consistencies.eachQuorum,
  localOne: consistencies.localOne,
  localQuorum: consistencies.localQuorum,
  localSerial: consistencies.localSerial,
  one: consistencies.one,
  quorum: consistencies.quorum,
  serial: consistencies.serial,
  two: consistencies.two,
};

const level = (value: unknown, otherwise: number): number =>
  typeof value === 'string' && LEVELS[value] !== undefined ? LEVELS[value] : otherwise;

export const settingsOf = (form: Form): RunSettings => ({
  consistency: level(option(form, 'consistency'), consistencies.localQuorum),
  serialConsistency: level(option(form, 'serialConsistency'), consistencies.localSerial),
  timeoutMs: Number(option(form, 'timeout') ?? 12) * 1_000,
  fetchSize: Number(option(form, 'pageSize') ?? 1_000),
  zone: form.zone,
});

/** A name that the form gives, from a list or written. */
export const nameOf = (value: unknown): string => located(value).trim();

export const tableOf = (form: Form): Table => {
  const keyspace = nameOf(form.parameter('keyspace')) || form.keyspace;
  const name = nameOf(form.parameter('table'));
  if (keyspace === '')
    throw new StoreError(
      'INVALID_INPUT',
      'No keyspace is chosen, and the credential names none.',
      'Choose a keyspace, or enter one in the ScyllaDB credential.',
    );
  if (name === '') throw new StoreError('INVALID_INPUT', 'No table is chosen.', 'Choose a table.');
  return { keyspace, name };
};

/**
 * The values that a mapper gives for the columns it may set. Empty fields are left out, or null when they are to be
 * erased.
 */
export const mapped = (form: Form, name: string, table: TableDefinition, wanted: Column[]): Columns => {
  const isAutomatic = form.parameter(`${name}.mappingMode`) === 'autoMapInputData';
  const given = (isAutomatic ? form.json : form.parameter(`${name}.value`)) ?? {};
  if (!isAutomatic) assertKnown(Object.keys(given), table);
  const held = given as Record<string, unknown>;
  const erase = option(form, 'emptyFields') === 'erase';
  const values: Columns = {};
  for (const column of wanted) {
    if (!Object.hasOwn(held, column.name)) continue;
    const value = held[column.name];
    if (!isEmpty(value, column)) values[column.name] = value;
    else if (erase) values[column.name] = null;
  }
  return values;
};

const assertKnown = (names: string[], { keyspace, name, columns }: TableDefinition): void => {
  const unknown = names.find((one) => !columns.some((column) => column.name === one));
  if (unknown === undefined) return;
  throw new StoreError(
    'COLUMN_NOT_FOUND',
    `The table "${keyspace}.${name}" has no column "${unknown}".`,
    `Refresh the columns in the node. The table has ${columns.map((column) => column.name).join(', ')}.`,
  );
};

/** An empty text is a value only for a column of text. */
const isEmpty = (value: unknown, { type }: Column): boolean =>
  value === null || value === undefined || (value === '' && !/^(?:text|ascii|varchar)$/.test(type));

/** Checks that each of these columns of the key has a value. */
export const assertKey = (key: Columns, columns: Column[], { keyspace, name }: Table): Columns => {
  const missing = columns.filter((column) => key[column.name] === undefined || key[column.name] === null);
  if (missing.length > 0)
    throw new StoreError(
      'KEY_INCOMPLETE',
      `The key of "${keyspace}.${name}" is ${columns.map((column) => column.name).join(', ')}; ${missing.map((column) => column.name).join(', ')} ${missing.length === 1 ? 'has' : 'have'} no value.`,
      'Fill in every column of the key. With automatic mapping, the item has to hold fields of these names.',
    );
  return key;
};

export const ttlOf = (form: Form): number | undefined => {
  const ttl = option(form, 'ttl');
  return ttl === undefined || ttl === '' ? undefined : Number(ttl);
};
