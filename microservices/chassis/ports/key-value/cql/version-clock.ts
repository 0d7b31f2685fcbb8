import { randomInt } from 'node:crypto';

/**
 * Versions: the microseconds of this process's clock, pushed on where it stands still or is behind the version that has to be exceeded. The last
 * three digits are random: two processes hardly ever choose the same. Throws RangeError after the largest version there is.
 */
export const versionClock = (now: () => number): ((after: number) => number) => {
  let last = 0;
  return (after) => {
    if (after >= Number.MAX_SAFE_INTEGER)
      throw new RangeError(`There is no higher version than ${after}, which the key has: delete it before writing it.`);
    last = Math.max(last + 1, now() * 1_000 + randomInt(1_000));
    // What one key was given from outside does not push the others.
    return Math.max(last, after + 1);
  };
};
