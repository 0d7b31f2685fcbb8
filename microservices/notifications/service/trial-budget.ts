import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { Failures } from '../context.ts';
import type { Written } from './liquid.ts';
import type { WriteJob } from './write-worker.ts';
import type { Writer } from './writer.ts';

/** Milliseconds of trying templates that one API key has a minute, and what a trial costs at least. */
const PER_MINUTE_MS = 12_000;
const LEAST_MS = 50;

/** Limits per API key how long templates are tried in this process, so that one key does not keep others waiting. */
export interface TrialBudget {
  /** Fills a template in and charges the time. Throws 429 when the key has used up its minute. */
  write(
    trial: { writer: Writer; job: WriteJob; caller: Caller },
    errors: Pick<Failures<'previewTemplate'>, 'TOO_MANY_ATTEMPTS'>,
  ): Promise<Written>;
}

export const createTrialBudget = (): TrialBudget => {
  const limiter = new RateLimiterMemory({ points: PER_MINUTE_MS, duration: 60 });
  return {
    write: async ({ writer, job, caller }, errors) => {
      await limiter.consume(caller.id, LEAST_MS).catch((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
        const problem = errors.TOO_MANY_ATTEMPTS(
          `Templates were tried too often or for too long. Try again in ${retryAfterSeconds} seconds.`,
          { retryAfterSeconds },
        );
        problem.headers['retry-after'] = String(retryAfterSeconds);
        throw problem;
      });
      const { written, ms } = await writer.write(job);
      await limiter.penalty(caller.id, Math.round(ms));
      return written;
    },
  };
};
