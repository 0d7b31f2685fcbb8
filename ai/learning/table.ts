/** Numbers by column, as learners take them. NaN stands for a value that is not known. */
export interface Table {
  names: readonly string[];
  columns: readonly Float64Array[];
  rows: number;
}

/** A column that a learner can take: numbers, true and false as 1 and 0, null for not known. */
export type Value = number | boolean | null;

/** A value as learners take it. Throws on an infinite number, which has no place between others. */
export const numberOf = (name: string, value: Value | undefined): number => {
  if (value === null || value === undefined) return NaN;
  const number = Number(value);
  if (number === Infinity || number === -Infinity)
    throw new Error(`"${name}" is ${number}. Give a finite number, or null when the value is not known.`);
  return number;
};

/** The table of rows by name; what a row lacks is not known. */
export const tableOf = (names: readonly string[], rows: readonly Readonly<Record<string, Value>>[]): Table => ({
  names,
  columns: names.map((name) => Float64Array.from(rows, (row) => numberOf(name, row[name]))),
  rows: rows.length,
});

/** The values of one row, in the order of the columns. */
export const rowOf = (table: Table, row: number): Float64Array =>
  Float64Array.from(table.columns, (column) => column[row] ?? NaN);

/** The rows of a table that are named by their numbers. */
export const rowsOf = ({ names, columns }: Table, rows: ArrayLike<number>): Table => ({
  names,
  columns: columns.map((column) => Float64Array.from(rows, (row) => column[row] ?? NaN)),
  rows: rows.length,
});
