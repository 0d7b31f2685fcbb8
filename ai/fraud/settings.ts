import { z } from 'zod';
import { wholeNumber } from '../../microservices/chassis/whole-number.ts';

const variables = z.object({
  FRAUD_DEADLINE_MS: wholeNumber(500, 60_000),
  FRAUD_JOB_INTERVAL_MS: wholeNumber(60_000, 3_600_000),
});

export interface FraudSettings {
  /** So long a score waits for its history, and again so long for its record to be written, before it does without. */
  deadlineMs: number;
  /** How often reviews that ran out are looked for. */
  jobIntervalMs: number;
}

/** Reads the settings of fraud from the environment. Throws naming the variable, what it holds and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): FraudSettings => {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new Error(`${name} holds "${environment[name] ?? ''}"; it should hold a whole number of milliseconds.`);
  }
  return { deadlineMs: parsed.data.FRAUD_DEADLINE_MS, jobIntervalMs: parsed.data.FRAUD_JOB_INTERVAL_MS };
};
