import { invert } from './linear/cholesky.ts';
import { averagePrecision } from './metrics.ts';
import { seededRandom } from './random.ts';
import { rowOf, type Table } from './table.ts';
import { scorerOf } from './trees/model.ts';
import { sigmoid } from './trees/objective.ts';
import { trainTrees } from './trees/train.ts';

/*
 * npm run bench:learning
 *
 * Trains trees on 60,000 made-up rows of 20 columns, scores other rows one by one, and inverts a matrix as the
 * recommendations do. Prints one JSON line. Processor seconds stand beside seconds, because a busy machine stretches
 * the latter.
 */

const ROWS = 60_000;
const COLUMNS = 20;
const TREES = 200;
const SCORED = 20_000;
const MATRIX = 1_000;

const rounded = (value: number): number => Number(value.toPrecision(3));

/** Seconds by the clock and of this process's processor time. */
const timed = <T>(work: () => T): { result: T; seconds: number; cpu: number } => {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: rounded((performance.now() - startedAt) / 1_000), cpu: rounded((user + system) / 1e6) };
};

const madeUp = (rows: number, seed: number): { table: Table; targets: Float64Array } => {
  const random = seededRandom(seed);
  const columns = Array.from({ length: COLUMNS }, () =>
    Float64Array.from({ length: rows }, () => (random() < 0.05 ? NaN : random())),
  );
  const at = (column: number, row: number): number => columns[column]?.[row] || 0.5;
  const targets = Float64Array.from({ length: rows }, (_, row) =>
    Number(random() < sigmoid(4 * at(0, row) - 6 * at(1, row) * at(2, row) - 3 * at(3, row))),
  );
  return { table: { names: columns.map((_, column) => `c${column}`), columns, rows }, targets };
};

const training = timed(() => trainTrees(madeUp(ROWS, 1), { is: 'binary' }, { trees: TREES }));
const scorer = scorerOf(training.result);
const { table, targets } = madeUp(SCORED, 2);
const rows = Array.from({ length: SCORED }, (_, row) => rowOf(table, row));
const scoring = timed(() => rows.map((row, index) => ({ score: scorer.score(row), positive: targets[index] === 1 })));
const explaining = timed(() => rows.map((row) => scorer.explain(row)));
const random = seededRandom(3);
const matrix = new Float64Array(MATRIX * MATRIX).map((_, cell) =>
  cell % (MATRIX + 1) === 0 ? MATRIX : Math.floor(random() * 2),
);
for (let row = 0; row < MATRIX; row += 1)
  for (let column = 0; column < row; column += 1) matrix[column * MATRIX + row] = matrix[row * MATRIX + column] ?? 0;
const inverting = timed(() => invert(matrix, MATRIX));

console.log(
  JSON.stringify({
    metric: 'training_seconds',
    value: training.seconds,
    cpu_seconds: training.cpu,
    rows: ROWS,
    columns: COLUMNS,
    trees: TREES,
    microseconds_a_score: rounded((scoring.cpu * 1e6) / SCORED),
    microseconds_an_explanation: rounded((explaining.cpu * 1e6) / SCORED),
    average_precision: rounded(averagePrecision(scoring.result)),
    inverse: { size: MATRIX, seconds: inverting.seconds, cpu_seconds: inverting.cpu },
  }),
);
