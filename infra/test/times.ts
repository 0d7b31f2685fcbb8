/**
 * How long tests may take, so that `npm test` stays what people run. What takes longer is shown, and fails nothing:
 * machines differ.
 */

/** Seconds of one file, of any project. */
export type FileTimes = ReadonlyMap<string, number>;

interface Budget {
  title: string;
  seconds: number;
  /** The name under which the times of a file are added up; undefined for files that this is not about. */
  of: (file: string) => string | undefined;
}

/** The way of a path whose first group is a name. */
const matching =
  (pattern: RegExp): Budget['of'] =>
  (file) =>
    pattern.exec(file)?.[1];

const BUDGETS: readonly Budget[] = [
  // Files run side by side, so the longest one is what no further worker can shorten.
  { title: 'a file of unit tests', seconds: 10, of: matching(/^((?!.*\.(?:int|e2e|engine)\.test).*)$/) },
  { title: 'a file of integration tests', seconds: 30, of: matching(/^(.*\.int\.test\.ts)$/) },
  { title: 'a file of journeys in n8n', seconds: 90, of: matching(/^(.*\.e2e\.test\.ts)$/) },
  // One after the other; two cores take at most half of that.
  { title: 'all files of a domain', seconds: 120, of: matching(/^(microservices\/(?!chassis|ports)[^/]+)\//) },
  { title: 'all files of a model', seconds: 80, of: matching(/^(ai\/[^/]+)\//) },
];

const slowest = (times: FileTimes, count: number): [string, number][] =>
  [...times].toSorted(([, left], [, right]) => right - left).slice(0, count);

interface Excess {
  name: string;
  seconds: number;
  budget: Budget;
}

/** Files and folders over their budget, the worst first. */
export const overBudget = (times: FileTimes): Excess[] =>
  BUDGETS.flatMap((budget) => {
    const sums = new Map<string, number>();
    for (const [file, seconds] of times) {
      const name = budget.of(file);
      if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + seconds);
    }
    return [...sums].flatMap(([name, seconds]) => (seconds > budget.seconds ? [{ name, seconds, budget }] : []));
  }).toSorted((left, right) => right.seconds / right.budget.seconds - left.seconds / left.budget.seconds);

const SLOWEST = 10;

/** The lines with which a run ends: its slowest files, and what is over its budget. */
export const timeReport = (times: FileTimes): string[] => {
  if (times.size === 0) return [];
  const line = (seconds: number, text: string): string => `  ${seconds.toFixed(1).padStart(6)} s  ${text}`;
  const excess = overBudget(times);
  return [
    'Slowest files:',
    ...slowest(times, SLOWEST).map(([file, seconds]) => line(seconds, file)),
    ...(excess.length > 0 ? ['Over their budget (a warning; on a busy machine everything is slower):'] : []),
    ...excess.map(({ name, seconds, budget }) => line(seconds, `${name}, of ${budget.seconds} s for ${budget.title}`)),
  ];
};
