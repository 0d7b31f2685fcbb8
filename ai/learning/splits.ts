/** Something that happened at a moment, in milliseconds since 1970. */
interface Timed {
  at: number;
}

const iso = (at: number): string => new Date(at).toISOString();

const range = (rows: readonly Timed[]): { first: number; last: number } => {
  let [first, last] = [Infinity, -Infinity];
  for (const { at } of rows) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return { first, last };
};

/**
 * Throws unless every training row's label was known before the first test row: a random split, or one that forgets
 * how late labels come, lets a model see the future and flatters it.
 */
export const refuseLeaks = (train: readonly Timed[], test: readonly Timed[], labelDelayMs: number): void => {
  if (train.length === 0 || test.length === 0) throw new Error('A split needs rows to train on and rows to test on.');
  const known = range(train).last + labelDelayMs;
  const { first } = range(test);
  if (known <= first) return;
  throw new Error(
    `The test begins at ${iso(first)}, before the last training label is known (${iso(known)}). Split by time: train on rows before ${iso(first - labelDelayMs)} only.`,
  );
};

/** The last `share` of the rows by time, apart from those before; rows of one moment stay together. */
export const splitByTime = <Row extends Timed>(rows: readonly Row[], share: number): [before: Row[], after: Row[]] => {
  const sorted = rows.toSorted((left, right) => left.at - right.at);
  const moment = sorted[Math.floor(sorted.length * (1 - share))]?.at ?? Infinity;
  return [sorted.filter(({ at }) => at < moment), sorted.filter(({ at }) => at >= moment)];
};
