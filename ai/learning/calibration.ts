import { z } from 'zod';
import { trainLogistic } from './logistic.ts';
import type { Judged } from './metrics.ts';
import { sigmoid } from './trees/objective.ts';

/** Maps a score to a probability; plain data, kept with the model that it belongs to. */
export const calibrationSchema = z.discriminatedUnion('kind', [
  /** Between two points the line between them, beyond them the nearest: rises, but does not add ties. */
  z.object({ kind: z.literal('isotonic'), scores: z.array(z.number()), rates: z.array(z.number()) }),
  /** Log-odds = slope · score + intercept (Platt 1999). */
  z.object({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }),
]);

export type Calibration = z.infer<typeof calibrationSchema>;

interface Block {
  /** Sum of the scores. */
  scores: number;
  count: number;
  positives: number;
}

const rate = ({ count, positives }: Block): number => positives / count;

/**
 * The increasing function of the score that is nearest to what was observed (pool adjacent violators: Ayer et al.
 * 1955). Each pooled block is one point, at its mean score; the line between points keeps the ranking within blocks.
 */
export const isotonic = (judged: readonly Judged[]): Calibration => {
  const blocks: Block[] = [];
  for (const [score, same] of Map.groupBy(
    judged.toSorted((left, right) => left.score - right.score),
    (one) => one.score,
  )) {
    const positives = same.filter(({ positive }) => positive).length;
    let last: Block = { scores: score * same.length, count: same.length, positives };
    for (let before = blocks.at(-1); before && rate(before) >= rate(last); before = blocks.at(-1)) {
      blocks.pop();
      last = {
        scores: before.scores + last.scores,
        count: before.count + last.count,
        positives: before.positives + last.positives,
      };
    }
    blocks.push(last);
  }
  return {
    kind: 'isotonic',
    scores: blocks.map(({ scores, count }) => scores / count),
    rates: blocks.map(rate),
  };
};

/**
 * A logistic curve of the score, with Platt’s targets that keep it from certainty: few rows suffice, where isotonic
 * regression needs a thousand.
 */
export const platt = (judged: readonly Judged[]): Calibration => {
  const positives = judged.filter(({ positive }) => positive).length;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (judged.length - positives + 2);
  const table = { names: ['score'], columns: [Float64Array.from(judged, ({ score }) => score)], rows: judged.length };
  const targets = Float64Array.from(judged, ({ positive }) => (positive ? high : low));
  const { base, means, weights } = trainLogistic(table, targets, 1e-6);
  const slope = weights[0] ?? 0;
  return { kind: 'platt', slope, intercept: base - slope * (means[0] ?? 0) };
};

/** The probability that a score stands for. A calibration that saw nothing returns the score. */
export const calibrated = (calibration: Calibration, score: number): number => {
  if (calibration.kind === 'platt') return sigmoid(calibration.slope * score + calibration.intercept);
  const { scores, rates } = calibration;
  const above = scores.findIndex((one) => one >= score);
  if (above === 0) return rates[0] ?? score;
  if (above < 0) return rates.at(-1) ?? score;
  const [from, to] = [scores[above - 1] ?? 0, scores[above] ?? 0];
  const [low, high] = [rates[above - 1] ?? 0, rates[above] ?? 0];
  // Rounding must not lift the end of a line above its point.
  return Math.min(high, low + ((high - low) * (score - from)) / (to - from));
};
