import { ndcgAt, ranksOf } from '../../learning/ranking.ts';
import { likenessOf } from '../model/attributes.ts';
import { bestOf } from '../model/best.ts';
import { easeRatings, trainEase } from '../model/ease.ts';
import type { Ratings } from '../model/explain.ts';
import { neighbourRatings, trainNeighbours } from '../model/neighbours.ts';
import { fileIn, itemsIn, readAttributes, readPersons } from './data.ts';

export const rounded = (value: number): number => Number(value.toPrecision(4));

const seconds = (from: number): number => (performance.now() - from) / 1_000;

/** Processor seconds of this process, which a busy machine does not stretch. */
const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export const timed = <T>(work: () => T) => {
  const [startedAt, before] = [performance.now(), processorSeconds()];
  const result = work();
  return { result, seconds: rounded(seconds(startedAt)), cpu_seconds: rounded(processorSeconds() - before) };
};

/** A person with what they had taken, and what they took next. */
interface Case {
  history: readonly number[];
  wanted: ReadonlySet<number>;
}

/**
 * NDCG at each depth, mean over persons; and the milliseconds, by the clock and of the processor, in which 99 of 100
 * get their best 20 items.
 */
export const measure = (ratings: Ratings, cases: readonly Case[], depths: readonly number[]) => {
  const sums = depths.map(() => 0);
  const [byClock, byProcessor] = [new Float64Array(cases.length), new Float64Array(cases.length)];
  for (const [index, { history, wanted }] of cases.entries()) {
    const seen = new Set(history);
    const [startedAt, before] = [performance.now(), processorSeconds()];
    const rated = ratings.rate(history);
    bestOf(rated, 20, (item) => !seen.has(item));
    byProcessor[index] = 1_000 * (processorSeconds() - before);
    byClock[index] = performance.now() - startedAt;
    const ranks = ranksOf({ ratings: rated, isExcluded: (item) => seen.has(item), wanted });
    for (const [at, depth] of depths.entries()) sums[at] = (sums[at] ?? 0) + ndcgAt(depth, ranks, wanted.size);
  }
  const slow = Math.floor(cases.length * 0.99);
  return {
    ...Object.fromEntries(depths.map((depth, at) => [`ndcg_${depth}`, rounded((sums[at] ?? NaN) / cases.length)])),
    persons: cases.length,
    p99_ms: rounded(byClock.sort()[slow] ?? NaN),
    p99_cpu_ms: rounded(byProcessor.sort()[slow] ?? NaN),
  };
};

const casesOf = (
  before: ReadonlyMap<number, readonly number[]>,
  after: ReadonlyMap<number, readonly number[]>,
): Case[] =>
  [...after].flatMap(([person, items]) => {
    const history = before.get(person) ?? [];
    const wanted = new Set(items.filter((item) => !history.includes(item)));
    return wanted.size === 0 ? [] : [{ history, wanted }];
  });

/**
 * EASE on a folder with train.txt, and valid.txt or test.txt: learns from the first part and finds the second among all
 * items that the person did not take before. With a test.txt, the valid part is known by then, and is learnt from too.
 */
export const measureSets = (folder: string) => {
  const [train, valid, test] = ['train.txt', 'valid.txt', 'test.txt'].map((name) => {
    const file = fileIn(folder, name);
    return file === undefined ? undefined : readPersons(file);
  });
  const after = test ?? valid;
  if (!train || !after) throw new Error(`${folder} has no train.txt beside a valid.txt or test.txt (.gz or not).`);
  const before = new Map(train);
  if (test && valid) for (const [person, items] of valid) before.set(person, [...(train.get(person) ?? []), ...items]);
  const items = itemsIn(before, after);
  const training = timed(() => easeRatings(trainEase([...before.values()], items)));
  return {
    part: test ? 'test' : 'valid',
    ...measure(training.result, casesOf(before, after), [20, 100]),
    items,
    build_seconds: training.seconds,
    build_cpu_seconds: training.cpu_seconds,
  };
};

/**
 * Item-kNN on sequences, leave one out: learns from all events of each person but the last, and finds that one among
 * all items that the person did not take before. With `held` 2 the last event is not used at all, and the one before
 * it is looked for: the part that options may be chosen on.
 */
export const measureSequences = (file: string, attributesFile: string | undefined, held: 1 | 2 = 1) => {
  const persons = readPersons(file);
  const items = itemsIn(persons);
  const whole = [...persons.values()].filter((events) => events.length > held);
  const histories = whole.map((events) => events.slice(0, -held));
  const cases = whole.map((events, index) => ({
    history: histories[index] ?? [],
    wanted: new Set(events.slice(events.length - held, events.length - held + 1)),
  }));
  const attributes = attributesFile === undefined ? undefined : readAttributes(attributesFile, items);
  const trained = (withAttributes: boolean) =>
    timed(() => {
      const likeness = withAttributes && attributes ? likenessOf(attributes) : undefined;
      return neighbourRatings(trainNeighbours({ histories, items, likeness }));
    });
  const training = trained(true);
  return {
    ...measure(training.result, cases, [10]),
    without_attributes: attributes && measure(trained(false).result, cases, [10]),
    items,
    build_seconds: training.seconds,
    build_cpu_seconds: training.cpu_seconds,
  };
};
