import type { PriceList } from '../contract/values.ts';

type Period = Pick<PriceList, 'validFrom' | 'validUntil'>;

/** The time as milliseconds, so that equal moments written differently compare as equal. */
const at = (moment: string): number => Date.parse(moment);

export const hasBegun = (list: Period, now: Date): boolean =>
  list.validFrom === null || at(list.validFrom) <= now.getTime();

export const hasEnded = (list: Period, now: Date): boolean =>
  list.validUntil !== null && at(list.validUntil) <= now.getTime();

/** A list that prices published products stand on: for everybody, begun, without an end. */
export const isBase = (list: PriceList, now: Date): boolean =>
  list.customerGroup === null && list.validUntil === null && hasBegun(list, now);

/** Why a period cannot be, in a sentence, or undefined. */
export const periodProblem = ({ validFrom, validUntil }: Period): string | undefined =>
  validFrom !== null && validUntil !== null && at(validUntil) <= at(validFrom)
    ? `The list would end (${validUntil}) before it begins (${validFrom}). Choose a later end.`
    : undefined;

/**
 * Why a list's period cannot be changed so, or undefined. Only the future can change: the price history must keep telling what was shown. So a
 * list that began keeps its beginning, and no end is set into the past.
 */
export const periodChangeProblem = (before: Period, after: Period, now: Date): string | undefined => {
  if (!sameMoment(before.validFrom, after.validFrom)) {
    if (hasBegun(before, now))
      return `The list began ${before.validFrom ? `on ${before.validFrom}` : 'when it was created'}; its beginning cannot change any more.`;
    if (after.validFrom === null || at(after.validFrom) < now.getTime()) {
      return `A beginning in the past (${after.validFrom ?? 'none'}) would change the price history. Choose a moment from now on.`;
    }
  }
  if (
    !sameMoment(before.validUntil, after.validUntil) &&
    after.validUntil !== null &&
    at(after.validUntil) < now.getTime()
  ) {
    return `An end in the past (${after.validUntil}) would change the price history. Choose a moment from now on.`;
  }
  return periodProblem(after);
};

const sameMoment = (left: string | null, right: string | null): boolean =>
  left === null || right === null ? left === right : at(left) === at(right);
