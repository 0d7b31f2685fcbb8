/** One judged thing: the score it got and whether it was what is looked for. */
export interface Judged {
  score: number;
  positive: boolean;
}

/**
 * Average precision: the mean of the precision at each positive, from the highest score down. Within equal scores the
 * negatives are taken first, so that a model gains nothing by giving equal scores (scikit-learn, which takes a tie as
 * one step, returns the same or more). NaN without positives.
 */
export const averagePrecision = (judged: readonly Judged[]): number => {
  const ranked = judged.toSorted(
    (left, right) => right.score - left.score || Number(left.positive) - Number(right.positive),
  );
  let found = 0;
  let sum = 0;
  for (const [index, { positive }] of ranked.entries()) {
    if (!positive) continue;
    found += 1;
    sum += found / (index + 1);
  }
  return found === 0 ? NaN : sum / found;
};

/** Mean squared error of probabilities (Brier 1950). NaN of nothing. */
export const brierScore = (judged: readonly Judged[]): number =>
  judged.reduce((sum, { score, positive }) => sum + (score - Number(positive)) ** 2, 0) / judged.length;

export interface ReliabilityBin {
  from: number;
  count: number;
  meanScore: number;
  positiveRate: number;
}

/**
 * Mean score beside the share of positives, per range of the score that begins at a bound. Empty ranges are left out.
 */
export const reliability = (judged: readonly Judged[], bounds: readonly number[]): ReliabilityBin[] =>
  bounds.flatMap((from, index) => {
    const below = bounds[index + 1] ?? Infinity;
    const inside = judged.filter(({ score }) => score >= from && score < below);
    if (inside.length === 0) return [];
    const mean = (valueOf: (one: Judged) => number): number =>
      inside.reduce((sum, one) => sum + valueOf(one), 0) / inside.length;
    const [meanScore, positiveRate] = [mean(({ score }) => score), mean(({ positive }) => Number(positive))];
    return [{ from, count: inside.length, meanScore, positiveRate }];
  });

/**
 * Expected calibration error: the mean distance between score and share of positives, weighted by how many lie in each
 * range.
 */
export const calibrationError = (bins: readonly ReliabilityBin[]): number => {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.meanScore - bin.positiveRate), 0);
};

/** How much better than always saying the share of positives: 1 − Brier score ÷ that constant's. */
export const brierSkill = (judged: readonly Judged[]): number => {
  const share = judged.filter(({ positive }) => positive).length / judged.length;
  return 1 - brierScore(judged) / (share * (1 - share));
};

/**
 * Share of positives above the highest threshold that lets at most `rate` of the negatives through. A tie at the
 * threshold counts all of its negatives, so that equal scores gain nothing.
 */
export const recallAt = (judged: readonly Judged[], rate: number): number => {
  const negatives = judged.filter(({ positive }) => !positive).length;
  const positives = judged.length - negatives;
  let [falseAlarms, found, recall] = [0, 0, 0];
  const byScore = Map.groupBy(
    judged.toSorted((left, right) => right.score - left.score),
    ({ score }) => score,
  );
  for (const [, tied] of byScore) {
    const hits = tied.filter(({ positive }) => positive).length;
    falseAlarms += tied.length - hits;
    if (falseAlarms > rate * negatives) break;
    found += hits;
    recall = found / positives;
  }
  return recall;
};
