import { stabilityIndex } from './drift.ts';

/** What a version may cost and how far its scores may move before it is taken back. */
export interface Budget {
  /** Share of decisions that may fail. */
  errors: number;
  /** Milliseconds in which 99 of 100 decisions are made. */
  p99Ms: number;
  /** Stability index of the scores against those of its evaluation. */
  drift: number;
  /** Decisions before anything is judged. */
  least: number;
}

export const DEFAULT_BUDGET: Budget = { errors: 0.01, p99Ms: 10, drift: 0.25, least: 200 };

/** One decision of a version: its score, or null when it failed. */
export interface Made {
  score: number | null;
  ms: number;
}

/** Why a version must not decide any more. */
export interface Breach {
  cause: 'errors' | 'latency' | 'drift';
  value: number;
  allowed: number;
}

/** Latest decisions that are looked at. */
const WINDOW = 2_000;

/** The latest decisions of one version, within a fixed memory. */
export const createWatch = (proven: readonly number[], budget: Budget = DEFAULT_BUDGET) => {
  const latest: Made[] = [];
  let next = 0;
  return {
    /** Takes note of a decision. */
    add: (made: Made): void => {
      latest[next] = made;
      next = (next + 1) % WINDOW;
    },
    /** What is out of the budget now, errors first; undefined when all is well or too little is known. */
    breach: (): Breach | undefined => breachOf(latest, proven, budget),
  };
};

const breachOf = (latest: readonly Made[], proven: readonly number[], budget: Budget): Breach | undefined => {
  if (latest.length < budget.least) return undefined;
  const scores = latest.flatMap(({ score }) => (score === null ? [] : [score]));
  const errors = 1 - scores.length / latest.length;
  if (errors > budget.errors) return { cause: 'errors', value: errors, allowed: budget.errors };
  const times = latest.map(({ ms }) => ms).toSorted((left, right) => left - right);
  const p99 = times[Math.floor(times.length * 0.99)] ?? 0;
  if (p99 > budget.p99Ms) return { cause: 'latency', value: p99, allowed: budget.p99Ms };
  const drift = stabilityIndex(proven, scores);
  if (drift > budget.drift) return { cause: 'drift', value: drift, allowed: budget.drift };
  return undefined;
};
