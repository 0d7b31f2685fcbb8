import { addRowProducts, type Matrix } from './products.ts';

/** Rows that are worked on together: a block of them fits into the fastest cache. */
const BLOCK = 64;

const blocksOf = (size: number): [from: number, to: number][] =>
  Array.from({ length: Math.ceil(size / BLOCK) }, (_, index) => [index * BLOCK, Math.min(size, (index + 1) * BLOCK)]);

/**
 * Replaces the lower triangle of a symmetric positive definite matrix by its Cholesky factor L (A = L Lᵀ), block by
 * block; the upper triangle is left without meaning. Throws naming the row when the matrix is not positive definite.
 */
export const factorize = (a: Matrix, size: number): void => {
  const blocks = blocksOf(size);
  for (const [from, to] of blocks) {
    for (let row = from; row < size; row += 1) solveRow(a, size, row, from, Math.min(to, row + 1));
    for (const [rowsFrom, rowsTo] of blocks) {
      if (rowsFrom < to) continue;
      for (const [columnsFrom, columnsTo] of blocks)
        if (columnsFrom >= to && columnsFrom <= rowsFrom)
          addRowProducts(a, a, a, size, [rowsFrom, rowsTo], [columnsFrom, columnsTo], [from, to], -1);
    }
  }
};

/** Columns from … to − 1 of one row of L, from the rows above it. */
const solveRow = (a: Matrix, size: number, row: number, from: number, to: number): void => {
  for (let column = from; column < to; column += 1) {
    let sum = a[row * size + column] ?? 0;
    for (let k = from; k < column; k += 1) sum -= (a[row * size + k] ?? 0) * (a[column * size + k] ?? 0);
    if (row === column && !(sum > 0))
      throw new Error(
        `The matrix is not positive definite: pivot ${row} is ${sum}. Columns may depend on each other; raise the regularization.`,
      );
    a[row * size + column] = row === column ? Math.sqrt(sum) : sum / (a[column * size + column] ?? 1);
  }
};

/** Solves L Lᵀ x = b for one right side. */
export const solveFactorized = (l: Matrix, size: number, b: Float64Array): Float64Array => {
  const x = b.slice();
  for (let row = 0; row < size; row += 1) {
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (l[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (l[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const value = (x[row] ?? 0) / (l[row * size + row] ?? 1);
    x[row] = value;
    for (let k = 0; k < row; k += 1) x[k] = (x[k] ?? 0) - (l[row * size + k] ?? 0) * value;
  }
  return x;
};

/**
 * The inverse of a symmetric positive definite matrix, which it overwrites. Half of the size³ multiplications that a
 * general inverse takes, nearly all of them in the fast product of rows.
 */
export const invert = (a: Matrix, size: number): Matrix => {
  factorize(a, size);
  const upper = transposedInverse(a, size);
  const inverse = new Float64Array(size * size);
  const blocks = blocksOf(size);
  for (const rows of blocks)
    for (const columns of blocks) {
      if (columns[0] > rows[0]) continue;
      for (const inner of blocks)
        if (inner[0] >= rows[0]) addRowProducts(inverse, upper, upper, size, rows, columns, inner, 1);
    }
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < row; column += 1) inverse[column * size + row] = inverse[row * size + column] ?? 0;
  return inverse;
};

/** The transpose of L⁻¹: an upper triangle, so that products read rows of both. */
const transposedInverse = (l: Matrix, size: number): Matrix => {
  const upper = new Float64Array(size * size);
  const blocks = blocksOf(size);
  for (const columns of blocks) {
    for (const rows of blocks)
      for (const inner of blocks)
        if (rows[0] < columns[0] && inner[0] >= rows[0] && inner[0] < columns[0])
          addRowProducts(upper, upper, l, size, rows, columns, inner, 1);
    const [from, to] = columns;
    for (let row = 0; row < to; row += 1)
      for (let column = Math.max(from, row); column < to; column += 1) {
        const pivot = l[column * size + column] ?? 1;
        let sum = row === column ? -1 : (upper[row * size + column] ?? 0);
        for (let k = Math.max(from, row); k < column; k += 1)
          sum += (upper[row * size + k] ?? 0) * (l[column * size + k] ?? 0);
        upper[row * size + column] = -sum / pivot;
      }
  }
  return upper;
};
