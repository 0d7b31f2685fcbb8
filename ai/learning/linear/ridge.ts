import type { Table } from '../table.ts';
import { factorize, solveFactorized } from './cholesky.ts';

/** A linear model: intercept and one weight a column. */
export interface LinearModel {
  intercept: number;
  weights: Float64Array;
}

/**
 * Weighted least squares with penalty `lambda` on the squared weights (not on the intercept), in closed form. Without
 * `weights` each row counts once. Throws when a value is not known, or when columns depend on each other and
 * lambda is 0.
 */
export const ridge = (
  { columns, rows, names }: Table,
  targets: Float64Array,
  lambda: number,
  weights: Float64Array = new Float64Array(rows).fill(1),
): LinearModel => {
  for (const [index, column] of columns.entries())
    if (column.some(Number.isNaN))
      throw new Error(`Column "${names[index]}" has values that are not known. Fill them first.`);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (values: Float64Array): number => weightedProduct(values, weights) / total;
  const means = columns.map(meanOf);
  // Around the means the intercept falls away, and the sums lose no digits to it.
  const centred = columns.map((column, index) => column.map((value) => value - (means[index] ?? 0)));
  const size = columns.length;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const mean = meanOf(targets);
  const target = targets.map((value) => value - mean);
  for (const [row, left] of centred.entries()) {
    const weighted = left.map((value, index) => value * (weights[index] ?? 0));
    for (let column = 0; column <= row; column += 1)
      gram[row * size + column] = weightedProduct(centred[column], weighted);
    gram[row * size + row] = (gram[row * size + row] ?? 0) + lambda;
    right[row] = weightedProduct(target, weighted);
  }
  factorize(gram, size);
  const solved = solveFactorized(gram, size, right);
  return { weights: solved, intercept: mean - weightedProduct(Float64Array.from(means), solved) };
};

const weightedProduct = (left: Float64Array | undefined, right: Float64Array): number => {
  let sum = 0;
  for (let index = 0; index < right.length; index += 1) sum += (left?.[index] ?? 0) * (right[index] ?? 0);
  return sum;
};
