/** A square matrix, row after row. */
export type Matrix = Float64Array;

/** A range of rows or columns: from, and the first after it. */
type Range = readonly [from: number, to: number];

/**
 * c[i][j] += sign · Σ a[i][k] · b[j][k] over the ranges; all matrices are size × size. Rows meet rows, so that memory
 * is read in order; 4 × 4 products at a time stay in registers, which makes it several times faster.
 */
export const addRowProducts = (
  c: Matrix,
  a: Matrix,
  b: Matrix,
  size: number,
  [rowsFrom, rowsTo]: Range,
  [columnsFrom, columnsTo]: Range,
  [from, to]: Range,
  sign: 1 | -1,
): void => {
  const fullRows = rowsFrom + ((rowsTo - rowsFrom) & ~3);
  const fullColumns = columnsFrom + ((columnsTo - columnsFrom) & ~3);
  for (let i = rowsFrom; i < fullRows; i += 4) {
    for (let j = columnsFrom; j < fullColumns; j += 4) tile(c, a, b, size, i, j, from, to, sign);
    for (let j = fullColumns; j < columnsTo; j += 1)
      for (let row = i; row < i + 4; row += 1) single(c, a, b, size, row, j, from, to, sign);
  }
  for (let i = fullRows; i < rowsTo; i += 1)
    for (let j = columnsFrom; j < columnsTo; j += 1) single(c, a, b, size, i, j, from, to, sign);
};

const single = (
  c: Matrix,
  a: Matrix,
  b: Matrix,
  size: number,
  i: number,
  j: number,
  from: number,
  to: number,
  sign: number,
): void => {
  let sum = 0;
  for (let k = from; k < to; k += 1) sum += (a[i * size + k] ?? 0) * (b[j * size + k] ?? 0);
  c[i * size + j] = (c[i * size + j] ?? 0) + sign * sum;
};

const tile = (
  c: Matrix,
  a: Matrix,
  b: Matrix,
  size: number,
  i: number,
  j: number,
  from: number,
  to: number,
  sign: number,
): void => {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  const [a0, a1, a2, a3] = [i * size, (i + 1) * size, (i + 2) * size, (i + 3) * size];
  const [b0, b1, b2, b3] = [j * size, (j + 1) * size, (j + 2) * size, (j + 3) * size];
  for (let k = from; k < to; k += 1) {
    const x0 = a[a0 + k] ?? 0;
    const x1 = a[a1 + k] ?? 0;
    const x2 = a[a2 + k] ?? 0;
    const x3 = a[a3 + k] ?? 0;
    const y0 = b[b0 + k] ?? 0;
    const y1 = b[b1 + k] ?? 0;
    const y2 = b[b2 + k] ?? 0;
    const y3 = b[b3 + k] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  addFour(c, a0 + j, sign, s00, s01, s02, s03);
  addFour(c, a1 + j, sign, s10, s11, s12, s13);
  addFour(c, a2 + j, sign, s20, s21, s22, s23);
  addFour(c, a3 + j, sign, s30, s31, s32, s33);
};

const addFour = (c: Matrix, at: number, sign: number, s0: number, s1: number, s2: number, s3: number): void => {
  c[at] = (c[at] ?? 0) + sign * s0;
  c[at + 1] = (c[at + 1] ?? 0) + sign * s1;
  c[at + 2] = (c[at + 2] ?? 0) + sign * s2;
  c[at + 3] = (c[at + 3] ?? 0) + sign * s3;
};
