import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrated, isotonic } from '../learning/calibration.ts';
import { averagePrecision, brierScore, calibrationError, reliability, type Judged } from '../learning/metrics.ts';
import { featuresOfTransactions, readTransactions, type Transaction } from './evaluate/handbook.ts';
import { DAY, dayOf, LABEL_DELAY_DAYS } from './features/history.ts';
import { judge, MODEL_VERSION } from './model.ts';
import { DEFAULT_POLICY } from './policy.ts';

/*
 * npm run bench:fraud [-- --data FILE --train-from 2018-07-25]
 *
 * Scores card transactions that the model never saw with the shipped scorecard, by the protocol of the Fraud Detection
 * Handbook: a week to train on, a week for labels to come in, a week to test; customers whose card is known to be
 * compromised are taken out of the test. The scorecard trains on nothing; the training week is used for the calibration
 * that is printed beside the raw score, and ships nowhere. Prints one JSON line.
 */

const WEEK = 7;
const BOUNDS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

const rounded = (value: number): number => Number(value.toPrecision(4));

const dataFile = (given: string | undefined): string => {
  if (given !== undefined) return given;
  const folder = join(process.env['DATA_DIR'] ?? '../shared/data', 'fraud-handbook');
  const [file] = globSync(join(folder, '*.csv*'));
  if (file === undefined)
    throw new Error(`There is no *.csv or *.csv.gz in ${folder}. Set DATA_DIR, or name the file with --data.`);
  return file;
};

/**
 * The first day of training: as asked for, the handbook's when the data reaches that far, else the last that leaves
 * room for the test week.
 */
const trainingStart = (given: string | undefined, transactions: readonly Transaction[]): number => {
  const last = dayOf(transactions.at(-1)?.at ?? 0);
  const latest = last - 2 * WEEK - LABEL_DELAY_DAYS + 1;
  if (given === undefined) return Math.min(dayOf(Date.UTC(2018, 6, 25)), latest);
  const asked = dayOf(Date.parse(given));
  if (asked <= latest) return asked;
  throw new Error(`--train-from ${given} leaves no test week: the data ends on ${new Date(last * DAY).toISOString()}.`);
};

/** Customers with a fraud that is known on a day of the test: in the training week, or seven days before that day. */
const knownDefrauded = (transactions: readonly Transaction[], start: number): ((one: Transaction) => boolean) => {
  const knownFrom = new Map<string, number>();
  for (const { at, customerId, fraud } of transactions) {
    const day = dayOf(at);
    if (!fraud || day < start) continue;
    const known = day + LABEL_DELAY_DAYS + 1;
    if (known < (knownFrom.get(customerId) ?? Infinity)) knownFrom.set(customerId, known);
  }
  return ({ customerId, at }) => (knownFrom.get(customerId) ?? Infinity) <= dayOf(at);
};

const measure = (rows: readonly Judged[]) => {
  const bins = reliability(rows, BOUNDS);
  return { brier: rounded(brierScore(rows)), calibration_error: rounded(calibrationError(bins)), bins };
};

const evaluate = async (path: string, from: string | undefined) => {
  const transactions = await readTransactions(path);
  const start = trainingStart(from, transactions);
  const testStart = start + WEEK + LABEL_DELAY_DAYS;
  const inWeek = ({ at }: Transaction, first: number): boolean => dayOf(at) >= first && dayOf(at) < first + WEEK;
  const startedAt = performance.now();
  const rows = featuresOfTransactions(transactions, (one) => inWeek(one, start) || inWeek(one, testStart)).map(
    ({ transaction, features }) => ({
      transaction,
      score: judge(features, DEFAULT_POLICY.expectedFraudRate).score,
      positive: transaction.fraud,
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const week = rows.filter(({ transaction }) => inWeek(transaction, testStart));
  const isKnown = knownDefrauded(transactions, start);
  const test = week.filter(({ transaction }) => !isKnown(transaction));
  const calibration = isotonic(rows.filter(({ transaction }) => inWeek(transaction, start)));
  const raw = measure(test);
  const after = measure(test.map(({ score, positive }) => ({ score: calibrated(calibration, score), positive })));
  return {
    metric: 'average_precision',
    value: rounded(averagePrecision(test)),
    seconds: rounded(seconds),
    rows: test.length,
    frauds: test.filter(({ positive }) => positive).length,
    model: MODEL_VERSION,
    train_from: new Date(start * DAY).toISOString().slice(0, 10),
    test_from: new Date(testStart * DAY).toISOString().slice(0, 10),
    by_amount_alone: rounded(
      averagePrecision(test.map(({ transaction, positive }) => ({ score: transaction.amount, positive }))),
    ),
    with_known_customers: rounded(averagePrecision(week)),
    microseconds_a_score: rounded((seconds * 1e6) / rows.length),
    raw: { brier: raw.brier, calibration_error: raw.calibration_error },
    calibrated: { brier: after.brier, calibration_error: after.calibration_error },
    base_rate_brier: rounded(brierScore(constantly(test))),
    reliability: raw.bins.map((bin) => [bin.from, bin.count, rounded(bin.meanScore), rounded(bin.positiveRate)]),
  };
};

/** The score of a model that knows only the share of fraud. */
const constantly = (rows: readonly Judged[]): Judged[] => {
  const share = rows.filter(({ positive }) => positive).length / rows.length;
  return rows.map(({ positive }) => ({ score: share, positive }));
};

try {
  const { values } = parseArgs({ options: { data: { type: 'string' }, 'train-from': { type: 'string' } } });
  console.log(JSON.stringify(await evaluate(dataFile(values.data), values['train-from'])));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
