import { ridge } from './linear/ridge.ts';
import type { Table } from './table.ts';
import { sigmoid } from './trees/objective.ts';

/** Logistic regression as plain data. Values that are not known count as the column's mean. */
export interface LogisticModel {
  kind: 'logistic';
  names: string[];
  /** Log-odds of a row with the mean in every column. */
  base: number;
  means: number[];
  weights: number[];
}

const MOST_STEPS = 50;
const ENOUGH = 1e-10;

/** The mean of what is known of a column; 0 when nothing is. */
const meanOf = (column: Float64Array): number => {
  const known = column.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/**
 * The weights with the highest likelihood of the targets (0 or 1) less a penalty on their squares, by Newton’s method:
 * each step is a weighted least-squares problem. The penalty keeps weights finite where a column tells all.
 */
export const trainLogistic = (table: Table, targets: Float64Array, lambda = 1e-3): LogisticModel => {
  const means = table.columns.map(meanOf);
  const filled: Table = {
    ...table,
    columns: table.columns.map((column, index) => {
      const mean = means[index] ?? 0;
      return column.map((value) => (Number.isNaN(value) ? 0 : value - mean));
    }),
  };
  let current = { intercept: 0, weights: new Float64Array(table.columns.length) };
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const odds = oddsOf(filled, current);
    const chances = odds.map(sigmoid);
    const curvature = chances.map((chance) => Math.max(1e-9, chance * (1 - chance)));
    const working = odds.map((one, row) => one + ((targets[row] ?? 0) - (chances[row] ?? 0)) / (curvature[row] ?? 1));
    const following = ridge(filled, working, lambda, curvature);
    const moved = Math.max(
      Math.abs(following.intercept - current.intercept),
      ...following.weights.map((weight, index) => Math.abs(weight - (current.weights[index] ?? 0))),
    );
    current = { intercept: following.intercept, weights: Float64Array.from(following.weights) };
    if (moved < ENOUGH) break;
  }
  const { intercept: base, weights } = current;
  return { kind: 'logistic', names: [...table.names], base, means, weights: [...weights] };
};

const oddsOf = ({ columns, rows }: Table, model: { intercept: number; weights: Float64Array }): Float64Array => {
  const odds = new Float64Array(rows).fill(model.intercept);
  for (const [index, column] of columns.entries()) {
    const weight = model.weights[index] ?? 0;
    for (let row = 0; row < rows; row += 1) odds[row] = (odds[row] ?? 0) + weight * (column[row] ?? 0);
  }
  return odds;
};

/** What each column adds to the log-odds of a row; with `base` they sum to them. */
export const logisticContributions = ({ means, weights }: LogisticModel, row: ArrayLike<number>): number[] =>
  weights.map((weight, index) => {
    const value = row[index] ?? NaN;
    return Number.isNaN(value) ? 0 : weight * (value - (means[index] ?? 0));
  });

/** The probability of a row. */
export const logisticScore = (model: LogisticModel, row: ArrayLike<number>): number =>
  sigmoid(logisticContributions(model, row).reduce((sum, part) => sum + part, model.base));
