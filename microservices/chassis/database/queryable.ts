import { countCosts } from '../context.ts';
import type { Statement } from './pipeline.ts';

/** Values that pg can send as parameters. Objects go as JSON. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | null | undefined | object;

/** Reads and single statements; rows come typed by the caller, who wrote the SQL beside the type. */
export interface Queryable {
  /** Every row. */
  rows<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** The only row, or undefined; more than one is a defect and throws. */
  maybeOne<Row>(text: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
  /** The only row; none or more than one is a defect and throws. */
  one<Row>(text: string, values?: readonly SqlValue[]): Promise<Row>;
  /** Runs a statement and returns how many rows it touched. */
  run(text: string, values?: readonly SqlValue[]): Promise<number>;
}

interface Executor {
  query(statement: Statement): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

const statementNames = new Map<string, string>();

/** One server-side prepared statement per text and connection: parsing and planning are paid once. */
const nameOf = (text: string): string => {
  const known = statementNames.get(text);
  if (known) return known;
  const name = `s${statementNames.size}`;
  statementNames.set(text, name);
  return name;
};

export const statementOf = (text: string, values: readonly SqlValue[] = []): Statement => ({
  name: nameOf(text),
  text,
  values: [...values],
});

/** Wraps a pg pool or client; the cast is the border where the SQL's author vouches for the row type. */
export const queryable = (executor: Executor): Queryable => {
  const execute = (text: string, values?: readonly SqlValue[]) => {
    countCosts({ roundTrips: 1, statements: 1 });
    return executor.query(statementOf(text, values));
  };
  const rows = async <Row>(text: string, values?: readonly SqlValue[]) => (await execute(text, values)).rows as Row[];
  const maybeOne = async <Row>(text: string, values?: readonly SqlValue[]) => {
    const found = await rows<Row>(text, values);
    if (found.length > 1) throw new Error(`Expected at most one row, got ${found.length}: ${text}`);
    return found[0];
  };
  return {
    rows,
    maybeOne,
    one: async <Row>(text: string, values?: readonly SqlValue[]) => {
      const row = await maybeOne<Row>(text, values);
      if (row === undefined) throw new Error(`Expected one row, got none: ${text}`);
      return row;
    },
    run: async (text, values) => (await execute(text, values)).rowCount ?? 0,
  };
};
