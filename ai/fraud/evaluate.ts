import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { featuresOfTransactions, readTransactions, type Transaction } from './evaluate/handbook.ts';
import { isWithin, measure, rounded, trainingSample, type Protocol } from './evaluate/protocol.ts';
import { DAY, dayOf, LABEL_DELAY_DAYS } from './features/history.ts';

/*
 * npm run bench:fraud [-- --data FILE --test-from 2018-08-08]
 *
 * Trains on card transactions and scores later ones that the model never saw, beside the scorecard, by the protocol of
 * the Fraud Detection Handbook: a week to train on, a week for labels to come in, a week to test; customers whose card
 * is known to be compromised are taken out of the test. Then the same with 30 days to train on. What is learnt ships
 * nowhere. Prints one JSON line.
 */

const WEEK = 7;
const LONG = 30;

const dataFile = (given: string | undefined): string => {
  if (given !== undefined) return given;
  const folder = join(process.env['DATA_DIR'] ?? '../shared/data', 'fraud-handbook');
  const [file] = globSync(join(folder, '*.csv*'));
  if (file === undefined)
    throw new Error(`There is no *.csv or *.csv.gz in ${folder}. Set DATA_DIR, or name the file with --data.`);
  return file;
};

/** The first day of the test: as asked for, the handbook's when the data reaches that far, else the last week's. */
const testStart = (given: string | undefined, transactions: readonly Transaction[]): number => {
  const first = dayOf(transactions[0]?.at ?? 0);
  const latest = dayOf(transactions.at(-1)?.at ?? 0) - WEEK + 1;
  const handbook = dayOf(Date.UTC(2018, 7, 8));
  const day =
    given === undefined ? (handbook >= first && handbook <= latest ? handbook : latest) : dayOf(Date.parse(given));
  if (day <= latest && day - LABEL_DELAY_DAYS - WEEK >= first) return day;
  const reach = [first, latest + WEEK - 1].map((one) => new Date(one * DAY).toISOString().slice(0, 10)).join(' to ');
  throw new Error(
    `The data (${reach}) has no week to train on, a week for labels and a test week from ${given ?? 'its end'} on.`,
  );
};

const protocolOf = (test: number, days: number, first: number): Protocol => {
  const to = test - LABEL_DELAY_DAYS;
  return { train: [Math.max(first, to - days), to], test: [test, test + WEEK] };
};

const evaluate = async (path: string, from: string | undefined) => {
  const transactions = await readTransactions(path);
  const startedAt = performance.now();
  const test = testStart(from, transactions);
  const first = dayOf(transactions[0]?.at ?? 0);
  const protocols = [WEEK, LONG].map((days) => protocolOf(test, days, first));
  const samples = protocols.map((protocol) => trainingSample(transactions, protocol));
  const rows = featuresOfTransactions(
    transactions,
    (one) => isWithin(one, [test, test + WEEK]) || samples.some(({ chosen }) => chosen.has(one.id)),
  );
  const featuresAt = performance.now();
  const [week, month] = protocols.map((protocol, index) => {
    const sample = samples[index];
    if (!sample) throw new Error('Each protocol has a sample');
    return measure(transactions, rows, protocol, sample);
  });
  return {
    metric: 'average_precision',
    value: week?.learned.average_precision,
    seconds: rounded((performance.now() - startedAt) / 1_000),
    rows: week?.rows,
    microseconds_a_feature_row: rounded(((featuresAt - startedAt) * 1_000) / rows.length),
    handbook: week,
    thirty_days: month,
  };
};

try {
  const { values } = parseArgs({ options: { data: { type: 'string' }, 'test-from': { type: 'string' } } });
  console.log(JSON.stringify(await evaluate(dataFile(values.data), values['test-from'])));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
