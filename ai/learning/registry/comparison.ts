/** A case that two versions scored, the one that decided and its shadow, and what it turned out to be. */
export interface Compared {
  current: number;
  shadow: number;
  positive: boolean;
}

export interface Comparison {
  /** `better`: the shadow may be promoted. `unclear`: go on, or too few outcomes are known. */
  verdict: 'better' | 'worse' | 'unclear';
  cases: number;
  positives: number;
  /** Mean log loss of the version that decides less the shadow's: above 0 the shadow is better. NaN without cases. */
  gain: number;
  standardError: number;
}

/** Fewer outcomes of either kind than this prove nothing. */
const LEAST_OF_A_KIND = 30;
/** One-sided, at 1 of 100: a version is changed seldom, and for good. */
const PROVEN = 2.326;
/** Keeps the loss of a score of 0 or 1 that was wrong finite. */
const SURE = 1e-6;

const lossOf = (score: number, positive: boolean): number => {
  const chance = Math.min(1 - SURE, Math.max(SURE, score));
  return -Math.log(positive ? chance : 1 - chance);
};

/**
 * Whether a shadow's probabilities are better than those of the version that decides, on cases whose outcome is known:
 * the mean difference of log loss, case by case, against its standard error. Looked at again and again, it will err
 * more often than 1 in 100: decide when to look before the trial begins.
 */
export const compareVersions = (cases: readonly Compared[]): Comparison => {
  const gains = cases.map(({ current, shadow, positive }) => lossOf(current, positive) - lossOf(shadow, positive));
  const gain = gains.reduce((sum, one) => sum + one, 0) / gains.length;
  const squares = gains.reduce((sum, one) => sum + (one - gain) ** 2, 0);
  const standardError = Math.sqrt(squares / (gains.length * Math.max(1, gains.length - 1)));
  const positives = cases.filter(({ positive }) => positive).length;
  const isEnough = Math.min(positives, cases.length - positives) >= LEAST_OF_A_KIND;
  const isProven = isEnough && Math.abs(gain) > PROVEN * standardError;
  return {
    verdict: !isProven ? 'unclear' : gain > 0 ? 'better' : 'worse',
    cases: cases.length,
    positives,
    gain,
    standardError,
  };
};
