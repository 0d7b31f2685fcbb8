import { platt } from '../learning/calibration.ts';
import { splitByTime } from '../learning/splits.ts';
import { tableOf } from '../learning/table.ts';
import { scorerOf, vectorOf, type TreesModel } from '../learning/trees/model.ts';
import { trainTrees, type TreesOptions } from '../learning/trees/train.ts';
import type { Features } from './features.ts';
import type { LearnedFraud } from './model/learned.ts';

/** An order with what was seen when it was placed, and what it turned out to be. */
export interface LabelledOrder {
  at: number;
  features: Features;
  fraud: boolean;
}

const OPTIONS = {
  trees: 250,
  learningRate: 0.04,
  leaves: 12,
  minRows: 20,
  lambda: 5,
  rowShare: 0.7,
  columnShare: 0.6,
} satisfies Partial<TreesOptions>;

/** The last orders by time, which trees do not see before their scores are made probabilities. */
const CALIBRATION_SHARE = 0.3;
/** Fewer frauds or honest orders than this tell nothing of probabilities. */
const LEAST_FOR_CALIBRATION = 20;

const fit = (orders: readonly LabelledOrder[], seed: number): TreesModel => {
  const names = Object.keys(orders[0]?.features ?? {});
  const table = tableOf(
    names,
    orders.map(({ features }) => ({ ...features })),
  );
  const targets = Float64Array.from(orders, ({ fraud }) => Number(fraud));
  return trainTrees({ table, targets }, { is: 'binary' }, { ...OPTIONS, seed });
};

/**
 * Learns from labelled orders. Trees of the earlier orders are calibrated on the later ones, then all orders make the
 * trees that are returned. `honestShare` is the share of the honest orders that was kept: the log-odds are put right
 * for those that were left out. The same orders and seed give the same model.
 */
export const trainFraud = (
  orders: readonly LabelledOrder[],
  { honestShare = 1, seed = 1 }: { honestShare?: number; seed?: number } = {},
): LearnedFraud => {
  const sorted = orders.toSorted((left, right) => left.at - right.at);
  const [earlier, later] = splitByTime(sorted, CALIBRATION_SHARE);
  const frauds = later.filter(({ fraud }) => fraud).length;
  const offset = Math.log(honestShare);
  const trees = fit(sorted, seed);
  if (Math.min(frauds, later.length - frauds) < LEAST_FOR_CALIBRATION || !earlier.some(({ fraud }) => fraud))
    return { trees, slope: 1, intercept: offset };
  const scorer = scorerOf(fit(earlier, seed));
  const judged = later.map(({ features, fraud }) => ({
    score: scorer.raw(vectorOf(scorer.names, { ...features })),
    positive: fraud,
  }));
  const line = platt(judged);
  // A line that falls would turn the ranking round: the sample was too odd to learn from it.
  if (line.kind !== 'platt' || line.slope <= 0) return { trees, slope: 1, intercept: offset };
  return { trees, slope: line.slope, intercept: line.intercept + offset };
};
