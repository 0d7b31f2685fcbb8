import { randomInt } from 'node:crypto';
import { HIGHEST_VERSION, noHigherVersion } from '../limits.ts';

/**
 * Versions: the microseconds of this process's clock, pushed on where it stands still or is behind the version that has
 * to be exceeded. The last three digits are random: two processes hardly ever choose the same. Throws RangeError after
 * the highest version there is.
 */
export const versionClock = (now: () => number): ((after: number) => number) => {
  let last = 0;
  return (after) => {
    if (after >= HIGHEST_VERSION) throw noHigherVersion();
    last = Math.max(last + 1, now() * 1_000 + randomInt(1_000));
    // A version that one key was given from outside does not raise the others.
    return Math.max(last, after + 1);
  };
};
