import { numberIn, readCsv } from '../../learning/csv.ts';
import { tableOf, type Value } from '../../learning/table.ts';
import { targetingOf } from '../model/targeting.ts';
import { crossFitted, trainUplift, upliftAt, upliftOf, type Trial } from '../model/uplift.ts';

const COLUMNS = ['recency', 'history', 'mens', 'womens', 'zip_code', 'newbie', 'channel', 'segment', 'visit'] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

const NO_MAIL = 'No E-Mail';

const featuresOf = (row: Row): Record<string, Value> => ({
  recency: numberIn('recency', row.recency),
  // Amounts are spread over magnitudes.
  history: Math.log1p(numberIn('history', row.history)),
  mens: row.mens === '1',
  womens: row.womens === '1',
  newbie: row.newbie === '1',
  rural: row.zip_code === 'Rural',
  urban: row.zip_code === 'Urban',
  web: row.channel === 'Web',
  phone: row.channel === 'Phone',
});

/** Those who got one of the mailings and those who got none, with their visit of the two weeks after. */
const trialOf = (rows: readonly Row[], mailings: readonly string[]): Trial => {
  const chosen = rows.filter(({ segment }) => segment === NO_MAIL || mailings.includes(segment));
  const features = chosen.map(featuresOf);
  return {
    table: tableOf(Object.keys(features[0] ?? {}), features),
    treated: Uint8Array.from(chosen, ({ segment }) => Number(segment !== NO_MAIL)),
    outcome: Float64Array.from(chosen, ({ visit }) => numberIn('visit', visit)),
  };
};

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Effects of a model that was learnt from other people: of the same file by folds, or of another file. */
const effectsOf = (trial: Trial, learntFrom: Trial | undefined): Float64Array => {
  if (!learntFrom) return crossFitted(trial);
  const model = trainUplift(learntFrom);
  const { columns, rows } = trial.table;
  return Float64Array.from({ length: rows }, (_, row) =>
    upliftOf(
      model,
      columns.map((column) => column[row] ?? NaN),
    ),
  );
};

/**
 * Hillstrom's e-mail experiment (2008): for each of the two mailings, and for both together, the effect on visits
 * among the best 30 % and among all, judged by models that did not see the person. A visit is taken to be worth 1 and
 * a mailing to cost nothing, so that the advice depends on the effects alone.
 */
export const measureMailings = (path: string, trainPath: string | undefined) => {
  const rows = readCsv(path, COLUMNS);
  const trainRows = trainPath === undefined ? undefined : readCsv(trainPath, COLUMNS);
  const mailings = [...new Set(rows.map(({ segment }) => segment))].filter((one) => one !== NO_MAIL).toSorted();
  const compared = [...mailings.map((one) => [one, [one]] as const), ['any', mailings] as const];
  return Object.fromEntries(
    compared.map(([name, chosen]) => {
      const trial = trialOf(rows, chosen);
      const effects = effectsOf(trial, trainRows && trialOf(trainRows, chosen));
      const { advice, differs, slope, slopeZ } = targetingOf(trial, effects, { value: 1, cost: 0 });
      const result = {
        uplift_30: rounded(upliftAt(0.3, effects, trial)),
        uplift_all: rounded(upliftAt(1, effects, trial)),
        differs,
        slope: rounded(slope),
        slope_z: rounded(slopeZ),
        advice_when_mail_is_free: advice,
        rows: trial.table.rows,
      };
      return [name, result] as const;
    }),
  );
};
