import type { PriceList } from '../contract/shapes.ts';

type Period = Pick<PriceList, 'validFrom' | 'validUntil'>;

/** The time as milliseconds, so that equal moments written differently compare as equal. */
const at = (moment: string): number => Date.parse(moment);

export const hasBegun = (list: Period, now: Date): boolean =>
  list.validFrom === null || at(list.validFrom) <= now.getTime();

export const hasEnded = (list: Period, now: Date): boolean =>
  list.validUntil !== null && at(list.validUntil) <= now.getTime();

/** A list that published products can rely on for their prices: for everybody, begun, without an end. */
export const isBase = (list: PriceList, now: Date): boolean =>
  list.customerGroup === null && list.validUntil === null && hasBegun(list, now);

/** The reason why a period is impossible, as a sentence; undefined when it is possible. */
export const periodProblem = ({ validFrom, validUntil }: Period): string | undefined =>
  validFrom !== null && validUntil !== null && at(validUntil) <= at(validFrom)
    ? `The list would end (${validUntil}) before it begins (${validFrom}). Choose a later end.`
    : undefined;

/**
 * The reason why a list's period cannot change like this; undefined when it can. Only the future can change, so that
 * the price history stays true: a list that began keeps its beginning, and no end is set into the past.
 */
export const periodChangeProblem = (before: Period, after: Period, now: Date): string | undefined => {
  if (!sameMoment(before.validFrom, after.validFrom)) {
    if (hasBegun(before, now))
      return `The list began ${before.validFrom ? `on ${before.validFrom}` : 'when it was created'}; its beginning cannot change any more.`;
    if (after.validFrom === null || at(after.validFrom) < now.getTime()) {
      return `A beginning in the past (${after.validFrom ?? 'none'}) would change the price history. Choose a time from now on.`;
    }
  }
  if (
    !sameMoment(before.validUntil, after.validUntil) &&
    after.validUntil !== null &&
    at(after.validUntil) < now.getTime()
  ) {
    return `An end in the past (${after.validUntil}) would change the price history. Choose a time from now on.`;
  }
  return periodProblem(after);
};

const sameMoment = (left: string | null, right: string | null): boolean =>
  left === null || right === null ? left === right : at(left) === at(right);
