import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { limitOf, parametersOf, queryOf, rowsIn } from '../datastore/read.ts';
import { conditionsOf, whereOf } from './conditions.ts';
import type { OperationName } from './form-parts.ts';
import { assignmentsOf, columnsIn, matchingOf, option, tableOf, type Form } from './read-form.ts';
import type { Session } from './session.ts';
import { change, deletion, insertion, selection, type Binder } from './statements.ts';
import { columnNamed, type Table, type TableDefinition } from './table.ts';
import { toParameter } from './to-sql.ts';

export interface Work {
  session: Session;
  form: Form;
  /** Reads a table's columns, once in an execution. */
  define: (table: Table) => Promise<TableDefinition>;
}
/** The output for one item. */
type Operation = (work: Work) => Promise<IDataObject[]>;

const tableIn = ({ form, define }: Work): Promise<TableDefinition> => define(tableOf(form));

const insert: Operation = async (work) => {
  const table = await tableIn(work);
  const skips = option(work.form, 'skipOnConflict') === true;
  const { rows } = await work.session.run(
    insertion({
      table,
      assignments: assignmentsOf(work.form, table),
      output: columnsIn(work.form, table),
      ...(skips && { conflict: 'skip' }),
    }),
  );
  return rows.length === 0 && skips ? [{ skipped: true }] : rows;
};

const upsert: Operation = async (work) => {
  const table = await tableIn(work);
  const assignments = assignmentsOf(work.form, table);
  const conflict = matchingOf(work.form, table, assignments).map(({ column }) => column);
  const output = columnsIn(work.form, table);
  return (await work.session.run(insertion({ table, assignments, output, conflict }))).rows;
};

const update: Operation = async (work) => {
  const table = await tableIn(work);
  const assignments = assignmentsOf(work.form, table);
  const matching = matchingOf(work.form, table, assignments);
  const changes = assignments.filter((assignment) => !matching.includes(assignment));
  if (changes.length === 0)
    throw new StoreError(
      'NOTHING_TO_WRITE',
      'There is no value to write beside the columns to match on.',
      'Fill in at least one more column.',
    );
  return (await work.session.run(change(table, changes, matching, columnsIn(work.form, table)))).rows;
};

const filterOf = ({ form }: Work, table: TableDefinition): ((binder: Binder) => string) => {
  const conditions = conditionsOf(rowsIn(form.parameter, 'conditions', 'condition'), table);
  return whereOf(conditions, form.parameter('combine') === 'or' ? 'OR' : 'AND');
};

const deleteRows: Operation = async (work) => {
  const { form, session } = work;
  const table = await tableIn(work);
  const all = form.parameter('rows') === 'all';
  if (!all && rowsIn(form.parameter, 'conditions', 'condition').length === 0)
    throw new StoreError(
      'INVALID_INPUT',
      'No condition says which rows to delete.',
      'Add a condition; to empty the table, set Rows to “All of the Table”.',
    );
  const withRows = option(form, 'returnRows') === true;
  const { rows, count } = await session.run(deletion(table, all ? () => '' : filterOf(work, table), withRows));
  return withRows ? rows : [{ deleted: count ?? 0 }];
};

const getMany: Operation = async (work) => {
  const table = await tableIn(work);
  const sort = rowsIn(work.form.parameter, 'sort', 'rule').map((rule) => {
    const { column, direction } = rule;
    return { column: columnNamed(table, typeof column === 'string' ? column : ''), descending: direction === 'desc' };
  });
  const { rows } = await work.session.run(
    selection({
      table,
      output: columnsIn(work.form, table),
      where: filterOf(work, table),
      sort,
      limit: limitOf(work.form.parameter),
    }),
  );
  return rows;
};

const executeQuery: Operation = async ({ session, form }) => {
  const text = queryOf(form.parameter, 'Write one SQL statement, with $1, $2 … for the values.');
  const given = parametersOf(form.parameter, 'Give a list in the order of $1, $2 …, for example ["paid", 100].');
  const answer = await session.run({ text, values: given.map((value, index) => toParameter(value, index + 1)) });
  // A statement that only changes something returns no rows.
  return answer.hasColumns ? answer.rows : [{ success: true, command: answer.command, rows: answer.count ?? 0 }];
};

export const OPERATIONS: Record<OperationName, Operation> = {
  'query.execute': executeQuery,
  'row.delete': deleteRows,
  'row.getMany': getMany,
  'row.insert': insert,
  'row.update': update,
  'row.upsert': upsert,
};
