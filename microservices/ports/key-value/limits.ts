/** Limits of every adapter of the KeyValue port, so that a program that works on one works on all. */

const MAX_KEY = 512;
const MAX_VALUE_BYTES = 1_048_576;
const MAX_RANGE = 1_000;
/** Five years: Cassandra refuses what would run out after January 2038. */
const MAX_TTL_SECONDS = 157_680_000;

/**
 * So long every adapter remembers the version of what was deleted or has run out: clocks are far less apart, and no
 * request is under way for so long.
 */
export const MEMORY_SECONDS = 3_600;

/** Throws RangeError naming the part (`space`, `key`, `set`, `member`) that no adapter could store. */
export const checkName = (part: 'space' | 'key' | 'set' | 'member', name: string): void => {
  if (name.length === 0 || name.length > MAX_KEY || name.includes('\u0000') || !name.isWellFormed()) {
    throw new RangeError(
      `A key-value ${part} is 1 to ${MAX_KEY} characters without NUL or lone surrogates; this one is ${JSON.stringify(name.slice(0, 60))} (${name.length} characters).`,
    );
  }
};

export const checkNames = (space: string, key: string): void => {
  checkName('space', space);
  checkName('key', key);
};

export const checkMember = (space: string, set: string, member: string): void => {
  checkName('space', space);
  checkName('set', set);
  checkName('member', member);
};

/** The JSON text of a value. Throws when it is not JSON (undefined, a function) or larger than 1 MiB. */
export const encodeValue = (value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`A key-value value must be JSON; ${typeof value} is not.`);
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
    throw new RangeError(
      `A key-value value can be ${MAX_VALUE_BYTES} bytes of JSON at most; this one is ${Buffer.byteLength(text)}. Put it into the object store.`,
    );
  }
  return text;
};

/** Seconds to live, or null for a value that stays. Throws when it is not a whole number of at least one second. */
export const checkTtl = (ttlSeconds: number | undefined): number | null => {
  if (ttlSeconds === undefined) return null;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) {
    throw new RangeError(`ttlSeconds is a whole number from 1 to ${MAX_TTL_SECONDS}; it was ${ttlSeconds}.`);
  }
  return ttlSeconds;
};

export const checkVersion = (expected: number): void => {
  if (!Number.isSafeInteger(expected) || expected < 0) {
    throw new RangeError(`The expected version is 0 (absent) or a version that was read before; it was ${expected}.`);
  }
};

export const checkNewVersion = (version: number): void => {
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new RangeError(`A version is a whole number from 1; it was ${version}.`);
  }
};

/** Versions above it are not exact any more. */
export const HIGHEST_VERSION = Number.MAX_SAFE_INTEGER;

/** Why a key that was given the highest version can only be deleted. */
export const noHigherVersion = (): RangeError =>
  new RangeError(`The key has version ${HIGHEST_VERSION}, and there is no higher one: delete it before writing it.`);

export const checkStep = (by: number): void => {
  if (!Number.isSafeInteger(by))
    throw new RangeError(`A counter moves by whole numbers; it was asked to move by ${by}.`);
};

/** The score to store: engines do not agree on whether -0 is 0, so it is. Throws when it is not finite. */
export const checkScore = (score: number): number => {
  if (!Number.isFinite(score)) throw new RangeError(`A score is a finite number; it was ${score}.`);
  return score + 0;
};

/** Bounds of a range; infinities mean open. Throws on NaN and on a limit outside 1 to 1,000. */
export const checkRange = (from: number, to: number, limit: number): void => {
  if (Number.isNaN(from) || Number.isNaN(to))
    throw new RangeError(`A range goes from a number to a number; it was ${from} to ${to}.`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RANGE) {
    throw new RangeError(`A range has a limit of 1 to ${MAX_RANGE}; it was ${limit}.`);
  }
};
