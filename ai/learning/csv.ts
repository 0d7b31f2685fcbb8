import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The text of a file, unpacked when its name ends in .gz. */
export const textOf = (path: string): string =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : readFileSync(path, 'utf8');

/** The cells of a line; a cell may stand in quotes, with commas and doubled quotes within. */
const cellsOf = (line: string): string[] => {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g))
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  return cells;
};

/**
 * The rows of a CSV file with a header, a row an object by column. Throws when a column that is `needed` is not there,
 * or a row has more or fewer cells than the header.
 */
export const readCsv = <Column extends string>(
  path: string,
  needed: readonly Column[],
): Readonly<Record<Column, string>>[] => {
  const [header = '', ...lines] = textOf(path).split(/\r?\n/);
  const names = cellsOf(header);
  const positions = needed.map((column) => {
    const position = names.indexOf(column);
    if (position < 0) throw new Error(`${path} has no column ${column}; it needs ${needed.join(', ')}.`);
    return [column, position] as const;
  });
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const cells = cellsOf(line);
    if (cells.length !== names.length)
      throw new Error(`${path}, line ${index + 2} has ${cells.length} cells, and the header ${names.length}.`);
    const row = positions.map(([column, position]) => [column, cells[position] ?? ''] as const);
    return [Object.fromEntries(row) as Record<Column, string>];
  });
};

/** A cell as a number. Throws naming the column and the cell when it is none. */
export const numberIn = (column: string, cell: string): number => {
  const number = Number(cell);
  if (cell.trim() === '' || !Number.isFinite(number))
    throw new Error(`Column ${column} holds "${cell}", which is no number.`);
  return number;
};
