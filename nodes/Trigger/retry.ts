export interface RetryPolicy {
  /** How often a journey is tried before its event goes to the dead letters. */
  attempts: number;
  /** Before the second attempt, in milliseconds; it doubles from attempt to attempt. */
  firstDelayMs: number;
  maxDelayMs: number;
}

/**
 * How long to wait after so many failed attempts, in milliseconds; undefined when it was the last one. Between half and
 * the whole of the doubled delay, by `random` in [0, 1), so that journeys that failed together do not come back
 * together.
 */
export const delayAfter = (policy: RetryPolicy, failedAttempts: number, random: number): number | undefined => {
  if (failedAttempts >= policy.attempts) return undefined;
  const whole = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failedAttempts - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
};
