/** Limits that a shop sets to prices, whatever a model says. Prices are whole minor units. */
export interface Rails {
  /** The price is never lower, for example cost and a least margin. */
  floor: number;
  /** The price is never higher. */
  ceiling: number;
  /** By what share of the day's first price it may move within a day: 0.1 is a tenth up or down. */
  stepPerDay: number;
  /** A person approves changes of more than this share of the current price. */
  approvalAbove: number;
}

/** A limit that changed a proposal or sent it to a person. */
export type Limit = 'FLOOR' | 'CEILING' | 'STEP_PER_DAY' | 'LARGE_CHANGE' | 'BEYOND_STEP';

export interface Railed {
  price: number;
  /** `keep`: nothing changes. `apply`: within all limits. `approve`: a person has to agree first. */
  decision: 'keep' | 'apply' | 'approve';
  limits: Limit[];
}

/**
 * A model's price within the shop's limits. Floor and ceiling stand above the step of a day: when today's step does
 * not reach them, for example after costs rose, the price goes there, but a person has to agree. Throws when the
 * limits leave no price.
 */
export const withinRails = (
  { proposed, current, dayStart }: { proposed: number; current: number; dayStart: number },
  rails: Rails,
): Railed => {
  requireRails(rails);
  const limits: Limit[] = [];
  const limited = (price: number, least: number, most: number, low: Limit, high: Limit): number => {
    if (price < least) limits.push(low);
    if (price > most) limits.push(high);
    return Math.min(most, Math.max(least, price));
  };
  // Towards the middle, so that rounding never leaves a limit.
  const [least, most] = [Math.ceil(dayStart * (1 - rails.stepPerDay)), Math.floor(dayStart * (1 + rails.stepPerDay))];
  const wanted = limited(Math.round(proposed), rails.floor, rails.ceiling, 'FLOOR', 'CEILING');
  const stepped = limited(wanted, least, most, 'STEP_PER_DAY', 'STEP_PER_DAY');
  const price = Math.min(rails.ceiling, Math.max(rails.floor, stepped));
  if (price !== stepped) limits.push('BEYOND_STEP');
  if (price === current) return { price, decision: 'keep', limits };
  if (Math.abs(price - current) > rails.approvalAbove * current) limits.push('LARGE_CHANGE');
  const needsPerson = limits.includes('BEYOND_STEP') || limits.includes('LARGE_CHANGE');
  return { price, decision: needsPerson ? 'approve' : 'apply', limits };
};

const requireRails = ({ floor, ceiling, stepPerDay, approvalAbove }: Rails): void => {
  if (!(Number.isSafeInteger(floor) && Number.isSafeInteger(ceiling) && floor >= 0 && floor <= ceiling))
    throw new Error(
      `The floor ${floor} and the ceiling ${ceiling} leave no price. Give whole minor units, floor first.`,
    );
  if (!(stepPerDay >= 0 && stepPerDay < 1 && approvalAbove >= 0))
    throw new Error(
      `A step per day lies from 0 to below 1, and approvalAbove from 0 on; not ${stepPerDay} and ${approvalAbove}.`,
    );
};

/**
 * Attributes of people that no price or promotion may depend on (EU Charter of Fundamental Rights, article 21), and
 * what stands in for them.
 */
const PROTECTED = [
  'age',
  'belief',
  'birth',
  'color',
  'colour',
  'disability',
  'ethnic',
  'ethnicity',
  'gender',
  'genetic',
  'language',
  'nationality',
  'orientation',
  'political',
  'pregnancy',
  'pregnant',
  'race',
  'religion',
  'sex',
  'skin',
];

/** The inputs whose names speak of protected attributes: a model that takes them is not used. */
export const protectedAmong = (names: readonly string[]): string[] =>
  names.filter((name) => {
    const words = name
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z]+/);
    return words.some((word) => PROTECTED.includes(word));
  });
