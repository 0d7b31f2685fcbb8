import { z } from 'zod';
import { scorerOf, treesModel, vectorOf } from '../../learning/trees/model.ts';
import { sigmoid } from '../../learning/trees/objective.ts';
import type { Features } from '../features.ts';
import type { Judgement, Reason } from '../model.ts';
import { wordingOf } from './wording.ts';

/** A model that was learnt from labelled orders: boosted trees, and the line that makes their log-odds true. */
const learnedFraud = z.object({
  trees: treesModel,
  /** Log-odds of fraud = slope · raw score + intercept. */
  slope: z.number(),
  intercept: z.number(),
});

export type LearnedFraud = z.infer<typeof learnedFraud>;

/** The model in a JSON value. Throws naming what is wrong with it. */
export const readLearned = (json: unknown): LearnedFraud => learnedFraud.parse(json);

/** Contributions below this change no probability that anybody reads. */
const LEAST = 1e-3;

/**
 * Returns the function that judges orders by a learned model: probability, and reasons that with the base sum to its
 * log-odds. What is too small for a reason of its own is in the base.
 */
export const learnedJudge = ({ trees, slope, intercept }: LearnedFraud): ((features: Features) => Judgement) => {
  const scorer = scorerOf(trees);
  return (features) => {
    const { base, contributions } = scorer.explain(vectorOf(scorer.names, { ...features }));
    let baseLogOdds = slope * base + intercept;
    const reasons: Reason[] = [];
    for (const { name, contribution } of contributions) {
      const part = slope * contribution;
      if (Math.abs(part) < LEAST) baseLogOdds += part;
      else reasons.push({ ...wordingOf(name, features), contribution: part });
    }
    const logOdds = reasons.reduce((sum, { contribution }) => sum + contribution, baseLogOdds);
    return {
      score: sigmoid(logOdds),
      baseLogOdds,
      reasons: reasons.toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)),
    };
  };
};
