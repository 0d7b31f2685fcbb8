import { ridge } from '../../learning/linear/ridge.ts';
import { seededRandom } from '../../learning/random.ts';
import { rowsOf, type Table } from '../../learning/table.ts';

/** People of whom some, chosen by chance, got a promotion, and what each did then. */
export interface Trial {
  /** What was known of each before; no value may be missing. */
  table: Table;
  /** 1 when the person got the promotion, else 0. */
  treated: Uint8Array;
  /** The result that the promotion is to raise: 1 for a visit or an order, or an amount. */
  outcome: Float64Array;
}

/** How much a promotion changes a person's outcome: a base, and a part for each column; they sum to the effect. */
export interface UpliftModel {
  names: readonly string[];
  means: Float64Array;
  scales: Float64Array;
  base: number;
  weights: Float64Array;
}

/** Penalty on weights of columns with spread 1: few promotions move everyone differently. */
const LAMBDA = 200;

/**
 * Learns the effect of a promotion for each person from a randomized trial: least squares on the columns and on their
 * products with (treated − share treated), so that what a column says of the outcome anyway is kept apart from what it
 * says of the effect (Imai and Ratkovic 2013; Tian et al. 2014). Throws when nobody or everybody was treated.
 */
export const trainUplift = ({ table, treated, outcome }: Trial, lambda = LAMBDA): UpliftModel => {
  const share = meanOf(treated);
  if (!(share > 0 && share < 1))
    throw new Error(
      `An effect needs people with and without the promotion; here ${share === 0 ? 'nobody' : 'everybody'} got it.`,
    );
  const means = Float64Array.from(table.columns, meanOf);
  const scales = Float64Array.from(table.columns, (column, index) => spreadOf(column, means[index] ?? 0));
  const scaled = table.columns.map((column, index) =>
    column.map((value) => (value - (means[index] ?? 0)) / (scales[index] ?? 1)),
  );
  const centred = Float64Array.from(treated, (one) => one - share);
  const products = scaled.map((column) => column.map((value, row) => value * (centred[row] ?? 0)));
  // The mean effect is not to be drawn to zero: a column as long as this one weighs nothing in the penalty.
  const stretch = Math.sqrt(lambda) * 1e3 + 1;
  const columns = [...scaled, ...products, centred.map((value) => value * stretch)];
  const names = columns.map((_, index) => `${index}`);
  const { weights } = ridge({ names, columns, rows: table.rows }, outcome, lambda);
  const size = scaled.length;
  return {
    names: table.names,
    means,
    scales,
    base: (weights[2 * size] ?? 0) * stretch,
    weights: weights.slice(size, 2 * size),
  };
};

const meanOf = (values: Float64Array | Uint8Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};

/** Standard deviation; 1 for a column that is always the same, which then adds nothing. */
const spreadOf = (column: Float64Array, mean: number): number => {
  let sum = 0;
  for (const value of column) sum += (value - mean) ** 2;
  return Math.sqrt(sum / column.length) || 1;
};

/** What each column adds to a person's effect; with the base they sum to it. */
export const upliftParts = ({ names, means, scales, weights }: UpliftModel, values: ArrayLike<number>) =>
  names.map((name, index) => ({
    name,
    contribution: ((weights[index] ?? 0) * ((values[index] ?? 0) - (means[index] ?? 0))) / (scales[index] ?? 1),
  }));

/** The effect of the promotion on a person, in units of the outcome. */
export const upliftOf = (model: UpliftModel, values: ArrayLike<number>): number =>
  upliftParts(model, values).reduce((sum, { contribution }) => sum + contribution, model.base);

/**
 * The effect of each person of a trial by models that did not see them: the people are dealt into `folds` by chance,
 * and each fold is judged by a model of the others. Chance may deal here, because the trial dealt by chance too.
 */
export const crossFitted = (trial: Trial, { folds = 5, seed = 1 } = {}): Float64Array => {
  const random = seededRandom(seed);
  const fold = Uint8Array.from({ length: trial.table.rows }, () => Math.floor(random() * folds));
  const effects = new Float64Array(trial.table.rows);
  for (let held = 0; held < folds; held += 1) {
    const model = trainUplift(
      partOf(
        trial,
        rowsWhere(fold, (one) => one !== held),
      ),
    );
    const columns = trial.table.columns;
    for (const row of rowsWhere(fold, (one) => one === held))
      effects[row] = upliftOf(
        model,
        columns.map((column) => column[row] ?? NaN),
      );
  }
  return effects;
};

const rowsWhere = (fold: Uint8Array, isWanted: (one: number) => boolean): number[] =>
  [...fold.keys()].filter((row) => isWanted(fold[row] ?? 0));

/** Some of the people of a trial, by their rows. */
const partOf = ({ table, treated, outcome }: Trial, rows: readonly number[]): Trial => ({
  table: rowsOf(table, rows),
  treated: Uint8Array.from(rows, (row) => treated[row] ?? 0),
  outcome: Float64Array.from(rows, (row) => outcome[row] ?? 0),
});

/**
 * Mean outcome with the promotion less that without, among the `share` of people with the highest effects; of equal
 * effects the rows that come first, which no model can arrange.
 */
export const upliftAt = (share: number, effects: Float64Array, { treated, outcome }: Trial): number => {
  const best = [...effects.keys()]
    .toSorted((left, right) => (effects[right] ?? 0) - (effects[left] ?? 0) || left - right)
    .slice(0, Math.floor(effects.length * share));
  const meanWhere = (wanted: number): number => {
    const rows = best.filter((row) => treated[row] === wanted);
    return rows.reduce((sum, row) => sum + (outcome[row] ?? 0), 0) / rows.length;
  };
  return meanWhere(1) - meanWhere(0);
};
