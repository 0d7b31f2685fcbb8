import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureMailings } from './evaluate/mailing.ts';
import { measureElasticities } from './evaluate/sales.ts';
import { madeUpDemands, measureSeasons, PUBLISHED, readDemands } from './evaluate/seasons.ts';

/*
 * npm run bench:pricing [-- --data FILE --demands FILE]
 *   Elasticities of orange juice, and seasons of the price bandit on demands that it does not know.
 * npm run bench:uplift [-- --data FILE --train FILE]
 *   Whom a mailing moves, by a model that did not see the people it judges.
 *
 * What is learnt ships nowhere. Each prints one JSON line.
 */

const SHORT = { customers: 1_000, runs: 60 };
const LONG = { customers: 10_000, runs: 6 };
const MADE_UP = { count: 8, seed: 1 };

const dataFile = (given: string | undefined, folderName: string): string => {
  if (given !== undefined) return given;
  const folder = join(process.env['DATA_DIR'] ?? '../shared/data', folderName);
  const [file] = globSync(join(folder, '*.csv*'));
  if (file === undefined)
    throw new Error(`There is no *.csv or *.csv.gz in ${folder}. Set DATA_DIR, or name the file with --data.`);
  return file;
};

const evaluatePricing = async (data: string, demandsFile: string | undefined) => {
  const demands = demandsFile === undefined ? PUBLISHED : readDemands(demandsFile);
  const madeUp = madeUpDemands(MADE_UP.count, MADE_UP.seed);
  const long = await measureSeasons(demands, LONG.customers, LONG.runs);
  return {
    metric: 'share_of_bound_10000',
    value: long.share_of_bound,
    customers_10000: long,
    customers_1000: await measureSeasons(demands, SHORT.customers, SHORT.runs),
    made_up_1000: await measureSeasons(madeUp, SHORT.customers, SHORT.runs),
    made_up_10000: await measureSeasons(madeUp, LONG.customers, LONG.runs),
    elasticities: measureElasticities(data),
  };
};

const evaluateUplift = (data: string, train: string | undefined) => {
  const mailings = measureMailings(data, train);
  return { metric: 'uplift_30', value: mailings['any']?.uplift_30, mailings };
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, demands: { type: 'string' }, train: { type: 'string' } },
  });
  const startedAt = performance.now();
  const result = positionals.includes('uplift')
    ? evaluateUplift(dataFile(values.data, 'pricing-hillstrom'), values.train)
    : await evaluatePricing(dataFile(values.data, 'pricing-oj'), values.demands);
  console.log(JSON.stringify({ ...result, seconds: Number(((performance.now() - startedAt) / 1_000).toPrecision(4)) }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
