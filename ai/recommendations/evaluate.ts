import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileIn } from './evaluate/data.ts';
import { measureLarge, measureStall } from './evaluate/made-up.ts';
import { measureSequences, measureSets } from './evaluate/protocol.ts';

/*
 * npm run bench:recommendations [-- --data PATH [--attributes FILE]]
 *
 * EASE on the sets of MovieLens-1M, item-kNN on the sequences of Amazon Beauty, and item-kNN on a made-up catalog of
 * 100,000 items. --data is a folder with train.txt and valid.txt or test.txt, or a file of sequences, of the same form.
 * What is learnt ships nowhere. Prints one JSON line.
 */

/**
 * Sequences are measured on the part that options were chosen on, and on the last event, which nothing was chosen on.
 */
const sequences = (file: string, attributes: string | undefined) => ({
  ...measureSequences(file, attributes),
  chosen_on: measureSequences(file, attributes, 2),
});

const neededFile = (folder: string, name: string): string => {
  const file = fileIn(folder, name);
  if (file === undefined)
    throw new Error(`There is no ${name} or ${name}.gz in ${folder}. Set DATA_DIR, or name data with --data.`);
  return file;
};

const headed = (metric: string, result: Readonly<Record<string, unknown>>) => ({
  metric,
  value: result[metric],
  ...result,
});

const evaluate = async (data: string | undefined, attributes: string | undefined) => {
  if (data !== undefined)
    return statSync(data).isDirectory()
      ? headed('ndcg_20', measureSets(data))
      : headed('ndcg_10', sequences(data, attributes));
  const folder = process.env['DATA_DIR'] ?? '../shared/data';
  const beauty = join(folder, 'rec-amazon-beauty');
  return {
    ...headed('ndcg_20', measureSets(join(folder, 'rec-ml1m'))),
    sequences: sequences(neededFile(beauty, 'Beauty.txt'), fileIn(beauty, 'item2attributes.json')),
    large: measureLarge(),
    event_loop_while_training: await measureStall(),
  };
};

try {
  const { values } = parseArgs({ options: { data: { type: 'string' }, attributes: { type: 'string' } } });
  const startedAt = performance.now();
  const result = await evaluate(values.data, values.attributes);
  console.log(JSON.stringify({ ...result, seconds: Number(((performance.now() - startedAt) / 1_000).toPrecision(4)) }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
