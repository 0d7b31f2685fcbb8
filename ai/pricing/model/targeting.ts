import type { Trial } from './uplift.ts';

/** What a promotion costs and brings, in the same units: a unit of the outcome, and one sending. */
export interface Stakes {
  value: number;
  cost: number;
}

export interface Targeting {
  advice: 'send_to_all' | 'send_to_some' | 'send_to_none';
  /** True when people differ in what the promotion does to them, beyond chance. */
  differs: boolean;
  /** Mean effect over everyone, and its standard error. */
  effect: number;
  standardError: number;
  /**
   * By how much the true effect rises where the model's effect rises by one: 1 when the model is right, 0 when it says
   * nothing. And how many standard errors that lies above 0.
   */
  slope: number;
  slopeZ: number;
  /** Effects from here on are worth their cost. */
  threshold: number;
  /** Share of people with such an effect. */
  share: number;
}

/** One-sided, at 1 of 20: above this many standard errors it is no chance that people differ. */
const BEYOND_CHANCE = 1.645;

/**
 * Whom to send a promotion. `effects` must be of models that did not see the person (`crossFitted`). The test regresses
 * each person's own signal of the effect on the model's (best linear predictor, Chernozhukov et al. 2018), with errors
 * that may differ from person to person. Where it finds nothing, everyone is treated alike, by the mean effect.
 */
export const targetingOf = (trial: Trial, effects: Float64Array, { value, cost }: Stakes): Targeting => {
  const signals = signalsOf(trial);
  const { mean: effect, standardError } = meanAndError(signals);
  const { slope, slopeZ } = slopeOf(signals, effects);
  const threshold = cost / value;
  const differs = slopeZ > BEYOND_CHANCE;
  const count = effects.filter((one) => one >= threshold).length;
  const share = differs ? count / effects.length : Number(effect >= threshold);
  return {
    advice: share === 1 ? 'send_to_all' : share === 0 ? 'send_to_none' : 'send_to_some',
    differs,
    effect,
    standardError,
    slope,
    slopeZ,
    threshold,
    share,
  };
};

/** Signals whose mean over people of one kind is the effect on them: treated outcomes count up, others down. */
const signalsOf = ({ treated, outcome }: Trial): Float64Array => {
  const share = treated.reduce((sum, one) => sum + one, 0) / treated.length;
  const meanOutcome = outcome.reduce((sum, one) => sum + one, 0) / outcome.length;
  return outcome.map((one, row) => (((treated[row] ?? 0) - share) * (one - meanOutcome)) / (share * (1 - share)));
};

const meanAndError = (values: Float64Array): { mean: number; standardError: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares) / values.length };
};

const slopeOf = (signals: Float64Array, effects: Float64Array): { slope: number; slopeZ: number } => {
  const { mean: meanSignal } = meanAndError(signals);
  const { mean: meanEffect } = meanAndError(effects);
  let [xx, xy] = [0, 0];
  for (const [row, effect] of effects.entries()) {
    xx += (effect - meanEffect) ** 2;
    xy += (effect - meanEffect) * ((signals[row] ?? 0) - meanSignal);
  }
  if (xx === 0) return { slope: 0, slopeZ: 0 };
  const slope = xy / xx;
  let spread = 0;
  for (const [row, effect] of effects.entries()) {
    const residual = (signals[row] ?? 0) - meanSignal - slope * (effect - meanEffect);
    spread += ((effect - meanEffect) * residual) ** 2;
  }
  return { slope, slopeZ: spread === 0 ? 0 : slope / (Math.sqrt(spread) / xx) };
};
