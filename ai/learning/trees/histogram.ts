import { CODES, MISSING, type Binned } from './bins.ts';

/** Per code: sum of gradients, sum of second derivatives, number of rows. */
const STRIDE = 3;
const COLUMN = CODES * STRIDE;

/** Sums of one node over each column's codes. */
export type Histogram = Float64Array;

/** Sums of gradients and second derivatives, and the number of rows. */
export interface Sums {
  gradient: number;
  curvature: number;
  rows: number;
}

/** Per row of the training data. */
export interface Derivatives {
  gradient: Float64Array;
  curvature: Float64Array;
}

/** The histogram of the rows order[start … end − 1]; columns that are not used stay 0. */
export const histogramOf = (
  { codes }: Binned,
  columns: Int32Array,
  { gradient, curvature }: Derivatives,
  order: Int32Array,
  [start, end]: readonly [number, number],
): Histogram => {
  const histogram = new Float64Array(codes.length * COLUMN);
  // In the order of the node's rows, so that memory is jumped through once and not for each column.
  const rows = order.subarray(start, end);
  const [gradients, curvatures] = [new Float64Array(rows.length), new Float64Array(rows.length)];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    gradients[at] = gradient[row] ?? 0;
    curvatures[at] = curvature[row] ?? 0;
  }
  for (const column of columns) {
    const code = codes[column];
    if (code) addColumn(histogram.subarray(column * COLUMN, (column + 1) * COLUMN), code, rows, gradients, curvatures);
  }
  return histogram;
};

const addColumn = (
  cells: Float64Array,
  code: Uint8Array,
  rows: Int32Array,
  gradients: Float64Array,
  curvatures: Float64Array,
): void => {
  for (let at = 0; at < rows.length; at += 1) {
    const cell = (code[rows[at] ?? 0] ?? 0) * STRIDE;
    cells[cell] = (cells[cell] ?? 0) + (gradients[at] ?? 0);
    cells[cell + 1] = (cells[cell + 1] ?? 0) + (curvatures[at] ?? 0);
    cells[cell + 2] = (cells[cell + 2] ?? 0) + 1;
  }
};

/** The histogram of the other child, in place of the parent's: half of all rows need no second look. */
export const subtract = (parent: Histogram, child: Histogram): Histogram => {
  for (let cell = 0; cell < parent.length; cell += 1) parent[cell] = (parent[cell] ?? 0) - (child[cell] ?? 0);
  return parent;
};

/** Where a node may be cut. */
export interface Split {
  column: number;
  /** Rows with this code or a lower one go left. */
  code: number;
  missingLeft: boolean;
  gain: number;
  left: Sums;
  right: Sums;
}

/** Limits of growth that a split has to keep. */
export interface SplitRules {
  lambda: number;
  minRows: number;
  minCurvature: number;
  minGain: number;
  /** Of each column: 1 where the score may only rise with it, −1 where it may only fall, else 0. */
  monotone: Int8Array;
}

/** The lowest and the highest value that leaves below a node may have. */
export type Bounds = readonly [low: number, high: number];

/** The value of a leaf with these sums: the Newton step, within bounds. */
export const outputOf = ({ gradient, curvature }: Sums, lambda: number, [low, high]: Bounds): number =>
  stepOf(gradient, curvature + lambda, low, high);

// Numbers and no objects from here on: this runs for each bin of each column of each node.
const stepOf = (gradient: number, steepness: number, low: number, high: number): number => {
  const step = -gradient / steepness;
  return step < low ? low : step > high ? high : step;
};

/** How far a leaf of this value lowers the loss. */
const gainOf = (gradient: number, steepness: number, value: number): number =>
  -(2 * gradient + steepness * value) * value;

/** Where the search of one node stands. */
interface Search {
  cells: Float64Array;
  column: number;
  all: Sums;
  bounds: Bounds;
  rules: SplitRules;
  best: Split | undefined;
}

/** The best split of a node, or undefined when none lowers the loss enough. The first of equals wins. */
export const bestSplit = (
  histogram: Histogram,
  columns: Int32Array,
  { thresholds }: Binned,
  all: Sums,
  bounds: Bounds,
  rules: SplitRules,
): Split | undefined => {
  let best: Split | undefined;
  for (const column of columns) {
    const cells = histogram.subarray(column * COLUMN, (column + 1) * COLUMN);
    const bins = (thresholds[column]?.length ?? 0) + 1;
    const search = { cells, column, all, bounds, rules, best };
    if (cells[MISSING * STRIDE + 2] === 0) best = scan(search, bins - 1, false);
    else {
      // The last bin ends a cut only between known and missing.
      best = scan(search, bins, false);
      best = scan({ ...search, best }, bins - 1, true);
    }
  }
  return best;
};

/** Moves bin after bin to the left side, up to `last`, and returns the best split so far. */
const scan = ({ cells, column, all, bounds, rules, best }: Search, last: number, missingLeft: boolean) => {
  const [low, high] = bounds;
  const { lambda, minRows, minCurvature } = rules;
  const direction = rules.monotone[column] ?? 0;
  const steepness = all.curvature + lambda;
  const own = gainOf(all.gradient, steepness, stepOf(all.gradient, steepness, low, high));
  const missing = MISSING * STRIDE;
  let gradient = missingLeft ? (cells[missing] ?? 0) : 0;
  let curvature = missingLeft ? (cells[missing + 1] ?? 0) : 0;
  let rows = missingLeft ? (cells[missing + 2] ?? 0) : 0;
  let found = best;
  let least = Math.max(rules.minGain, best?.gain ?? 0);
  for (let code = 0; code < last; code += 1) {
    const here = cells[code * STRIDE + 2] ?? 0;
    if (here === 0) continue;
    gradient += cells[code * STRIDE] ?? 0;
    curvature += cells[code * STRIDE + 1] ?? 0;
    rows += here;
    if (rows < minRows || curvature < minCurvature) continue;
    if (all.rows - rows < minRows || all.curvature - curvature < minCurvature) break;
    const [rightGradient, rightSteepness] = [all.gradient - gradient, all.curvature - curvature + lambda];
    const left = stepOf(gradient, curvature + lambda, low, high);
    const right = stepOf(rightGradient, rightSteepness, low, high);
    if ((right - left) * direction < 0) continue;
    const gain = gainOf(gradient, curvature + lambda, left) + gainOf(rightGradient, rightSteepness, right) - own;
    if (gain <= least) continue;
    least = gain;
    found = splitAt(column, code, gain, { gradient, curvature, rows }, all, missingLeft);
    // Where training never saw a missing value, one goes where most rows go.
    if (cells[missing + 2] === 0) found.missingLeft = rows * 2 >= all.rows;
  }
  return found;
};

const splitAt = (column: number, code: number, gain: number, left: Sums, all: Sums, missingLeft: boolean): Split => {
  const right = {
    gradient: all.gradient - left.gradient,
    curvature: all.curvature - left.curvature,
    rows: all.rows - left.rows,
  };
  return { column, code, missingLeft, gain, left, right };
};
