import type { Derivatives } from './histogram.ts';

/** What trees learn: a probability, a mean, or a quantile. */
export type Objective = { is: 'binary' } | { is: 'mean' } | { is: 'quantile'; share: number };

export const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** The smallest value that is not below a share of the values. NaN of nothing. */
export const quantileOf = (values: Float64Array, share: number): number => {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
};

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The score before the first tree: the best constant. */
export const startOf = (objective: Objective, targets: Float64Array): number => {
  if (objective.is === 'quantile') return quantileOf(targets, objective.share);
  const average = mean(targets);
  if (objective.is === 'mean') return average;
  // A share of 0 or 1 has no log-odds; half a row is the least that can be told from it.
  const least = 0.5 / targets.length;
  const share = Math.min(1 - least, Math.max(least, average));
  return Math.log(share / (1 - share));
};

/** First and second derivatives of the loss, by raw score. */
export const derive = (
  objective: Objective,
  targets: Float64Array,
  raw: Float64Array,
  { gradient, curvature }: Derivatives,
): void => {
  for (let row = 0; row < targets.length; row += 1) {
    const [target, score] = [targets[row] ?? 0, raw[row] ?? 0];
    if (objective.is === 'binary') {
      const probability = sigmoid(score);
      gradient[row] = probability - target;
      curvature[row] = probability * (1 - probability);
    } else {
      gradient[row] = objective.is === 'mean' ? score - target : Number(score >= target) - objective.share;
      curvature[row] = 1;
    }
  }
};

/** The mean loss: cross-entropy, squared error or pinball loss. */
export const lossOf = (objective: Objective, targets: Float64Array, raw: Float64Array): number => {
  let sum = 0;
  for (let row = 0; row < targets.length; row += 1) {
    const [target, score] = [targets[row] ?? 0, raw[row] ?? 0];
    const over = target - score;
    if (objective.is === 'binary') sum += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - score * target;
    else if (objective.is === 'mean') sum += over * over;
    else sum += Math.max(objective.share * over, (objective.share - 1) * over);
  }
  return sum / targets.length;
};
