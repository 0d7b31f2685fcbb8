import type { Table } from '../table.ts';

/** The code of a value that is not known. */
export const MISSING = 255;
/** Codes of one column: the bins of known values, and MISSING. */
export const CODES = 256;
const MOST_BINS = 254;

/** A table with each value replaced by the number of the bin that it lies in. */
export interface Binned {
  rows: number;
  codes: readonly Uint8Array[];
  /** Of each column: bin b holds what is above threshold b − 1 and not above threshold b; the last bin has none. */
  thresholds: readonly Float64Array[];
}

/** Between two neighbours, so that both stay on their side; rounding may leave no number between. */
const between = (below: number, above: number): number => {
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
};

/**
 * Thresholds that cut a column into bins of about equally many rows, or of one value each where there are few values.
 */
const thresholdsOf = (column: Float64Array): Float64Array => {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const cuts: number[] = [];
  let distinct = 1;
  for (let row = 1; row < sorted.length; row += 1) if (sorted[row] !== sorted[row - 1]) distinct += 1;
  let wanted = distinct <= MOST_BINS ? 0 : sorted.length / MOST_BINS;
  let from = 0;
  for (let row = 1; row < sorted.length; row += 1) {
    const [below, above] = [sorted[row - 1] ?? NaN, sorted[row] ?? NaN];
    if (below === above || row - from < wanted) continue;
    cuts.push(between(below, above));
    from = row;
    // One value of many rows takes a bin of its own; the others share what is left evenly.
    if (wanted > 0) wanted = (sorted.length - row) / (MOST_BINS - cuts.length);
    if (cuts.length === MOST_BINS - 1) break;
  }
  return Float64Array.from(cuts);
};

/** The bin of a value: the number of thresholds below it. */
const binOf = (thresholds: Float64Array, value: number): number => {
  if (Number.isNaN(value)) return MISSING;
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value > (thresholds[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Bins of a table, its own or those of the table that a model is trained on. */
export const bin = (table: Table, thresholds: readonly Float64Array[] = table.columns.map(thresholdsOf)): Binned => ({
  rows: table.rows,
  thresholds,
  codes: table.columns.map((column, index) => {
    const cuts = thresholds[index] ?? new Float64Array();
    return Uint8Array.from(column, (value) => binOf(cuts, value));
  }),
});
