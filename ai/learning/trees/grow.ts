import type { Binned } from './bins.ts';
import { MISSING } from './bins.ts';
import {
  bestSplit,
  histogramOf,
  outputOf,
  subtract,
  type Bounds,
  type Derivatives,
  type Histogram,
  type Split,
  type SplitRules,
  type Sums,
} from './histogram.ts';

/** A node while its tree grows; it owns the rows order[start … end − 1]. */
export interface Grown {
  start: number;
  end: number;
  sums: Sums;
  depth: number;
  bounds: Bounds;
  split?: Split;
  left?: Grown;
  right?: Grown;
}

interface Leaf {
  node: Grown;
  histogram: Histogram;
  best: Split | undefined;
}

export interface GrowthRules extends SplitRules {
  leaves: number;
  depth: number;
}

const UNBOUNDED: Bounds = [-Infinity, Infinity];

/**
 * Bounds of both children: below a cut on a constrained column, no leaf of one side passes the middle of the two sides'
 * values, so that order holds whatever grows below.
 */
export const childBounds = (
  bounds: Bounds,
  direction: number,
  leftValue: number,
  rightValue: number,
): [Bounds, Bounds] => {
  if (direction === 0) return [bounds, bounds];
  const middle = (leftValue + rightValue) / 2;
  const [lower, upper]: [Bounds, Bounds] = [
    [bounds[0], middle],
    [middle, bounds[1]],
  ];
  return direction > 0 ? [lower, upper] : [upper, lower];
};

/** Moves the rows that go left before the others, both in their order, and returns where the right ones begin. */
const partition = (binned: Binned, order: Int32Array, { start, end }: Grown, split: Split): number => {
  const code = binned.codes[split.column];
  const right = new Int32Array(end - start);
  let lefts = start;
  let rights = 0;
  for (let at = start; at < end; at += 1) {
    const row = order[at] ?? 0;
    const bin = code?.[row] ?? MISSING;
    if (bin === MISSING ? split.missingLeft : bin <= split.code) {
      order[lefts] = row;
      lefts += 1;
    } else {
      right[rights] = row;
      rights += 1;
    }
  }
  order.set(right.subarray(0, rights), lefts);
  return lefts;
};

const totals = ({ gradient, curvature }: Derivatives, order: Int32Array): Sums => {
  const sums = { gradient: 0, curvature: 0, rows: order.length };
  for (const row of order) {
    sums.gradient += gradient[row] ?? 0;
    sums.curvature += curvature[row] ?? 0;
  }
  return sums;
};

/** Grows one tree, the most useful cut first, over the rows of `order`, which it sorts by leaf. */
export const grow = (
  binned: Binned,
  columns: Int32Array,
  derivatives: Derivatives,
  order: Int32Array,
  rules: GrowthRules,
): Grown => {
  const look = (node: Grown, histogram: Histogram): Leaf => ({
    node,
    histogram,
    best: node.depth >= rules.depth ? undefined : bestSplit(histogram, columns, binned, node.sums, node.bounds, rules),
  });
  const root: Grown = { start: 0, end: order.length, sums: totals(derivatives, order), depth: 0, bounds: UNBOUNDED };
  const leaves = [look(root, histogramOf(binned, columns, derivatives, order, [0, order.length]))];
  while (leaves.length < rules.leaves) {
    const index = mostUseful(leaves);
    const leaf = leaves[index];
    if (!leaf?.best) break;
    const [left, right] = cut(binned, order, leaf.node, leaf.best, rules);
    const leftIsSmall = left.end - left.start <= right.end - right.start;
    const small = leftIsSmall ? left : right;
    const smallHistogram = histogramOf(binned, columns, derivatives, order, [small.start, small.end]);
    const largeHistogram = subtract(leaf.histogram, smallHistogram);
    leaves.splice(
      index,
      1,
      look(left, leftIsSmall ? smallHistogram : largeHistogram),
      look(right, leftIsSmall ? largeHistogram : smallHistogram),
    );
  }
  return root;
};

const mostUseful = (leaves: readonly Leaf[]): number => {
  let index = -1;
  let gain = 0;
  for (const [at, { best }] of leaves.entries()) {
    if (!best || best.gain <= gain) continue;
    index = at;
    gain = best.gain;
  }
  return index;
};

const cut = (binned: Binned, order: Int32Array, node: Grown, split: Split, rules: GrowthRules): [Grown, Grown] => {
  const middle = partition(binned, order, node, split);
  const [leftBounds, rightBounds] = childBounds(
    node.bounds,
    rules.monotone[split.column] ?? 0,
    outputOf(split.left, rules.lambda, node.bounds),
    outputOf(split.right, rules.lambda, node.bounds),
  );
  const depth = node.depth + 1;
  const left = { start: node.start, end: middle, sums: split.left, depth, bounds: leftBounds };
  const right = { start: middle, end: node.end, sums: split.right, depth, bounds: rightBounds };
  Object.assign(node, { split, left, right });
  return [left, right];
};
