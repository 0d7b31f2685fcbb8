/** Runs each operation for one item. */
import type { IDataObject } from 'n8n-workflow';
import { conditionsOf, countersOf } from './read-lists.ts';
import { StoreError } from '../datastore/error.ts';
import { limitOf, parametersOf, queryOf } from '../datastore/read.ts';
import { assertKey, mapped, option, settingsOf, tableOf, ttlOf, type Form } from './read-form.ts';
import type { Answer, Session } from './session.ts';
import { increment, insert, insertIfAbsent, remove, select, updateIf, type Columns, type Table } from './statements.ts';
import { clusteringKey, partitionKey, reversedOrder, type TableDefinition } from './table.ts';
import { rowToJson, toJson, type BigNumbers } from './to-json.ts';
import type { OperationName } from './form-parts.ts';

export interface Work {
  session: Session;
  form: Form;
  /** A table's definition, read once for all items. */
  define: (table: Table) => Promise<TableDefinition>;
}

type Operation = (work: Work) => Promise<IDataObject[]>;

const numbersOf = (form: Form): BigNumbers => (option(form, 'largeNumbers') === 'number' ? 'number' : 'text');

const rowsOf = async ({ rows }: Answer, form: Form): Promise<IDataObject[]> => {
  const items: IDataObject[] = [];
  for await (const row of rows) items.push(rowToJson(row, numbersOf(form)));
  return items;
};

const keyOf = (form: Form, table: TableDefinition): Columns => {
  const columns = [...partitionKey(table), ...clusteringKey(table)];
  return assertKey(mapped(form, 'key', table, columns), columns, table);
};

/** The written values, in the types of their columns, by name: those that come before the conditions. */
const written = ({ bound }: Answer, names: string[], form: Form): IDataObject =>
  Object.fromEntries(
    names.map((name) => [name, toJson(bound.find((one) => one.name === name)?.value, numbersOf(form))]),
  );

const columnNames = (form: Form): string[] => {
  const only = option(form, 'only');
  return Array.isArray(only) ? only.filter((one): one is string => typeof one === 'string' && one !== '') : [];
};

const get: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const key = keyOf(form, table);
  const statement = select(table, { key, columns: columnNames(form), order: [], limit: undefined });
  const found = await rowsOf(await session.run(statement, settingsOf(form)), form);
  if (found.length === 0 && option(form, 'notFound') === 'fail')
    throw new StoreError(
      'ROW_NOT_FOUND',
      `"${table.keyspace}.${table.name}" has no row with the key ${JSON.stringify(key)}.`,
      'Check the key; the row may never have been written, or its time to live may be over.',
    );
  return found;
};

const getMany: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const isPartition = form.parameter('rows') !== 'table';
  const columns = [...partitionKey(table), ...clusteringKey(table)];
  const key = isPartition ? assertKey(mapped(form, 'partition', table, columns), partitionKey(table), table) : {};
  const order = isPartition && option(form, 'reverse') === true ? reversedOrder(table) : [];
  const statement = select(table, { key, columns: columnNames(form), order, limit: limitOf(form.parameter) });
  return rowsOf(await session.run(statement, settingsOf(form)), form);
};

const put: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const columns = assertKey(mapped(form, 'columns', table, table.columns), partitionKey(table), table);
  const answer = await session.run(insert(table, columns, ttlOf(form)), settingsOf(form));
  return [written(answer, Object.keys(columns), form)];
};

const compareAndSet: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const keys = [...partitionKey(table), ...clusteringKey(table)];
  const columns = mapped(form, 'columns', table, table.columns);
  const names = keys.map(({ name }) => name);
  const key = assertKey(
    pick(columns, (name) => names.includes(name)),
    keys,
    table,
  );
  const changes = pick(columns, (name) => !names.includes(name));
  const ttl = ttlOf(form);
  const statement =
    form.parameter('when') === 'columns'
      ? updateIf(table, { key, changes: assertChanges(changes), conditions: conditionsOf(form, table), ttl })
      : insertIfAbsent(table, columns, ttl);
  const answer = await session.run(statement, settingsOf(form));
  if (answer.rows.wasApplied()) return [{ applied: true, current: written(answer, Object.keys(columns), form) }];
  const { '[applied]': _applied, ...current } = rowToJson(answer.rows.first(), numbersOf(form));
  // The server tells what stands against it; for a condition on a row that is not there, nothing does.
  return [{ applied: false, current: Object.keys(current).length > 0 ? current : null }];
};

const pick = (columns: Columns, wanted: (name: string) => boolean): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([name]) => wanted(name)));

const assertChanges = (changes: Columns): Columns => {
  if (Object.keys(changes).length > 0) return changes;
  throw new StoreError(
    'INVALID_INPUT',
    'There is nothing to set: only the key has values.',
    'Fill in at least one column that is not part of the key.',
  );
};

const incrementCounters: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const key = keyOf(form, table);
  const by = countersOf(form);
  await session.run(increment(table, key, by), settingsOf(form));
  const read = select(table, { key, columns: [...Object.keys(key), ...Object.keys(by)], order: [], limit: undefined });
  return rowsOf(await session.run(read, settingsOf(form)), form);
};

const deleteRows: Operation = async ({ session, form, define }) => {
  const table = await define(tableOf(form));
  const partition = partitionKey(table);
  const whole = option(form, 'wholePartition') === true;
  const key = whole ? assertKey(mapped(form, 'key', table, partition), partition, table) : keyOf(form, table);
  const onlyIfThere = option(form, 'onlyIfThere') === true && !whole;
  const answer = await session.run(remove(table, key, onlyIfThere), settingsOf(form));
  return [{ ...written(answer, Object.keys(key), form), deleted: onlyIfThere ? answer.rows.wasApplied() : true }];
};

const executeQuery: Operation = async ({ session, form }) => {
  const cql = queryOf(form.parameter, 'Write one CQL statement, with a ? for each value.').trim();
  const values = parametersOf(form.parameter, 'Give a list with one value for each ?, for example [1001, "open"].');
  const answer = await session.run({ cql, values, idempotent: false }, settingsOf(form));
  // A statement that changes something returns no rows.
  if (!answer.rows.columns) return [{ success: true }];
  return (await rowsOf(answer, form)).map(({ '[applied]': applied, ...row }) =>
    applied === undefined ? row : { applied, ...row },
  );
};

export const OPERATIONS: Record<OperationName, Operation> = {
  'counter.increment': incrementCounters,
  'query.execute': executeQuery,
  'row.compareAndSet': compareAndSet,
  'row.delete': deleteRows,
  'row.get': get,
  'row.getMany': getMany,
  'row.put': put,
};
