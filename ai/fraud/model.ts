import type { Features } from './features.ts';
import { SCORECARD, type Characteristic, type Range } from './model/scorecard.ts';

/** Changes whenever features, shares or their sum change: records of decisions name it. */
export const MODEL_VERSION = 'scorecard-1';

/**
 * Signs of fraud come together (a stolen card brings failed payments and many orders), so that adding their full
 * evidence would count the same thing several times. Each is taken at this part of its weight.
 */
const DISCOUNT = 0.7;

export interface Reason {
  code: string;
  title: string;
  /** Added to the log-odds. */
  contribution: number;
  detail: string;
}

export interface Judgement {
  /** Probability of fraud. */
  score: number;
  baseLogOdds: number;
  /** Strongest first; with the base they sum to the log-odds of the score. */
  reasons: Reason[];
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Log-odds of a share, to 4 decimals: what every score begins with. */
export const baseLogOdds = (fraudRate: number): number => rounded(Math.log(fraudRate / (1 - fraudRate)));

/**
 * Weight of evidence (Good 1950): how much more often fraud lies in this range than honest orders do, as a logarithm.
 */
export const weightOf = ({ frauds, honest }: Range): number => rounded(DISCOUNT * Math.log(frauds / honest));

const rangeOf = ({ ranges }: Characteristic, value: number): Range | undefined =>
  ranges.findLast(({ from }) => from === null || value >= from);

const reasonFor = (characteristic: Characteristic, features: Features): Reason[] => {
  const value = features[characteristic.feature];
  if (value === null) return [];
  const number = Number(value);
  const found = rangeOf(characteristic, number);
  const contribution = found ? weightOf(found) : 0;
  const { code, title } = characteristic;
  return contribution === 0 ? [] : [{ code, title, contribution, detail: characteristic.detail(number) }];
};

/**
 * The probability that an order with these features is fraud, in a shop where `fraudRate` of all orders are, with the
 * reasons that make it up.
 */
export const judge = (features: Features, fraudRate: number): Judgement => {
  const reasons = SCORECARD.flatMap((characteristic) => reasonFor(characteristic, features));
  const base = baseLogOdds(fraudRate);
  const logOdds = reasons.reduce((sum, { contribution }) => sum + contribution, base);
  return {
    score: probabilityOf(logOdds),
    baseLogOdds: base,
    reasons: reasons.toSorted((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution)),
  };
};
