import { sampleOf, seededRandom } from '../random.ts';
import type { Table } from '../table.ts';
import { bin, MISSING, type Binned } from './bins.ts';
import { childBounds, grow, type Grown } from './grow.ts';
import type { Bounds } from './histogram.ts';
import type { Tree, TreesModel } from './model.ts';
import { derive, lossOf, quantileOf, startOf, type Objective } from './objective.ts';

/** How trees are grown; what is left out has the default in TREES. */
export interface TreesOptions {
  trees: number;
  /** The part of each tree that counts. Smaller learns slower and generalises better. */
  learningRate: number;
  leaves: number;
  depth: number;
  minRows: number;
  minCurvature: number;
  lambda: number;
  minGain: number;
  /** Share of rows, and of columns, that each tree sees. */
  rowShare: number;
  columnShare: number;
  /** By column: 1 where the score may only rise with the value, −1 where it may only fall. */
  monotone: Readonly<Record<string, 1 | -1>>;
  /** Stops when so many trees in a row did not lower the loss on the validation rows. */
  patience: number;
  seed: number;
}

const TREES: TreesOptions = {
  trees: 200,
  learningRate: 0.1,
  leaves: 31,
  depth: 12,
  minRows: 20,
  minCurvature: 1e-3,
  lambda: 1,
  minGain: 1e-9,
  rowShare: 1,
  columnShare: 1,
  monotone: {},
  patience: 30,
  seed: 1,
};

/** Rows to learn from, with what is to be predicted: 0 or 1 for a probability, else a number. */
export interface Examples {
  table: Table;
  targets: Float64Array;
}

const check = ({ table, targets }: Examples, objective: Objective, monotone: TreesOptions['monotone']): void => {
  if (table.rows === 0) throw new Error('There are no rows to learn from.');
  if (targets.length !== table.rows)
    throw new Error(`There are ${table.rows} rows and ${targets.length} targets. Give one target a row.`);
  const bad = targets.findIndex((target) =>
    objective.is === 'binary' ? target !== 0 && target !== 1 : !Number.isFinite(target),
  );
  if (bad >= 0)
    throw new Error(
      `The target of row ${bad} is ${targets[bad]}. Give ${objective.is === 'binary' ? '0 or 1' : 'a finite number'}.`,
    );
  for (const name of Object.keys(monotone))
    if (!table.names.includes(name)) throw new Error(`There is no column "${name}" to constrain.`);
};

/**
 * Boosted trees over histograms (Friedman 2001; leaf by leaf as in LightGBM). The same examples, options and seed give
 * the same model. With `validation`, the trees after the one with the least loss on it are dropped.
 */
export const trainTrees = (
  examples: Examples,
  objective: Objective,
  options: Partial<TreesOptions> = {},
  validation?: Examples,
): TreesModel => {
  const settings = { ...TREES, ...options };
  check(examples, objective, settings.monotone);
  const random = seededRandom(settings.seed);
  const { table, targets } = examples;
  const binned = bin(table);
  const held = validation && { binned: bin(validation.table, binned.thresholds), targets: validation.targets };
  const base = startOf(objective, targets);
  const raw = new Float64Array(table.rows).fill(base);
  const heldRaw = new Float64Array(held?.targets.length ?? 0).fill(base);
  const derivatives = { gradient: new Float64Array(table.rows), curvature: new Float64Array(table.rows) };
  const monotone = Int8Array.from(table.names, (name) => settings.monotone[name] ?? 0);
  const trees: Tree[] = [];
  let best = { loss: held ? lossOf(objective, held.targets, heldRaw) : Infinity, trees: 0 };
  while (trees.length < settings.trees) {
    derive(objective, targets, raw, derivatives);
    const order = sampleOf(table.rows, settings.rowShare, random);
    const columns = sampleOf(table.names.length, settings.columnShare, random);
    const grown = grow(binned, columns, derivatives, order, { ...settings, monotone });
    const valueOf = leafOutput(objective, targets, raw, order, settings.lambda);
    const tree = settle(grown, valueOf, { monotone, learningRate: settings.learningRate }, binned);
    addTo(raw, tree, binned);
    trees.push(tree.tree);
    if (!held) continue;
    addTo(heldRaw, tree, held.binned);
    const loss = lossOf(objective, held.targets, heldRaw);
    if (loss < best.loss) best = { loss, trees: trees.length };
    if (trees.length - best.trees >= settings.patience) break;
  }
  return { kind: 'trees', objective, names: [...table.names], base, trees: held ? trees.slice(0, best.trees) : trees };
};

/** The unbounded value of a node: the Newton step, or for quantiles the quantile of what is left to explain. */
const leafOutput =
  (objective: Objective, targets: Float64Array, raw: Float64Array, order: Int32Array, lambda: number) =>
  ({ sums, start, end }: Grown): number => {
    if (objective.is !== 'quantile') return -sums.gradient / (sums.curvature + lambda);
    const residuals = Float64Array.from(order.subarray(start, end), (row) => (targets[row] ?? 0) - (raw[row] ?? 0));
    return quantileOf(residuals, objective.share);
  };

/** A tree in both forms: as it is kept, and with the codes that training rows are asked by. */
interface Settled {
  tree: Tree;
  codes: Int32Array;
}

/** Gives every node its value and writes the tree as lists. */
const settle = (
  root: Grown,
  valueOf: (node: Grown) => number,
  { monotone, learningRate }: { monotone: Int8Array; learningRate: number },
  { thresholds }: Binned,
): Settled => {
  const tree: Tree = { column: [], threshold: [], missingLeft: [], left: [], right: [], value: [] };
  const codes: number[] = [];
  const within = (value: number, [low, high]: Bounds): number => Math.min(high, Math.max(low, value));
  const place = (node: Grown, bounds: Bounds): number => {
    const index = tree.column.length;
    const { split, left, right } = node;
    tree.column.push(split?.column ?? -1);
    // The last bin has no threshold: every known value goes left. JSON has no infinity.
    tree.threshold.push(split ? (thresholds[split.column]?.[split.code] ?? Number.MAX_VALUE) : 0);
    tree.missingLeft.push(split?.missingLeft ?? false);
    tree.left.push(0);
    tree.right.push(0);
    tree.value.push(0);
    codes.push(split?.code ?? -1);
    if (!split || !left || !right) {
      tree.value[index] = learningRate * within(valueOf(node), bounds);
      return index;
    }
    const direction = monotone[split.column] ?? 0;
    const values = direction === 0 ? [0, 0] : [left, right].map((child) => within(valueOf(child), bounds));
    const [leftBounds, rightBounds] = childBounds(bounds, direction, values[0] ?? 0, values[1] ?? 0);
    const [leftIndex, rightIndex] = [place(left, leftBounds), place(right, rightBounds)];
    tree.left[index] = leftIndex;
    tree.right[index] = rightIndex;
    const [leftRows, rightRows] = [left.end - left.start, right.end - right.start];
    tree.value[index] =
      (leftRows * (tree.value[leftIndex] ?? 0) + rightRows * (tree.value[rightIndex] ?? 0)) / (leftRows + rightRows);
    return index;
  };
  place(root, [-Infinity, Infinity]);
  return { tree, codes: Int32Array.from(codes) };
};

/** Adds a tree's values to the raw scores of binned rows. */
const addTo = (raw: Float64Array, { tree, codes }: Settled, binned: Binned): void => {
  const columns = Int32Array.from(tree.column);
  const [left, right] = [Int32Array.from(tree.left), Int32Array.from(tree.right)];
  for (let row = 0; row < raw.length; row += 1) {
    let node = 0;
    for (let column = columns[0] ?? -1; column >= 0; column = columns[node] ?? -1) {
      const code = binned.codes[column]?.[row] ?? MISSING;
      const goesLeft = code === MISSING ? tree.missingLeft[node] : code <= (codes[node] ?? 0);
      node = (goesLeft ? left[node] : right[node]) ?? 0;
    }
    raw[row] = (raw[row] ?? 0) + (tree.value[node] ?? 0);
  }
};
