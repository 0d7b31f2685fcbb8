import {
  averagePrecision,
  brierScore,
  brierSkill,
  calibrationError,
  recallAt,
  reliability,
  type Judged,
} from '../../learning/metrics.ts';
import { seededRandom } from '../../learning/random.ts';
import { refuseLeaks } from '../../learning/splits.ts';
import type { Features } from '../features.ts';
import { DAY, dayOf, LABEL_DELAY_DAYS } from '../features/history.ts';
import { judge } from '../model.ts';
import { learnedJudge } from '../model/learned.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { trainFraud } from '../train.ts';
import type { Transaction } from './handbook.ts';

/** Days (since 1970) to train on and to test on; the first is in, the last is not. */
export interface Protocol {
  train: readonly [from: number, to: number];
  test: readonly [from: number, to: number];
}

/** A transaction with what was seen when it happened. */
export interface Row {
  transaction: Transaction;
  features: Features;
}

/** More honest transactions than this teach nothing new and cost memory and time. */
const MOST_HONEST = 60_000;
const BOUNDS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

export const isWithin = ({ at }: { at: number }, [from, to]: readonly [number, number]): boolean =>
  dayOf(at) >= from && dayOf(at) < to;

/** Transactions to train on: every fraud, and an even sample of the honest ones where there are too many. */
export const trainingSample = (
  transactions: readonly Transaction[],
  { train }: Protocol,
): { chosen: ReadonlySet<string>; honestShare: number } => {
  const inside = transactions.filter((one) => isWithin(one, train));
  const honest = inside.filter(({ fraud }) => !fraud).length;
  const honestShare = Math.min(1, MOST_HONEST / honest);
  const random = seededRandom(1);
  const chosen = inside.filter(({ fraud }) => random() < honestShare || fraud).map(({ id }) => id);
  return { chosen: new Set(chosen), honestShare };
};

/** Customers with a fraud that is known on a day of the test: since training began, or seven days before that day. */
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

export const rounded = (value: number): number => Number(value.toPrecision(4));

/** Measures of ranking and of probabilities. */
const measures = (rows: readonly Judged[]) => {
  const bins = reliability(rows, BOUNDS);
  return {
    average_precision: rounded(averagePrecision(rows)),
    recall_at_1_percent: rounded(recallAt(rows, 0.01)),
    brier_skill: rounded(brierSkill(rows)),
    brier: rounded(brierScore(rows)),
    calibration_error: rounded(calibrationError(bins)),
    reliability: bins.map((bin) => [bin.from, bin.count, rounded(bin.meanScore), rounded(bin.positiveRate)]),
  };
};

const judgedBy = (rows: readonly Row[], scoreOf: (features: Features) => number): Judged[] =>
  rows.map(({ transaction, features }) => ({ score: scoreOf(features), positive: transaction.fraud }));

const iso = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** Trains and tests by a protocol; throws when the test week is not behind all training labels. */
export const measure = (
  transactions: readonly Transaction[],
  rows: readonly Row[],
  protocol: Protocol,
  { chosen, honestShare }: ReturnType<typeof trainingSample>,
) => {
  const week = rows.filter(({ transaction }) => isWithin(transaction, protocol.test));
  const isKnown = knownDefrauded(transactions, protocol.train[0]);
  const test = week.filter(({ transaction }) => !isKnown(transaction));
  const train = rows
    .filter(({ transaction }) => chosen.has(transaction.id))
    .map(({ transaction: { at, fraud }, features }) => ({ at, fraud, features }));
  refuseLeaks(
    train,
    test.map(({ transaction }) => transaction),
    LABEL_DELAY_DAYS * DAY,
  );
  const startedAt = performance.now();
  const judgeLearned = learnedJudge(trainFraud(train, { honestShare }));
  const trainedAt = performance.now();
  const judged = judgedBy(test, (features) => judgeLearned(features).score);
  const scored = performance.now() - trainedAt;
  return {
    train_from: iso(protocol.train[0]),
    train_rows: train.length,
    test_from: iso(protocol.test[0]),
    rows: test.length,
    frauds: judged.filter(({ positive }) => positive).length,
    learned: measures(judged),
    with_known_customers: measures(judgedBy(week, (features) => judgeLearned(features).score)),
    scorecard: measures(judgedBy(test, (features) => judge(features, DEFAULT_POLICY.expectedFraudRate).score)),
    by_amount_alone: rounded(averagePrecision(judgedBy(test, ({ amountToShopMean }) => amountToShopMean ?? 0))),
    seconds_to_train: rounded((trainedAt - startedAt) / 1_000),
    microseconds_a_score: rounded((scored * 1_000) / test.length),
  };
};
